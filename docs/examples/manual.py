"""A component that only a person may issue, and of which nobody recorded anything.

Odoo marks it "manual consumption", as its line has an operation. The method of the line
is "manual", too. Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from odoo import Command

chair, glue = env["product.product"].create(
    [{"name": name, "is_storable": True} for name in ("Chair", "Glue")]
)
place = env["mrp.workcenter"].create({"name": "Assembly"})
bom = env["mrp.bom"].create(
    {
        "product_tmpl_id": chair.product_tmpl_id.id,
        "consumption": "flexible",
        "operation_ids": [Command.create({"name": "Glue", "workcenter_id": place.id})],
    }
)
bom.bom_line_ids = [
    Command.create(
        {
            "product_id": glue.id,
            "product_qty": 2,
            "operation_id": bom.operation_ids.id,
            "backflush_method": "manual",
        }
    )
]
location = env.ref("stock.warehouse0").lot_stock_id
env["stock.quant"]._update_available_quantity(glue, location, 100)

for title, backflush in (("stock Odoo", False), ("backflushed", True)):
    order = env["mrp.production"].create(
        {"product_id": chair.id, "product_qty": 10, "backflush": backflush}
    )
    order.action_confirm()
    order.button_mark_done()
    consumed = sum(order.move_raw_ids.mapped("quantity"))
    print(f"{title:12} consumed: {consumed:g}, order: {order.state}")
