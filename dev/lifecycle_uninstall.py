"""For `odoo shell`: the addon is uninstalled as from the list of apps."""


def uninstall(env):
    module = env["ir.module.module"].search([("name", "=", "backflush_auto")])
    module.button_immediate_uninstall()


uninstall(env)  # noqa: F821
