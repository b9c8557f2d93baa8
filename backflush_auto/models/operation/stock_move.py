from odoo import models

from ...context import get_private


class StockMove(models.Model):
    """Components that leave stock at an operation."""

    _inherit = "stock.move"

    def _filter_backflush_skip_picking(self, vals):
        """The components that a finished work order must not pick."""
        if vals.get("picked") and get_private(self.env, "skip_picking"):
            return self._filter_backflush()
        return self.browse()
