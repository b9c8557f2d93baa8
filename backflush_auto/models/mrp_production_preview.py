from odoo import models

from ..reporting.payload import check_quantity


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """What a posting would do."""

    _inherit = "mrp.production"

    def _get_backflush_preview(self, quantity):
        """Tell what a posting would do; see ``backflush_preview``.

        :param quantity: in the order's unit; 0 = all that remains
        :return: plain values
        """
        self.ensure_one()
        self._check_backflush_open()
        check_quantity(self.env, quantity, self.product_uom_id)
        quantity = self.product_uom_id.round(quantity)
        quantity = quantity or self._get_backflush_remaining()
        preview = self._make_backflush_preview({self: quantity})
        preview.check_pieces()
        return {
            "production": self._get_backflush_result(),
            "quantity": quantity,
            "max_quantity": preview.get_most(),
            "components": preview.describe(),
        }

    def _get_backflush_result(self):
        """How far this order is, in plain values."""
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "qty_produced": self.qty_produced,
            "qty_remaining": self._get_backflush_remaining(),
        }
