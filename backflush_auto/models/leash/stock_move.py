from odoo import models


class StockMove(models.Model):
    """Moves that take stock below zero, and those that bring it back."""

    _inherit = "stock.move"

    def _watch_backflush_negative(self):
        """Record what these moves took below zero, and what they cleared."""
        products = self.sudo().product_id._filter_backflush_leashed()
        if products:
            self.env["mrp.backflush.negative"].sudo()._watch(products, self.sudo())
