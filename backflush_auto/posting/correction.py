"""A correction: a posting is taken back, all of it or as far as it was wrong.

What was moved comes back by moves of its own, line by line; what is recorded stays as
it is. The order then counts what is left, and carries on.
"""

from dataclasses import dataclass

from odoo.tools import float_round

from ..context import with_private, without_defaults
from ..engine.correction import Part
from .goods import Goods, take
from .kept import Kept
from .problems import Problems


@dataclass(slots=True, eq=False)
class Return:
    """What comes back of one move.

    :param move: ``stock.move`` that the posting made
    :param quantity: in the move's unit
    :param expected: what the posting expected of it, in the move's unit
    :param lines: list of ``(line, quantity in the product's unit)``
    :param owed: what was not taken yet, and never will be, in the move's unit
    """

    move: object
    quantity: float
    expected: float
    lines: list
    owed: float = 0.0


class Correction:
    """What goes back where a posting turns out to have reported too much.

    :param posting: ``mrp.backflush`` record
    :param quantity: what it really was, in the order's unit; 0 = it never happened
    :param takes_time: whether the time of the work orders goes as well, in proportion
    """

    def __init__(self, posting, quantity, takes_time=False):
        posting = without_defaults(posting)
        self.env = posting.env
        self.posting = posting
        self.order = posting.production_id
        self.takes_time = takes_time
        self.unit = posting.product_uom_id
        self.quantity = self.unit.round(quantity)
        self.back = self.unit.round(posting.quantity_left - self.quantity)
        self.is_whole = self.unit.is_zero(self.quantity)
        self.is_of_product = posting.trigger == "completion"
        self.scraps = self.env["stock.scrap"].sudo()
        if self.is_whole:
            # What failed, or was spoilt, stays, unless nothing of the report stays.
            self.scraps = self.order.sudo().scrap_ids.filtered(
                lambda scrap: scrap.backflush_id == posting
            )
        self._read_undone()
        self.failures = self._get_failures()
        self.made = self.order.qty_produced
        if self.is_of_product:
            self.made = self.unit.round(self.made - self.back)
        self.workorders = self.order.workorder_ids._get_backflush_corrected(self)
        self.goods = Goods(self)
        self.finished = self._decide_finished()
        self.components = self._decide_components()

    def _read_undone(self):
        """Read what was undone before for all moves at once: for each of them, else."""
        moves = self.posting.move_ids
        if self.is_of_product:
            moves |= self.posting.finished_move_ids
        # Through the order, or the posting, each of them would be read by itself.
        components = moves.browse(self.order.move_raw_ids._ids)
        # What is open will be planned anew.
        moves = moves.browse((moves | components._filter_backflush_open())._ids)
        moves.move_line_ids.mapped("quantity_product_uom")
        (moves.product_id | self.order.product_id).mapped("uom_id")
        lines = moves._get_backflush_undone().move_line_ids
        places = ["lot_id", "owner_id", "location_id", "location_dest_id"]
        lines.fetch([*places, "quantity_product_uom"])

    def find_problems(self):
        """Why this correction cannot be posted; see :meth:`.Problems.find`."""
        return Problems(self).find()

    # --- Decide ---

    def _get_failures(self):
        """What failed of the order and is not taken back: see ``engine.due``."""
        scraps = self.order.sudo()._get_backflush_scraps() - self.scraps
        return [scrap._get_backflush_failure() for scrap in scraps]

    def _decide_finished(self):
        returns = [
            self._make_return(move, 0.0, self.goods.take(move))
            for move in self.goods.moves
        ]
        return [one for one in returns if one.lines]

    def _decide_components(self):
        moves = self.posting.move_ids.filtered("raw_material_production_id")
        # What is owed is the last of what stays: debts shrink before anything returns.
        moves = moves.sorted(lambda move: bool(move.backflush_deferred_qty))
        kept = Kept(self).decide(moves)
        returns = [self._return_component(move, left) for move, left in kept.items()]
        return [one for one in returns if one.lines or one.expected]

    def _return_component(self, move, kept):
        """What comes back of a component.

        :param kept: what of the expected quantity stays, in the component's unit
        """
        left = move._get_backflush_left_lines()
        total = sum(quantity for _line, quantity in left)
        part = Part(
            move._get_backflush_left_expected(), move._get_backflush_left_consumed()
        )
        back = part.reverse(kept) if self.is_whole else part.correct(kept)
        if move._filter_backflush_debts():
            return self._shrink(move, back)
        if not move.product_uom.compare(back.consumed, part.consumed):
            return self._make_return(move, back.expected, left)
        # What was unbuilt has come back already.
        wanted = move._round_backflush_to_stock(back.consumed)
        if move.has_tracking == "serial":
            wanted = float_round(wanted, precision_digits=0)
        wanted = min(total, move._get_backflush_product_qty(wanted))
        return self._make_return(move, back.expected, take(left, wanted))

    def _shrink(self, debt, back):
        """What is owed no more of a debt.

        :param back: :class:`.Part` that is taken back
        """
        unit = debt.product_uom
        owed = unit.round(min(back.consumed, debt.product_uom_qty))
        return Return(debt, 0.0, unit.round(back.expected), [], owed)

    def _make_return(self, move, expected, lines):
        own = move.product_uom
        quantity = move.product_id.uom_id._compute_quantity(
            sum(part for _line, part in lines), own, round=False
        )
        return Return(move, own.round(quantity), own.round(expected), lines)

    # --- Post ---

    def post(self, vals):
        """Bring back what is to come back, and let the order count what is left.

        :param vals: of the record of the correction, besides what it is about
        :return: ``mrp.backflush`` record, the correction
        """
        self.env["stock.quant"]._lock_backflush(self.goods.quant_ids)
        correction = self.env["mrp.backflush"].sudo().create(self._prepare_vals(vals))
        correction = correction.with_env(self.env)
        following = self.goods.following.filtered("move_line_ids")
        following._do_unreserve()
        self._move(correction)
        self.order._take_back_backflush(self, correction)
        following._action_assign()
        return correction

    def _prepare_vals(self, vals):
        return {
            "company_id": self.posting.company_id.id,
            "production_id": self.order.id,
            "product_id": self.posting.product_id.id,
            "workorder_id": self.posting.workorder_id.id,
            "trigger": "reversal",
            "reverses_id": self.posting.id,
            "quantity": -self.back,
            "product_uom_id": self.unit.id,
            "user_id": self.env.user.id,
            **vals,
        }

    def _move(self, correction):
        """Move everything to where it was, in the names of the correction."""
        unbuild = self._create_unbuild(correction)
        returns = [*self.finished, *self.components, *self._get_scrapped()]
        moves = self.env["stock.move"].with_company(self.order.company_id)
        moves = with_private(moves, record=True).create(
            [
                {
                    **one.move._prepare_backflush_return_vals(
                        correction, one.quantity, one.expected, unbuild
                    ),
                    "backflush_undeferred_qty": one.owed,
                }
                for one in returns
            ]
        )
        lines = self._create_lines(
            [
                line._prepare_backflush_return_vals(move, quantity)
                for one, move in zip(returns, moves, strict=True)
                for line, quantity in one.lines
            ]
        )
        # What comes back would pay what is not owed any more.
        for one in returns:
            if one.owed:
                one.move._shrink_backflush_debt(one.owed, 0.0)
        lines.move_id._action_done()
        empty = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        empty.write({"state": "done"})
        self._link(lines, moves[: len(self.finished)])

    def _create_lines(self, vals_list):
        """Create the lines of what moves.

        :param vals_list: their values
        :return: ``stock.move.line`` recordset
        """
        return with_private(self.env["stock.move.line"], record=True).create(vals_list)

    def _link(self, lines, products):
        """Say of goods that are taken back which components they were made of.

        :param lines: all that has moved
        :param products: the moves of finished goods
        """
        taken = lines.filtered(lambda line: line.move_id in products)
        taken.produce_line_ids = lines.filtered(
            lambda line: line.move_id._is_backflush_return()
        )

    def _get_scrapped(self):
        """What is taken back from the scrap location; it was never in stock."""
        return [
            self._make_return(
                move.with_env(self.env), 0.0, move._get_backflush_left_lines()
            )
            for move in self.scraps._get_backflush_moves()
        ]

    def _create_unbuild(self, correction):
        """Odoo's own document for finished goods that are taken apart.

        By it Odoo knows that their serial numbers are free again.
        """
        unbuild = self.env["mrp.unbuild"]
        if not self.finished or not self.back:
            return unbuild
        lots = {line.lot_id for one in self.finished[:1] for line, _part in one.lines}
        places = self.finished[0].move.move_line_ids.location_dest_id
        # The order and the correction say what happened, and who follows them knows.
        unbuild = unbuild.with_context(tracking_disable=True)
        return unbuild.create(
            {
                "name": correction.name,
                "product_id": self.order.product_id.id,
                "mo_id": self.order.id,
                "bom_id": self.order.bom_id.id,
                "product_qty": self.back,
                "product_uom_id": self.unit.id,
                "lot_id": lots.pop().id if len(lots) == 1 else False,
                "location_id": places[:1].id,
                "location_dest_id": self.order.location_src_id.id,
                "company_id": self.order.company_id.id,
                "backflush_id": correction.id,
                "state": "done",
            }
        )

    def get_moves(self):
        """The moves that something may come back of: products, then components."""
        moves = self.goods.moves
        moves |= self.posting.move_ids.filtered("raw_material_production_id")
        return moves.union(*(one.move for one in self.components))

    def describe(self):
        """What comes back, move by move.

        :return: ``{id of a move, as text: {moved, back, lots}}``, plain values in the
            move's unit
        """
        back = {one.move: one for one in (*self.finished, *self.components)}
        described = {}
        for move in self.get_moves():
            one = back.get(move)
            lots = {line.lot_id.name for line, _part in one.lines} if one else set()
            described[str(move.id)] = {
                "moved": move._get_backflush_left_consumed(),
                "back": one.quantity + one.owed if one else 0.0,
                "lots": ", ".join(sorted(lots - {False})),
            }
        return described

    def get_serials(self):
        """The serial numbers of the product that are free again."""
        lots = self.env["stock.lot"]
        for one in self.finished:
            if one.move.has_tracking == "serial":
                lots |= lots.union(*(line.lot_id for line, _quantity in one.lines))
        return lots.filtered(lambda lot: lot.product_id == self.order.product_id)
