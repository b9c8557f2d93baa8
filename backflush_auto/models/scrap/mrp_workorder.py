from odoo import models

from ...context import get_private
from ...engine.due import Failure, get_good, get_left


class MrpWorkorder(models.Model):
    """Units that failed at a work order, or after they left it."""

    _inherit = "mrp.workorder"

    def _make_backflush_failure(self, quantity, make_up):
        """What failed here; where this is empty, once it was finished.

        :param quantity: in the order's unit
        :param make_up: others are made in their place
        :return: :class:`.Failure`
        """
        if not self:
            return Failure(quantity, make_up=make_up)
        passed = frozenset(self._get_backflush_preceding().ids)
        return Failure(quantity, self.id, passed, make_up)

    def _get_backflush_left(self, good):
        """What leaves this work order in good order, in the order's unit.

        :param good: the units of the order that are good in the end
        """
        failures = self.production_id._get_backflush_failures()
        return get_left(good, failures, self._origin.id)

    def _enter_backflush_good(self):
        """Enter on orders of which some failed what is good at all of its work orders.

        Odoo enters the least that was done at any of them, with what failed later.

        :return: the work orders of those orders
        """
        counted = self.filtered(lambda w: w._counts_backflush_failed())
        for order in counted.production_id:
            good = min(
                w.qty_produced - w._get_backflush_left(0) for w in order.workorder_ids
            )
            if order.product_uom_id.compare(good, order.qty_produced) > 0:
                order.qty_producing = good
                order._set_qty_producing(False)
        return counted

    def _counts_backflush_failed(self):
        """Whether Odoo takes what was done here for what is good of the order."""
        order = self.production_id
        if not (order.backflush and order._get_backflush_failures()):
            return False
        done = min(order.workorder_ids.mapped("qty_produced"))
        return not order.product_uom_id.compare(self.qty_producing, done)

    def _filter_backflush_unreported(self):
        """The work orders where nothing good is reported, and not all is to be done.

        Some of it has failed, or was done before its order was split from another; who
        finishes the work order itself says what was done there.
        """
        is_closing = get_private(self.env, "posting_follows")
        return self.filtered(
            lambda workorder: (
                not workorder.qty_produced
                and workorder.production_id.backflush
                and (
                    (is_closing and workorder.qty_reported_from_previous_wo)
                    or workorder.production_id._get_backflush_failures()
                )
            )
        )

    def _report_backflush_left(self):
        """Let work orders have done what left them in good order.

        Odoo finishes those that nobody has reported at for the quantity of the order.
        """
        for order, workorders in self.grouped("production_id").items():
            good = order.qty_producing or order._get_backflush_to_make()
            workorders._set_backflush_produced(good)

    def _filter_backflush_idle(self, vals):
        """The work orders that Odoo finishes for all, though nothing is left to do.

        :param vals: about to be written
        """
        if not vals.get("qty_produced") or vals.get("state") != "done":
            return self.browse()
        return self._filter_backflush_unreported().filtered(
            lambda workorder: (
                not workorder._get_backflush_remaining()
                or not workorder._get_backflush_own_quantity(
                    workorder.production_id.qty_producing
                    or workorder.production_id._get_backflush_to_make()
                )
            )
        )

    def _get_backflush_remaining(self, pending=True):
        """What is left to be reported as good here, in the order's unit.

        :param pending: whether what is about to be posted as failed counts
        """
        self.ensure_one()
        order = self.production_id
        failures = order._get_backflush_failures(pending)
        good = get_good(order.product_qty, failures)
        rest = get_left(good, failures, self._origin.id)
        rest -= self.qty_reported_from_previous_wo + self.qty_produced
        return max(0.0, order.product_uom_id.round(rest))

    def _get_backflush_work_left(self):
        """What is left to be done at the work orders of orders of which some failed.

        :return: ``{order: {step of the work: quantity in its unit}}``
        """
        left = {}
        for order, workorders in self.grouped("production_id").items():
            if order.backflush and order._get_backflush_failures():
                left[order] = {
                    one._get_backflush_step(): one._get_backflush_remaining()
                    for one in workorders
                }
        return left

    def _carry_over_backflush(self, left):
        """Count at the work orders of a backorder what was done before the split.

        Odoo takes what has failed for work that is left.

        :param left: ``{step of the work: quantity}`` that is left to be done of this
            backorder and of those before it, changed in place
        """
        for workorder in self:
            step = workorder._get_backflush_step()
            ordered = workorder.production_id.product_qty
            own = min(ordered, left.get(step, ordered))
            workorder.qty_reported_from_previous_wo = ordered - own
            if step in left:
                left[step] -= own
            if not own and workorder.state not in ("done", "cancel"):
                workorder.action_cancel()

    def _get_backflush_total(self):
        """What is reported here, in the terms of what is reported on the order.

        What left here in good order and failed later is among what was done here; it
        is added to what components are due for all the same.
        """
        order = self.production_id
        here = set(self._get_backflush_preceding().ids)
        later = sum(
            failure.quantity
            for failure in order._get_backflush_failures()
            if failure.at not in here
        )
        return self._get_backflush_reported() - later

    def _get_backflush_reached(self, operation, failures=None):
        """How many units have reached an operation before this one.

        :param operation: id of its work order
        :param failures: list of :class:`.Failure`, where it is not what is posted
        """
        here = set(self._get_backflush_preceding().ids)
        if failures is None:
            failures = self.production_id._get_backflush_failures(pending=False)
        return self._get_backflush_reported() + sum(
            failure.quantity
            for failure in failures
            if failure.at in here and failure.has_reached(operation)
        )
