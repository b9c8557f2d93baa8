from odoo import models

from ...context import get_private


class StockMove(models.Model):
    """Components that leave stock at an operation."""

    _inherit = "stock.move"

    def _get_backflush_held_moves(self, vals):
        """The components that a finished work order must not pick."""
        if vals.get("picked") and get_private(self.env, "hold_components"):
            return self._filter_backflush()
        return self.browse()
