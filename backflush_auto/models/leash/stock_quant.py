from odoo import models


class StockQuant(models.Model):
    """Stock that somebody edits below zero, or back."""

    _inherit = "stock.quant"

    def _watch_backflush_negative(self):
        """Record what an edit took below zero, and what it cleared."""
        products = self.sudo().product_id._filter_backflush_leashed()
        if products:
            self.env["mrp.backflush.negative"].sudo()._watch(products)
