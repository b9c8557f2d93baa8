"""Postings of components that leave stock before their order is complete.

Odoo moves the components of an order with its finished goods. What is consumed at an
operation, or at the start, is moved here by itself; the order stays open, and its later
postings count it as covered.
"""

from ..context import with_private
from .posting import Posting


class InterimPosting(Posting):
    """What some components of a set of orders take now.

    :param orders: ``mrp.production`` recordset, all of them backflushed
    :param reported: ``{order: quantity}`` that the components leave for now, in the
        order's unit
    """

    trigger = ""

    def post(self):
        """Move the components, and leave the orders ready for their next posting.

        :raises UserError: where a component is short, its lots are not known, or a
            strict bill of materials does not allow it
        """
        self.check()
        for order in self.orders:
            moves = self.moves & order.move_raw_ids
            issues = order._get_backflush_consumption_issues(moves, self.totals)
            order._check_backflush_strict(issues)
        self.consume()
        for company, moves in self._consumed.grouped("company_id").items():
            moves.with_company(company)._action_done()
        self.record()
        self.carry_on(self.orders)

    def _prepare_orders(self, orders):
        orders = with_private(orders, keep_open=tuple(orders.ids))
        return super()._prepare_orders(orders.with_context(skip_mo_check=True))

    def _get_finished_moves(self, order):
        return self.moves.browse()

    def _check_units(self):
        self._recorded_moves._check_backflush_entries()

    def _prepare_vals(self, order):
        return {**super()._prepare_vals(order), "trigger": self.trigger}


class StartPosting(InterimPosting):
    """The start of orders: what is taken for the whole plan.

    :param orders: ``mrp.production`` recordset, all of them backflushed
    """

    trigger = "start"
    records_scrap = False

    def __init__(self, orders):
        super().__init__(orders, {order: order.product_qty for order in orders})

    def _get_totals(self, reported):
        return {order: order.qty_produced for order in self.orders}

    def _find_moves(self):
        return super()._find_moves()._filter_backflush_at_start()


class OperationPosting(InterimPosting):
    """Work reported at one operation of each order.

    It takes what the operation consumes, and what the operations before it and the
    start of the order still owe.

    :param workorders: ``mrp.workorder`` recordset, one of each order
    """

    trigger = "operation"

    def __init__(self, workorders):
        self.reported_at = workorders
        self.workorders = {w.production_id: w for w in workorders}
        super().__init__(
            workorders.production_id,
            {
                order: w._get_backflush_unposted()
                for order, w in self.workorders.items()
            },
        )

    def post(self):
        for workorder in self.workorders.values():
            recorded = with_private(workorder.sudo(), record=True)
            recorded.backflush_posted_qty = workorder.qty_produced
        return super().post()

    def _get_totals(self, reported):
        return {o: w._get_backflush_total() for o, w in self.workorders.items()}

    def _find_moves(self):
        workorders = self.workorders.values()
        due = (workorder._get_backflush_due_moves() for workorder in workorders)
        return self.orders.move_raw_ids.browse().union(*due)

    def _prepare_vals(self, order):
        workorder = self.workorders[order]
        return {**super()._prepare_vals(order), "workorder_id": workorder.id}
