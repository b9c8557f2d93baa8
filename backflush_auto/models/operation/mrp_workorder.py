from itertools import zip_longest

from odoo import models

from ...context import get_private, with_private
from ...errors import check_reportable, refuse
from ...extending import extend
from ...posting.interim import OperationPosting
from ...posting.interim_preview import OperationPreview
from ...reporting.items import Entered
from ...reporting.locks import lock_postings


class MrpWorkorder(models.Model):
    """Components that leave stock when work starts, or is reported at its operation.

    The private key ``posting_follows`` says that a posting follows that takes them.
    """

    _inherit = "mrp.workorder"

    # --- What is due at an operation ---

    def _lock_backflush_postings(self, *methods):
        """Wait for other postings of the orders that may have an interim posting.

        :param methods: of work orders that a request can begin with
        """
        if get_private(self.env, "locked"):
            return
        orders = self.production_id._filter_backflush_interim()
        entries = [f"mrp.workorder.{method}" for method in methods]
        lock_postings(self.env, entries, orders._get_backflush_products())

    def _get_backflush_preceding(self):
        """This work order and those that come before it."""
        found, ahead = self, self.blocked_by_workorder_ids
        while ahead - found:
            found, ahead = found | ahead, ahead.blocked_by_workorder_ids
        return found

    def _get_backflush_step(self):
        """What this work order and those that a split copied from it have in common.

        Without an operation, it is what the step is called, and its number among those
        of its order that are called the same.
        """
        if self.operation_id or not self:
            return self.operation_id
        peers = self.production_id.workorder_ids.filtered(
            lambda peer: not peer.operation_id and peer.name == self.name
        )
        number = peers.sorted(lambda peer: (peer.sequence, peer.id)).ids.index(self.id)
        return self.name, number

    def _get_backflush_reported(self):
        """The quantity done here, on the orders this one was split from as well."""
        self.ensure_one()
        return self.qty_produced + self.qty_reported_from_previous_wo

    def _get_backflush_unposted(self):
        """The quantity done here whose components are not posted."""
        self.ensure_one()
        return max(0.0, self.qty_produced - self.backflush_posted_qty)

    def _filter_backflush_due(self):
        """The work orders at which some component is due."""
        return self.filtered(
            lambda workorder: (
                workorder.production_id._filter_backflush_interim()
                and workorder._get_backflush_due_moves()
            )
        )

    def _get_backflush_due_moves(self):
        """The components that are taken when work is done here.

        What the work orders before this one and the start of the order owe is taken,
        too.
        """
        self.ensure_one()
        moves = self.production_id.move_raw_ids._filter_backflush_open()
        here = moves._filter_backflush_at(self._get_backflush_preceding())
        return here | moves._filter_backflush_at_start()

    def _post_backflush_operation(self):
        """Take the components of finished work orders, one of each order at a time."""
        due = self._filter_backflush_due().sorted(lambda w: (w.sequence, w.id))
        for turn in zip_longest(*due.grouped("production_id").values()):
            workorders = self.browse().union(*filter(None, turn))
            workorders._make_backflush_operation_posting().post()

    def _make_backflush_operation_posting(self, *extensions):
        """The posting of the work done here, one work order of each order.

        :param extensions: classes of other addons, see ``extending``
        """
        return extend(OperationPosting, *extensions)(self)

    def _make_backflush_preview(self, quantity, *extensions, entered=None):
        """What a report at this work order would do.

        :param quantity: of good units, in the order's unit
        :param extensions: classes of other addons, see ``extending``
        :param entered: ``{move: quantity}`` that a person is about to enter, in the
            component's unit
        """
        return extend(OperationPreview, *extensions)(self, quantity, entered)

    # --- What a report from outside enters ---

    def _enter_backflush_report(self, report, unit):
        """Enter what a report says of this work order.

        :param report: :class:`.Report`
        :param unit: of the reported quantity
        :return: :class:`.Entered`
        :raises UserError: where the work order cannot take it
        """
        self.ensure_one()
        order = self.production_id
        self._check_backflush_open()
        order._enter_backflush_scrap(report, unit)
        quantity = order._get_backflush_report_quantity(
            report, unit, self._get_backflush_remaining()
        )
        self._start_backflush()
        total = self.qty_produced + quantity
        self.qty_produced = total
        components = order._enter_backflush_components(report.components, self)
        order._enter_backflush_damage(report)
        due = self._get_backflush_due_moves()
        self._check_backflush_components(components, due)
        totals = {order: self._get_backflush_total()}
        issues = order._get_backflush_consumption_issues(due, totals)
        order._check_backflush_strict(issues)
        return Entered(self, total, components, issues)

    def _check_backflush_open(self):
        """Refuse to report on work that is done or cancelled."""
        name = self.env._(
            "%(workorder)s of %(order)s",
            workorder=self.name,
            order=self.production_id.name,
        )
        check_reportable(self, name)

    def _start_backflush(self):
        """Begin the work without a timer, and without a guess of what is produced."""
        if self.state != "progress":
            order = self.production_id
            entered = order.qty_producing
            with_private(self, posting_follows=True, without_timer=True).button_start()
            if order.qty_producing != entered:
                order.qty_producing = entered
                order._set_qty_producing(False)

    def _add_backflush_component(self, entry):
        """Add a component that is consumed here."""
        move = self.production_id._add_backflush_component(entry)
        move.write({"backflush_method": "operation", "workorder_id": self.id})
        return move

    def _check_backflush_components(self, moves, due):
        """Refuse an entry for a component that no posting at this operation takes.

        :param moves: the components that are entered
        :param due: those that are taken here
        """
        for move in due.browse().union(*moves) - due:
            raise refuse(
                self.env._(
                    "components: %(product)s is not consumed at %(workorder)s; report "
                    "it with the order.",
                    product=move.product_id.display_name,
                    workorder=self.name,
                ),
                field="components",
            )

    def _post_backflush_report(self, posting):
        """Post what reports have entered; where nothing remains, the work is done.

        :param posting: of these work orders
        """
        posting.post()
        done = self.filtered(lambda w: w.product_uom_id.is_zero(w.qty_remaining))
        with_private(done, posting_follows=True).button_finish()
