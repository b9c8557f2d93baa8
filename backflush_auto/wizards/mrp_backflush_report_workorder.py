from odoo import fields, models


class MrpBackflushReport(models.TransientModel):
    """What is reported at one work order, instead of on the order."""

    _inherit = "mrp.backflush.report"

    workorder_id = fields.Many2one(
        "mrp.workorder",
        "Work Order",
        help="Reported at this work order: what is consumed there, and before it, "
        "leaves stock. The finished goods are reported on the order.",
    )

    def _get_reported_moves(self):
        """The components that this report takes."""
        if self.workorder_id:
            return self.workorder_id._origin._get_backflush_due_moves()
        return self.production_id.move_raw_ids._filter_backflush_open()

    def _get_preview_workorder(self, order):
        """The work order that is reported at; empty where it is the order.

        :param order: as if what failed had been entered on it
        """
        return self.workorder_id._origin.with_env(order.env)

    def _get_preview_totals(self, order):
        """What components are due for, in the order's unit.

        :param order: as if what failed had been entered on it
        :return: ``{order: quantity}``
        """
        quantity = max(0.0, self.quantity)
        workorder = self._get_preview_workorder(order)
        if workorder:
            return {order: workorder._get_backflush_total() + quantity}
        return order._get_backflush_totals({order: quantity})

    def _get_posted_qty(self):
        """What was reported before, in the order's unit."""
        if self.workorder_id:
            return self.workorder_id.qty_produced
        return self.production_id.qty_produced
