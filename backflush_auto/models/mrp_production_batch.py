from odoo import models

from ..batch import in_batch, is_overridden


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpProduction(models.Model):
    """Many orders in one call: what they share is asked once, see ``batch``."""

    _inherit = "mrp.production"

    def action_confirm(self):
        if any(self.mapped("backflush")):
            self = in_batch(self)
        return super().action_confirm()

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

    def _prepare_backflush_batch(self, cancel_backorder):
        """The orders, with what their posting keeps in the context.

        Where no component is split on the way, the lines of the posting need no
        reservation.

        :param cancel_backorder: as Odoo's ``_post_inventory`` is called
        """
        orders = in_batch(self)
        lines = self.env["stock.move.line"]
        if cancel_backorder and not (
            self._filter_backflush_staying_open()
            or lines._is_backflush_sync_overridden()
            or is_overridden(
                self.env["stock.quant"],
                "_update_reserved_quantity",
                "stock",
                "backflush_auto",
            )
        ):
            return orders.with_context(backflush_unreserved=set())
        return orders
