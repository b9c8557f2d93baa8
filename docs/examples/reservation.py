"""Ten boards are on hand and reserved for one order; another order is produced.

Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from odoo import Command
from odoo.exceptions import UserError

chair, board = env["product.product"].create(
    [{"name": name, "is_storable": True} for name in ("Chair", "Board")]
)
env["mrp.bom"].create(
    {
        "product_tmpl_id": chair.product_tmpl_id.id,
        "bom_line_ids": [Command.create({"product_id": board.id, "product_qty": 1})],
    }
)
location = env.ref("stock.warehouse0").lot_stock_id
env["stock.quant"]._update_available_quantity(board, location, 10)

for title, backflush in (("stock Odoo", False), ("backflushed", True)):
    savepoint = env.cr.savepoint()
    first, second = env["mrp.production"].create(
        [
            {"product_id": chair.id, "product_qty": 10, "backflush": backflush}
            for _order in range(2)
        ]
    )
    (first + second).action_confirm()
    first.action_assign()
    before = first.move_raw_ids.quantity
    try:
        second.button_mark_done()
        answer = "no message"
    except UserError as error:
        answer = str(error)
    env.invalidate_all()
    after = first.move_raw_ids.quantity
    print(f"{title}: {answer}")
    print(f"    reserved for the first order: before {before:g}, after {after:g}\n")
    savepoint.close(rollback=True)
    env.invalidate_all()
