"""For `odoo shell`: the addon is gone; the orders that it left open are produced."""


def check(env):
    fields = env["ir.model.fields"].search([("name", "like", "backflush%")])
    assert not fields, fields.mapped("name")
    activities = env["mail.activity"].with_context(active_test=False)
    assert not activities.search([("res_model", "=", "mrp.bom")])
    for model, field, name in (
        ("mail.activity.type", "name", "BoM Check"),
        ("ir.cron", "name", "backflush"),
        ("ir.config_parameter", "key", "backflush"),
    ):
        assert not env[model].search([(field, "ilike", name)]), model
    confirmed, posted = (
        env["mrp.production"].search([("origin", "=", "used"), ("state", "=", state)])
        for state in ("confirmed", "progress")
    )
    confirmed.button_mark_done()
    posted.qty_producing = 5
    posted.set_qty_producing()
    posted.button_mark_done()
    for order in confirmed, posted:
        assert order.state == "done", order.state
        assert order.qty_produced == 5, order.qty_produced
        consumed = order.move_raw_ids.grouped("product_id").values()
        quantities = [sum(moves.mapped("quantity")) for moves in consumed]
        assert quantities == [5.0] * 10, quantities


check(env)  # noqa: F821
