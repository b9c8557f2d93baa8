"""For `odoo shell`: the check of a BoM has found something and made an activity."""


def check_bom(env):
    bom = env["mrp.bom"].search([], limit=1)
    bom.backflush_responsible_id = env.ref("base.user_admin")
    bom.copy({"bom_line_ids": False})._check_backflush()
    types = env.ref("backflush_auto_bom_check.mail_activity_type_bom_check")
    assert env["mail.activity"].search([("activity_type_id", "in", types.ids)])
    env.cr.commit()


check_bom(env)  # noqa: F821
