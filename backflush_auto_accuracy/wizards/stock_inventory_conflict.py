from odoo import models

from odoo.addons.backflush_auto.context import with_private


class StockInventoryConflict(models.TransientModel):
    _inherit = "stock.inventory.conflict"

    def action_keep_counted_quantity(self, *args, **kwargs):
        self = self._with_backflush_outdated()
        return super().action_keep_counted_quantity(*args, **kwargs)

    def action_keep_difference(self, *args, **kwargs):
        self = self._with_backflush_outdated()
        return super().action_keep_difference(*args, **kwargs)

    def _with_backflush_outdated(self):
        """Whatever the answer, nobody knows what was there when they were counted."""
        outdated = frozenset(self.quant_to_fix_ids.ids)
        return with_private(self, outdated_quants=outdated)
