"""For `odoo shell`: the addon works without the BoM check, of which nothing is left."""


def check(env):
    assert "mrp.backflush.finding" not in env
    assert "activity_ids" not in env["mrp.bom"]._fields
    ids = env["ir.model.data"].search([("module", "=", "backflush_auto_bom_check")])
    assert not ids, ids.mapped("name")
    env.cr.execute("SELECT to_regclass('mrp_backflush_finding')")
    assert env.cr.fetchone() == (None,)
    for model, field, name in (
        ("mail.activity", "res_model", "mrp.bom"),
        ("mail.activity.type", "name", "BoM Check"),
        ("ir.cron", "name", "backflush: check"),
        ("ir.config_parameter", "key", "backflush"),
    ):
        assert not env[model].search([(field, "ilike", name)]), model
    bom = env["mrp.bom"].search([("backflush", "=", True)], limit=1)
    assert bom.action_backflush_on()["tag"] == "display_notification"
    env["mrp.bom"].get_views([(False, "form"), (False, "list")])
    order = env["mrp.production"].create({"bom_id": bom.id, "product_qty": 1})
    order.action_confirm()
    order.button_mark_done()
    assert order.backflush_count == 1


check(env)  # noqa: F821
