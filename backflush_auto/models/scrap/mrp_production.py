from odoo import api, models

from ...context import get_private, with_private
from ...engine.due import get_closing, get_due, get_good
from ...errors import refuse
from ...finite import FiniteFloat
from ...reporting.items import Damaged, Scrapped
from ...reporting.payload import check_quantity


class MrpProduction(models.Model):
    """Units of an order that failed: they take components, and are not produced.

    The private key ``scrapped`` holds what a report says has failed, until its posting
    has recorded it.
    """

    _inherit = "mrp.production"

    backflush_scrapped_qty = FiniteFloat(
        "Scrapped",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What was reported as failed, in the unit of the order. It is not "
        "produced, and counts towards the order unless other units are made in its "
        "place.",
    )

    backflush_remaining_qty = FiniteFloat(
        "Remaining",
        digits="Product Unit",
        compute="_compute_backflush_remaining_qty",
        help="The good units that are left to be reported, in the unit of the order.",
    )

    @api.depends("product_qty", "qty_produced", "backflush_scrapped_qty", "state")
    def _compute_backflush_remaining_qty(self):
        for order in self:
            order.backflush_remaining_qty = order._get_backflush_remaining()

    # --- What is counted ---

    def _get_backflush_failures(self, pending=True):
        """What failed of this order, posted and about to be.

        :param pending: whether what is about to be posted counts
        :return: list of :class:`.Failure`
        """
        failures = []
        if self.backflush_scrapped_qty:
            # What failed counts, whoever may read the record of it.
            scraps = self._origin.sudo()._get_backflush_scraps()
            failures = [scrap._get_backflush_failure() for scrap in scraps]
        if pending:
            failures += [entry.failure for entry in self._get_backflush_scrapped()]
        return failures

    def _get_backflush_scraps(self):
        """The records of what failed of this order, and was not taken back."""
        return self.scrap_ids.filtered(
            lambda scrap: scrap.backflush_qty and scrap.backflush_id.state != "reversed"
        )

    def _get_backflush_scrapped(self):
        """What a report says has failed, as long as it is not posted.

        :return: list of :class:`.Scrapped`
        """
        return get_private(self.env, "scrapped", {}).get(self._origin.id, ())

    def _get_backflush_due(self, good, workorder):
        """The quantity that a component is due for, in the order's unit.

        :param good: all the good units that are reported, in the order's unit
        :param workorder: at which the component is consumed; may be empty
        """
        return get_due(good, self._get_backflush_failures(), workorder._origin.id)

    def _get_backflush_planned_due(self, workorder, ordered=None):
        """The quantity that a component is due for once the order is complete.

        :param workorder: at which the component is consumed; may be empty
        :param ordered: quantity of the order, where it is about to change
        """
        ordered = self.product_qty if ordered is None else ordered
        failures = self._get_backflush_failures()
        return get_due(get_good(ordered, failures), failures, workorder._origin.id)

    def _get_backflush_to_make(self, pending=True):
        """The good units that this order is to make in all, in its unit.

        :param pending: whether what is about to be posted as failed counts
        """
        good = get_good(self.product_qty, self._get_backflush_failures(pending))
        return self.product_uom_id.round(good) if self.product_uom_id else good

    def _plan_backflush_resized(self, rates):
        """Plan what orders of another quantity make, where more failed than they had.

        Odoo adds to the plan what was added to the order: all of it, also what only
        makes up for units that failed beyond the order.

        :param rates: see :meth:`_get_backflush_yield_rates`
        """
        for order in self:
            goods = order.move_finished_ids.filtered(
                lambda move, order=order: (
                    move.state not in ("done", "cancel")
                    and order._is_backflush_main(move.product_id, move.byproduct_id)
                )
            )
            planned = sum(goods.mapped("product_uom_qty"))
            to_come = order._get_backflush_to_come()
            if order.product_uom_id.compare(planned, to_come):
                own = {key: rate for key, rate in rates.items() if key[0] == order}
                order._plan_backflush_finished(own)

    def _get_backflush_split_amounts(self):
        """How orders of which some failed are split: that stays with them.

        :return: ``{order: [its quantity, that of its backorder]}``
        """
        amounts = {}
        for order in self.filtered("backflush"):
            closing = get_closing(order._get_backflush_failures())
            if closing:
                rest = order._get_quantity_to_backorder()
                amounts[order] = [order.qty_producing + closing, rest]
        return amounts

    def _get_backflush_scrapped_units(self):
        """What a report says has failed, in the unit of the product."""
        entries = self._get_backflush_scrapped()
        failed = sum(entry.failure.quantity for entry in entries)
        return self._get_backflush_units(failed)

    # --- What is entered ---

    def _preview_backflush_scrap(self, report):
        """This order as if a report had been entered on it, of which nothing is good.

        :param report: :class:`.Report`
        :raises UserError: where it cannot be entered
        """
        self = with_private(self, scrapped={}, damaged={})
        self._enter_backflush_scrap(report, self.product_uom_id, make=False)
        self._enter_backflush_damage(report, make=False)
        return self

    def _enter_backflush_scrap(self, report, unit, make=True):
        """Enter what a report says has failed.

        :param report: :class:`.Report`
        :param unit: of its quantities
        :param make: whether a new reason may be made
        :raises UserError: where it cannot be
        """
        scrapped = self._read_backflush_scrap(report, unit, make)
        if scrapped:
            get_private(self.env, "scrapped")[self.id] = scrapped

    def _read_backflush_scrap(self, report, unit, make):
        """What a report says has failed, with the records that it names.

        :return: list of :class:`.Scrapped`
        """
        scrapped = []
        for entry in report.scrap:
            quantity = self._read_backflush_scrap_quantity(entry.quantity, unit)
            at = entry.workorder_id or report.workorder_id
            workorder = self.workorder_ids.browse()
            if at:
                workorder = self._find_backflush_workorder(at)
                self._check_backflush_scrap_place(workorder, report)
            tags = self.env["stock.scrap.reason.tag"]
            tags = tags._find_backflush_reason(entry.reason, make)
            failure = workorder._make_backflush_failure(quantity, report.make_up)
            scrapped.append(Scrapped(failure, workorder, tags))
        return scrapped

    def _enter_backflush_damage(self, report, make=True):
        """Enter what a report says was spoilt.

        :param report: :class:`.Report`
        :param make: whether a new reason may be made
        :raises UserError: where it cannot be
        """
        damaged = []
        for entry in report.damaged:
            move = self._find_backflush_damaged(entry)
            lots = move._add_up_backflush_lots([entry])
            quantity = move._add_up_backflush_quantity([entry], lots)
            move._check_backflush_precision(lots.values() if lots else [quantity])
            tags = self.env["stock.scrap.reason.tag"]
            tags = tags._find_backflush_reason(entry.reason, make)
            if quantity:
                damaged.append(Damaged(move, quantity, lots, tags))
        if damaged:
            get_private(self.env, "damaged")[self.id] = damaged

    def _find_backflush_damaged(self, entry):
        """The component that was spoilt: of one that has left, where it has left.

        :param entry: :class:`.DamageEntry`
        """
        if entry.move_id:
            components = self.move_raw_ids.filtered(lambda m: m.state != "cancel")
            found = components.filtered(lambda move: move.id == entry.move_id)
            found = found and (found._get_backflush_rest() or found)
        else:
            product = self._find_backflush_product(entry)
            found = self._find_backflush_damageable(product)
        if not found:
            raise refuse(
                self.env._(
                    "damaged: it is no component of %(order)s: scrap it by itself.",
                    order=self.name,
                ),
                "not_found",
                field="damaged",
            )
        return found

    def _find_backflush_damageable(self, product):
        """The component of a product, one that is yet to leave if there is any."""
        found = self.move_raw_ids.filtered(
            lambda move: move.product_id == product and move.state != "cancel"
        )
        return (found._filter_backflush_open() or found)[:1]

    def _read_backflush_scrap_quantity(self, quantity, unit):
        check_quantity(self.env, quantity, unit)
        if unit != self.product_uom_id:
            quantity = unit._compute_quantity(
                quantity, self.product_uom_id, raise_if_failure=True
            )
        quantity = self.product_uom_id.round(quantity)
        self._check_backflush_units({self: quantity})
        problem = self._get_backflush_piece_problem(quantity)
        if problem:
            raise problem
        return quantity

    def _check_backflush_scrap_place(self, workorder, report):
        """Refuse what failed after the work order that is reported at."""
        if not report.workorder_id:
            return
        reported = self._find_backflush_workorder(report.workorder_id)
        if workorder not in reported._get_backflush_preceding():
            raise refuse(
                self.env._(
                    "workorder_id: what failed at %(workorder)s cannot be reported at "
                    "%(reported)s, which comes before it.",
                    workorder=workorder.name,
                    reported=reported.name,
                ),
                field="workorder_id",
            )
