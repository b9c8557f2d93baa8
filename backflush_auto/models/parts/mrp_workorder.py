from odoo import api, models

from ...context import get_private, with_private


class MrpWorkorder(models.Model):
    """Work orders of an order that is posted in parts."""

    _inherit = "mrp.workorder"

    def _keeps_backflush_order_quantity(self):
        """Whether the order's quantity is kept, whatever this work order's is."""
        order = self.production_id
        if not order.backflush:
            return False
        if get_private(self.env, "posting_follows") and order.qty_producing:
            return True
        return order.product_uom_id.compare(self.qty_producing, order.qty_produced) < 0

    def _report_backflush_rest(self):
        """Let work orders of which a part is posted finish for all of the order.

        Odoo keeps the quantity that is on the work order, here that of the part.
        """
        for order, workorders in self.grouped("production_id").items():
            if order._filter_backflush_posted():
                entered = order._compare_backflush_to_posted()
                to_make = order._get_backflush_to_make()
                quantity = order.qty_producing if entered else to_make
                workorders._set_backflush_produced(quantity)

    def _set_backflush_produced(self, quantity):
        """Raise the produced quantity of open work orders of one order.

        :param quantity: in the order's unit
        """
        order = self.production_id
        reported = order.qty_producing
        opened = self.filtered(lambda w: w.state not in ("done", "cancel"))
        for own, workorders in opened.grouped(
            lambda workorder: workorder._get_backflush_own_quantity(quantity)
        ).items():
            behind = workorders.filtered(
                lambda w, own=own: w.product_uom_id.compare(w.qty_produced, own) < 0
            )
            if behind:
                behind.qty_produced = own
                order.qty_producing = reported  # see button_finish

    def _get_backflush_own_quantity(self, quantity):
        """What is left to be reported here of a quantity of the order.

        Some of the order may have been reported before it was split from another, and
        what failed after this work order was good when it left here.

        :param quantity: of good units, in the order's unit
        """
        left = self._get_backflush_left(quantity)
        return max(0.0, left - self.qty_reported_from_previous_wo)

    @api.model
    def _get_backflush_recorded_fields(self):
        """The names of the fields that only a posting writes."""
        return {"backflush_posted_cost", "backflush_posted_qty"}

    def _expect_backflush_reported(self):
        """Expect the time for what is reported, where that is not all of the order."""
        for workorder in self._filter_backflush_whole_duration():
            order = workorder.production_id
            unit, entered = order.product_uom_id, order.qty_producing
            if unit.compare(entered, order.qty_produced) and unit.compare(
                entered, order.product_qty
            ):
                reported = with_private(workorder, reported_time=True)
                workorder.duration_expected = reported._get_duration_expected(
                    ratio=entered / order.product_qty
                )

    def _filter_backflush_whole_duration(self):
        """The open work orders that expect the time of the whole order.

        Without an operation, Odoo cannot restore the expected duration after reducing
        it.
        """
        return self.filtered(
            lambda workorder: (
                workorder.state not in ("done", "cancel")
                and workorder.production_id.backflush
                and workorder.production_id.state != "draft"
                and (
                    not workorder.operation_id
                    or workorder.production_id._filter_backflush_posted()
                )
            )
        )

    def _get_backflush_cost(self, share):
        """The cost of this work order for what is produced of its order so far.

        Time tracked on an open work order belongs to the quantity produced so far;
        estimated or completed time belongs to the whole order.

        :param share: of the order that is produced, 0 to 1
        :return: cost in the currency of the company
        """
        self.ensure_one()
        # Without the shares, this is Odoo's own cost and not the rest to be posted.
        workorder = with_private(self, cost_shares=None)
        if share == 1 or self.state == "done" or self._should_estimate_cost():
            return workorder._cal_cost() * share
        if self.time_ids:
            return workorder._cal_cost()
        hourly = self.costs_hour or self.workcenter_id.costs_hour
        return self.duration_expected / 60 * hourly * share

    def _carry_on_backflush(self, share):
        """Record the posting of a part on the work orders of an order.

        :param share: of the order that is produced, 0 to 1
        """
        for workorder in with_private(self.sudo(), record=True):
            workorder.backflush_posted_cost = max(
                workorder.backflush_posted_cost, workorder._get_backflush_cost(share)
            )
            produced = workorder.production_id.qty_producing
            workorder.backflush_posted_qty = max(
                workorder.backflush_posted_qty,
                workorder._get_backflush_own_quantity(produced),
            )
        self._set_backflush_produced(self.production_id.qty_producing)

    def _get_backflush_posted_entries(self):
        """What is entered on the orders of which a part is posted.

        :return: ``{order: quantity producing}``
        """
        posted = self.production_id._filter_backflush_posted()
        return {order: order.qty_producing for order in posted}

    def _restore_backflush_entries(self, entered):
        """Leave orders as they were entered.

        Odoo brings an order down to its work order that is furthest behind.

        :param entered: see :meth:`_get_backflush_posted_entries`
        """
        for order, quantity in entered.items():
            if order.qty_producing != quantity:
                order.qty_producing = quantity
