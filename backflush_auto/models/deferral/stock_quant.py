from odoo import models

from ...context import get_private


class StockQuant(models.Model):
    """Stock that changes by no move: an administrator has edited it."""

    _inherit = "stock.quant"

    def _settle_backflush_debts(self):
        """Let what is there pay what is owed there."""
        if get_private(self.env, "holds_debts"):
            return  # a move is under way, and sees to it
        arrivals = {
            (quant.product_id, quant.location_id)
            for quant in self.sudo()
            if quant.quantity > 0
            and quant.product_id.is_storable
            and not quant.location_id.should_bypass_reservation()
        }
        if arrivals:
            self.env["mrp.backflush.exception"].sudo()._settle_arrivals(arrivals)
