from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...context import with_private
from ...errors import check_one
from ...extending import extend
from ...finite import FiniteFloat
from ...posting.correction import Correction
from ...texts import format_quantity


class MrpProduction(models.Model):
    """What becomes of an order when one of its reports is corrected."""

    _inherit = "mrp.production"

    backflush_corrected_qty = FiniteFloat(
        "Taken Back",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What corrections of reports took back of the finished goods.",
    )
    backflush_corrected = fields.Boolean(
        readonly=True, copy=False, help="Whether a report of this order was corrected."
    )

    def _make_backflush_correction(self, posting, quantity, *extensions, **options):
        """The correction of a posting of this order.

        :param posting: ``mrp.backflush`` record
        :param quantity: what it really was, in the order's unit
        :param extensions: classes of other addons
        :param options: see :class:`.Correction`
        """
        return extend(Correction, *extensions)(posting, quantity, **options)

    def action_backflush_correct(self):
        """Ask what the last report of this order really was.

        :return: the action that opens the dialog
        :raises UserError: where there is nothing to correct, or not by this person
        """
        check_one(self)
        postings = self.backflush_ids.filtered(
            lambda posting: not posting.reverses_id and posting.state != "reversed"
        )
        if not postings:
            raise UserError(
                self.env._(
                    "Nothing of %(order)s is posted that could be corrected.",
                    order=self.name,
                )
            )
        return max(postings, key=lambda posting: posting.id).action_backflush_correct()

    def _get_backflush_family(self):
        """This order and all that were split from the same one."""
        # Components that nobody has read yet would be read one by one.
        self.move_raw_ids.fetch(["backflush_origin_id", "backflush_root_id"])
        moves = self.move_raw_ids.filtered(lambda move: move._may_backflush_be_split())
        roots = moves.browse().union(*(move._get_backflush_root() for move in moves))
        if not roots:
            return self
        domain = Domain("id", "in", roots.ids)
        domain |= Domain("backflush_root_id", "in", roots.ids)
        known = roots.sudo().search(domain).raw_material_production_id
        return self | known.with_env(self.env)

    def _get_backflush_needed_quantity(self, posting):
        """What later reports of this order need of a posting that came early.

        :param posting: at an operation, or at the start
        :return: quantity in the order's unit
        """
        self.ensure_one()
        needed = self.qty_produced
        later = self.sudo().backflush_ids.filtered(
            lambda other: (
                other.id > posting.id
                and other.trigger == "operation"
                and other.workorder_id != posting.workorder_id
            )
        )
        for workorder in later.workorder_id:
            if posting.workorder_id <= workorder._get_backflush_preceding():
                needed = max(needed, workorder._get_backflush_reported_here())
        if posting.trigger == "start":
            return min(needed, posting.quantity_left)
        # Other reports at the same work order cover a part of it.
        others = posting.workorder_id._get_backflush_reported_here()
        return max(0.0, needed - (others - posting.quantity_left))

    def _take_back_backflush(self, correction, record):
        """Count what is left of this order, and open it again where it was done.

        :param correction: :class:`.Correction`
        :param record: ``mrp.backflush`` record of it
        """
        self.ensure_one()
        order = with_private(self, record=True)
        vals = {"backflush_corrected": True}
        if correction.is_of_product:
            back = order.backflush_corrected_qty + correction.back
            vals["backflush_corrected_qty"] = self.product_uom_id.round(back)
        order.sudo().write(vals)
        if self.backflush_scrapped_qty:
            order._count_backflush_scrap()
        to_make = self._get_backflush_to_make()
        is_open = self.product_uom_id.compare(self.qty_produced, to_make) < 0
        if is_open or self.state != "done":
            costs = {w: w._get_backflush_given_cost() for w in correction.workorders}
            order._reopen_backflush(correction)
            for workorder, quantity in correction.workorders.items():
                workorder._take_back_backflush(
                    quantity, costs[workorder], correction.takes_time
                )
            order._carry_on_after_correction(correction, record)
        self._plan_backflush_others()
        self._tell_backflush_correction(record)

    def _reopen_backflush(self, correction):
        """Let this order be reported on again.

        :param correction: :class:`.Correction`
        """
        self.ensure_one()
        components = self.move_raw_ids._filter_backflush().filtered(
            lambda move: move.state in ("done", "cancel")
        )
        rests = dict.fromkeys(components._filter_backflush_without_rest(), 0.0)
        if self.state == "done" or correction.is_of_product or correction.scraps:
            rests |= self._plan_backflush_finished_rests()
        # Odoo takes an order for done while nothing of its product is to come.
        moves = with_private(self.env["stock.move"], keep_open=self._ids)
        moves._open_backflush_rests(rests)
        if self.state == "done":
            locked = self._get_default_is_locked()
            self.write({"state": "progress", "is_locked": locked})

    def _carry_on_after_correction(self, correction, record):
        """Leave this order ready for its next report.

        :param correction: :class:`.Correction`
        :param record: ``mrp.backflush`` record of it
        """
        if correction.is_of_product or (
            correction.is_whole and correction.posting.trigger == "start"
        ):
            self._set_backflush_left(correction.get_serials())
        # What came back lies where it is taken: nothing is procured once more.
        rests = self.move_raw_ids._filter_backflush_open()
        keep = {"do_not_unreserve": True, "no_procurement": True}
        rests.with_context(**keep)._plan_backflush()
        rests._reserve_backflush_returned(record.move_ids)
        if self._is_backflush_untouched():
            self.state = "confirmed"

    def _set_backflush_left(self, serials):
        """Let this order name what is left of it as produced, until more is reported.

        :param serials: ``stock.lot`` records that are free again
        """
        vals = {}
        if self.product_uom_id.compare(self.qty_producing, self.qty_produced):
            vals["qty_producing"] = self.qty_produced
        if serials & self.lot_producing_ids:
            vals["lot_producing_ids"] = [Command.unlink(lot.id) for lot in serials]
        if vals:
            self.write(vals)

    def _is_backflush_reopened(self, before):
        """Whether a correction took this order back to an earlier state.

        :param before: its state before; None where that has not changed
        """
        states = [state for state, _label in self._fields["state"].selection]
        return (
            self.backflush_corrected
            and before in states
            and states.index(self.state) < states.index(before)
        )

    def _is_backflush_untouched(self):
        """Whether nothing is left of what was reported on this order."""
        return (
            not self.qty_producing
            and all(
                w.state in ("ready", "blocked", "cancel") for w in self.workorder_ids
            )
            and all(
                posting.state == "reversed"
                for posting in self.sudo().backflush_ids
                if not posting.reverses_id
            )
        )

    def _open_backflush_finished_rest(self):
        """Give product and by-products a move for what is to be made again."""
        rests = self._plan_backflush_finished_rests()
        self.env["stock.move"]._open_backflush_rests(rests)

    def _plan_backflush_finished_rests(self):
        """Plan what is to be made again of product and by-products.

        :return: ``{move that was posted: quantity}`` of those that have no open move,
            in the move's unit
        """
        groups, planned, lacking = self._group_backflush_finished(), {}, {}
        if any(byproduct for _product, byproduct in groups):
            planned = {
                (vals["product_id"], vals.get("byproduct_id") or False): vals
                for vals in self._get_moves_finished_values()
            }
        for (product, byproduct), moves in groups.items():
            made = moves.filtered(lambda move: move.state == "done")
            opened = moves - made
            vals = planned.get((product.id, byproduct.id))
            if product == self.product_id:
                rest = self._get_backflush_to_make() - self.qty_produced
            elif vals:
                # What failed brings none.
                share = self._get_backflush_to_make() / self.product_qty
                whole = vals["product_uom_qty"] * share
                rest = moves[0]._get_backflush_yield_rest(whole)
            else:
                rest = sum(opened.mapped("product_uom_qty"))
            rest = max(0.0, moves[0].product_uom.round(rest))
            if opened:
                opened[0].product_uom_qty = rest
            elif rest:
                lacking[made[-1:]] = rest
        return lacking

    def _tell_backflush_correction(self, record):
        """Say in the log of the order what was corrected, and why."""
        body = self.env._(
            "%(correction)s takes back %(quantity)s %(unit)s of %(posting)s.",
            correction=record.name,
            quantity=format_quantity(self.env, -record.quantity),
            unit=record.product_uom_id.name,
            posting=record.reverses_id.name,
        )
        if record.reason:
            body = f"{body} {record.reason}"
        self._message_log(body=body)

    def _subtract_backflush_corrected(self):
        """Count as produced only what corrections have left."""
        for order in self.filtered("backflush_corrected_qty"):
            order.qty_produced = order.product_uom_id.round(
                order.qty_produced - order.backflush_corrected_qty
            )
