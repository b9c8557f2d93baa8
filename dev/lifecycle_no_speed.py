"""For `odoo shell`: the addon works without what makes it fast."""


def check(env):
    ids = env["ir.model.data"].search([("module", "=", "backflush_auto_speed")])
    assert not ids, ids.mapped("name")
    assert not hasattr(env["stock.move.line"], "_write_backflush_links")
    bom = env["mrp.bom"].search([("backflush", "=", True)], limit=1)
    vals = {"bom_id": bom.id, "product_qty": 1}
    orders = env["mrp.production"].create([vals, dict(vals)])
    orders.action_confirm()
    orders.button_mark_done()
    assert orders.mapped("backflush_count") == [1, 1]


check(env)  # noqa: F821
