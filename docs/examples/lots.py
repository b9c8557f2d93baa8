"""A component with lots is short: 30 are on hand, 50 are needed.

Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from odoo import Command
from odoo.exceptions import UserError

chair, varnish = env["product.product"].create(
    [
        {"name": "Chair", "is_storable": True},
        {"name": "Varnish", "is_storable": True, "tracking": "lot"},
    ]
)
env["mrp.bom"].create(
    {
        "product_tmpl_id": chair.product_tmpl_id.id,
        "bom_line_ids": [Command.create({"product_id": varnish.id, "product_qty": 1})],
    }
)
location = env.ref("stock.warehouse0").lot_stock_id
lot = env["stock.lot"].create({"product_id": varnish.id, "name": "L-1"})
env["stock.quant"]._update_available_quantity(varnish, location, 30, lot_id=lot)

for title, backflush in (("stock Odoo", False), ("backflushed", True)):
    order = env["mrp.production"].create(
        {"product_id": chair.id, "product_qty": 50, "backflush": backflush}
    )
    savepoint = env.cr.savepoint()
    try:
        order.action_confirm()
        order.button_mark_done()
        print(f"{title}: {order.state}")
    except UserError as error:
        print(f"{title}: {error}\n")
    savepoint.close(rollback=True)
    env.invalidate_all()
