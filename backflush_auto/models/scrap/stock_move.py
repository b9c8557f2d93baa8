from odoo import models


class StockMove(models.Model):
    """What a component is due for where some of its order failed."""

    _inherit = "stock.move"

    def _get_backflush_planned_units(self, ordered=None):
        """The quantity that this component is due for once its order is complete.

        :param ordered: quantity of the order, where it is about to change
        :return: in the unit of the finished product
        """
        self.ensure_one()
        order = self.raw_material_production_id
        planned = order._get_backflush_planned_due(self.workorder_id, ordered)
        return order._get_backflush_units(planned)
