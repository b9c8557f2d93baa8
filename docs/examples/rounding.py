"""A sheet is enough for three chairs, which are produced one at a time.

Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from odoo import Command
from odoo.tests import Form

chair, sheet = env["product.product"].create(
    [{"name": name, "is_storable": True} for name in ("Chair", "Sheet")]
)
env["mrp.bom"].create(
    {
        "product_tmpl_id": chair.product_tmpl_id.id,
        "product_qty": 3,
        "consumption": "flexible",
        "bom_line_ids": [Command.create({"product_id": sheet.id, "product_qty": 1})],
    }
)
location = env.ref("stock.warehouse0").lot_stock_id
env["stock.quant"]._update_available_quantity(sheet, location, 100)

for title, backflush in (("stock Odoo", False), ("backflushed", True)):
    order = env["mrp.production"].create(
        {"product_id": chair.id, "product_qty": 3, "backflush": backflush}
    )
    order.action_confirm()
    orders = order
    while order:
        with Form(order) as form:
            form.qty_producing = 1
        remains = order.ids if order.product_qty > 1 else []
        answer = {"skip_backorder": True, "mo_ids_to_backorder": remains}
        order.with_context(**answer).button_mark_done()
        order = order.production_group_id.production_ids - orders
        orders |= order
    consumed = orders.move_raw_ids.mapped("quantity")
    print(f"{title:12} {' + '.join(map(str, consumed))} = {sum(consumed):.2f} sheets")
