"""For `odoo shell`: an addon is uninstalled as from the list of apps."""

import os


def uninstall(env):
    name = os.environ["UNINSTALL"]
    module = env["ir.module.module"].search([("name", "=", name)])
    module.button_immediate_uninstall()


uninstall(env)  # noqa: F821
