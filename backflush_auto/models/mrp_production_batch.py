from odoo import models


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """What remains is entered on many orders at once."""

    _inherit = "mrp.production"

    def _enter_backflush_rest(self):
        """Enter all that remains where nothing was entered.

        One write for all orders of the same quantity; Odoo writes, and works out what
        follows from it, order by order.
        """
        orders = self.filtered(
            lambda order: (
                not order.qty_producing
                and (order.product_tracking == "none" or order.lot_producing_ids)
                and order._auto_production_checks()
            )
        )
        for rest, group in orders.grouped(
            lambda order: order.product_qty - order.qty_produced
        ).items():
            group.qty_producing = rest
            for order in group:
                order._set_qty_producing()
