from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.backflush_auto.context import get_private

from ..fifo import Receipts


class ProductProduct(models.Model):
    """The private key ``receipts`` keeps what was counted, see ``fifo``."""

    _inherit = "product.product"

    def _run_fifo_get_stack(self, *args, **kwargs):
        counted = get_private(self.env, "receipts")
        if counted is None or any(args) or any(kwargs.values()):
            return super()._run_fifo_get_stack(*args, **kwargs)
        key = self.id, self.env.company.id
        if key not in counted:
            whole = self.with_context(fifo_qty_already_processed=0.0)
            stack = super(ProductProduct, whole)._run_fifo_get_stack(*args, **kwargs)
            counted[key] = Receipts(*stack)
        taken = self.env.context.get("fifo_qty_already_processed", 0.0)
        return counted[key].skip(taken, self.uom_id)

    def _read_backflush_receipts(self):
        """Read the lines of all the receipts that are open, together.

        Odoo reads those of each receipt by themselves, three queries for each. What is
        left out here, it reads still.
        """
        if not self:
            return
        valued = self.with_env(self[:1]._with_valuation_context().env)
        on_hand = {product.id: product.qty_available for product in valued}
        moves = self.env["stock.move"]
        query = moves._search(
            Domain("product_id", "in", self.ids)
            & Domain("company_id", "=", self.env.company.id)
            & Domain("is_in", "=", True)
        )
        later = SQL(
            "sum(stock_move.quantity) OVER (PARTITION BY stock_move.product_id"
            " ORDER BY stock_move.date DESC, stock_move.id DESC)"
            " - stock_move.quantity AS later"
        )
        receipts = query.select("stock_move.id", "stock_move.product_id", later)
        rows = self.env.execute_query(
            SQL(
                "SELECT receipt.id FROM (%s) AS receipt"
                " JOIN (VALUES %s) AS on_hand (product, quantity)"
                " ON on_hand.product = receipt.product_id"
                " WHERE receipt.later < on_hand.quantity",
                receipts,
                SQL(", ").join(SQL("(%s, %s)", *pair) for pair in on_hand.items()),
            )
        )
        opened = moves.browse(receipt_id for (receipt_id,) in rows)
        opened.move_line_ids.mapped("picked")
