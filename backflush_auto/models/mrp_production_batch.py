from odoo import models

from ..batch import is_overridden
from ..context import with_private


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """Many orders in one call: what they share is asked once, see ``batch``."""

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

    def _leave_backflush_unreserved(self, cancel_backorder=False, *_args, **_kwargs):
        """The orders, whose posting reserves nothing that is about to leave.

        :param cancel_backorder: as Odoo's ``_post_inventory`` is called; where it is
            false and the orders do not stay open, nobody knows what becomes of the rest
        """
        is_overridden_by_others = is_overridden(
            self.env["stock.quant"],
            "_update_reserved_quantity",
            "stock",
            "backflush_auto",
        )
        if (
            is_overridden_by_others
            or self.env["stock.move.line"]._is_backflush_sync_overridden()
            or not (cancel_backorder or self == self._filter_backflush_staying_open())
        ):
            return self
        return with_private(self, unreserved=set())
