"""A correction: a posting is taken back, all of it or as far as it was wrong.

What was moved comes back by moves of its own, line by line; what is recorded stays as
it is. The order then counts what is left, and carries on.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo.tools import float_round

from ..context import with_private, without_defaults
from ..engine.correction import Part, divide_kept
from ..engine.due import get_due, get_good


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
        self.scraps = posting.sudo().scrap_ids
        if not self.is_whole:
            # What failed, or was spoilt, stays, unless nothing of the report stays.
            self.scraps = self.scraps.browse()
        self.failures = self._get_failures()
        self.made = self.order.qty_produced
        if self.is_of_product:
            self.made = self.unit.round(self.made - self.back)
        self.workorders = self.order.workorder_ids._get_backflush_corrected(self)
        self.free = self._read_free()
        self.finished = self._decide_finished()
        self.components = self._decide_components()

    # --- What refuses it ---

    def find_problems(self):
        """Why this correction cannot be posted.

        :return: ``(list of messages, the lowest quantity that it can be corrected
            to)``; both are empty where nothing speaks against it
        """
        problems = [
            self._find_needed_later(),
            *map(self._find_gone, self._get_finished_moves()),
        ]
        problems = [problem for problem in problems if problem]
        lowest = max((lowest for _message, lowest in problems), default=0.0)
        return [message for message, _lowest in problems], lowest

    def _find_needed_later(self):
        """What later postings of the order count upon of an early one."""
        if self.is_of_product:
            return None
        needed = self.order._get_backflush_needed_quantity(self.posting)
        if self.unit.compare(self.quantity, needed) >= 0:
            return None
        return (
            self.env._(
                "%(needed)s %(unit)s of %(order)s were reported later, and need what "
                "this posting took: correct those reports first.",
                needed=needed,
                unit=self.unit.name,
                order=self.order.name,
            ),
            needed,
        )

    def _find_gone(self, move):
        """What is not there any more of a product or by-product."""
        wanted = self._get_wanted(move)
        there = self._count_there(move)
        unit = move.product_id.uom_id
        if unit.compare(there, wanted) >= 0:
            return None
        gone = unit.round(wanted - there)
        message = self.env._(
            "%(there)s of %(wanted)s %(unit)s %(product)s are still in %(places)s; the "
            "rest was delivered, consumed, scrapped, moved or unbuilt, or is reserved. "
            "Bring it back there first.",
            there=unit.round(there),
            wanted=unit.round(wanted),
            unit=unit.name,
            product=move.product_id.display_name,
            places=", ".join(
                move.move_line_ids.location_dest_id.mapped("display_name")
            ),
        )
        share = gone / wanted if wanted else 0.0
        lowest = float_round(
            self.quantity + self.back * share,
            precision_rounding=self.unit.rounding,
            rounding_method="UP",
        )
        return message, min(lowest, self.posting.quantity_left)

    # --- Decide ---

    def _get_finished_moves(self):
        moves = self.posting.finished_move_ids
        return moves.filtered(lambda move: move.state == "done" and move.quantity)

    def _read_free(self):
        """What is in stock of what the posting made, and not reserved for others.

        :return: ``{place: quantity in the product's unit}``
        """
        moves = self._get_finished_moves()
        places = {line._get_backflush_made_place() for line in moves.move_line_ids}
        found = defaultdict(float)
        self.quant_ids = []
        if places:
            quants = self.env["stock.quant"]
            for key, (place, free) in quants._get_backflush_claimed(places).items():
                found[place] += free
                self.quant_ids.append(key)
        # What follows in the chain has reserved what this order brought it.
        for line in self._get_following().move_line_ids:
            found[line._get_backflush_place()] += line.quantity_product_uom
        return found

    def _get_following(self):
        """The moves that wait for what the posting made."""
        following = self._get_finished_moves().move_dest_ids
        return following.filtered(
            lambda move: move.state not in ("done", "cancel") and not move.picked
        )

    def _get_wanted(self, move):
        """What is to go back of a product or by-product, in its unit of stock."""
        left = sum(quantity for _line, quantity in move._get_backflush_left_lines())
        if move.product_id == self.order.product_id and not move.byproduct_id:
            return self.unit._compute_quantity(
                self.back, move.product_id.uom_id, rounding_method="HALF-UP"
            )
        if self.is_whole:
            return left
        kept = move._round_backflush_to_stock(
            move.quantity * self.quantity / self.posting.quantity
        )
        # What was unbuilt has left stock already.
        surplus = move._get_backflush_product_qty(
            move._get_backflush_left_yield() - kept
        )
        return max(0.0, min(left, move.product_id.uom_id.round(surplus)))

    def _count_there(self, move):
        return sum(quantity for _line, quantity in self._take_there(move))

    def _take_there(self, move):
        """What is there of a product or by-product.

        :return: generator of ``(line, quantity in the product's unit)``
        """
        if not move._is_backflush_kept_in_stock():
            yield from move._get_backflush_left_lines()
            return
        free = dict(self.free)
        for line, left in move._get_backflush_left_lines():
            place = line._get_backflush_made_place()
            quantity = min(left, max(0.0, free.get(place, 0.0)))
            if move.product_id.uom_id.compare(quantity, 0.0) > 0:
                free[place] -= quantity
                yield line, quantity

    def _decide_finished(self):
        returns = []
        for move in self._get_finished_moves():
            lines = _take(self._take_there(move), self._get_wanted(move))
            returns.append(self._make_return(move, 0.0, lines))
        return [one for one in returns if one.lines]

    def _decide_components(self):
        moves = self.posting.move_ids.filtered("raw_material_production_id")
        # What is owed is the last of what stays: debts shrink before anything returns.
        moves = moves.sorted(lambda move: bool(move.backflush_deferred_qty))
        kept = self._get_kept(moves)
        returns = [self._return_component(move, kept[move]) for move in moves]
        returns += self._sweep(moves, kept)
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
        return self._make_return(move, back.expected, _take(left, wanted))

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

    # --- What stays of components ---

    def _get_kept(self, moves):
        """What of the expected quantity of each component stays.

        The engine's target of what is left, minus what everything but this posting has
        covered. Of a posting that is taken back whole, and that none came after,
        nothing stays.

        :return: ``{move: quantity in its unit}``
        """
        if self.is_whole and not self._has_later():
            return dict.fromkeys(moves, 0.0)
        kept = {}
        for count, covered, members in self._group_by_count(moves):
            parts = [move._get_backflush_left_expected() for move in members]
            target = self._get_target(count, members[0])
            kept.update(zip(members, divide_kept(target, covered, parts), strict=True))
        return kept

    def _sweep(self, moves, kept):
        """What earlier corrections left, because later postings counted upon it.

        What is taken once for the order stays until nothing of the order is left.

        :param moves: the components of the posting that is corrected
        :param kept: see :meth:`_get_kept`
        :return: list of :class:`Return`
        """
        if not self.order.backflush_corrected:
            return []
        returns = []
        for count, covered, members in self._group_by_count(self._find_left(moves)):
            root = members[0]._get_backflush_root()
            covered -= sum(
                move._get_backflush_left_expected() - kept[move]
                for move in moves
                if move._get_backflush_root() == root
            )
            parts = [move._get_backflush_left_expected() for move in members]
            target = self._get_target(count, members[0])
            for move, stays in zip(
                members, divide_kept(target, covered, parts), strict=True
            ):
                if move.product_uom.compare(stays, move._get_backflush_left_expected()):
                    returns.append(self._return_component(move, stays))
        return returns

    def _find_left(self, moves):
        """What is left of postings that are reversed."""
        orders = self.order._get_backflush_family()
        return orders.move_raw_ids.filtered(
            lambda move: (
                move not in moves
                and move.state == "done"
                and move.sudo().backflush_id.state == "reversed"
                and move.product_uom.compare(move._get_backflush_left_expected(), 0) > 0
            )
        )

    def _group_by_count(self, moves):
        """The components that are counted together, with what is covered of them.

        :return: list of ``(Count, quantity, list of moves)``
        """
        groups = {}
        counts = moves._get_backflush_counts()
        for move in moves:
            count = counts[move]
            if id(count) not in groups:
                # A count leaves out the component that it was made for.
                covered = sum(count.covered.values())
                covered += move._get_backflush_covering_qty(move.product_uom)
                groups[id(count)] = (count, covered, [])
            groups[id(count)][-1].append(move)
        return list(groups.values())

    def _get_target(self, count, move):
        """The target of a component for all that is left after the correction.

        :param count: :class:`.Count` of it
        """
        units = 0.0
        for key, counted in count.units.items():
            own = move.browse(key) if isinstance(key, int) else move.browse()
            if own.raw_material_production_id == self.order:
                counted = self.order._get_backflush_units(self._count_after(own))
            units += counted
        return move._get_backflush_rule().target(units)

    def _count_after(self, move):
        """What a component is due for after the correction, in the order's unit."""
        method = move._get_backflush_due_method()
        operation = move.workorder_id.id
        made = get_due(self.made, self.failures, operation)
        if self.posting.trigger == "start":
            return max(made, self.quantity)
        if method == "start":
            good = get_good(self.order.product_qty, self.failures)
            return max(made, get_due(good, self.failures, operation))
        if method == "operation" and move.workorder_id:
            return max([made, *self._count_reached(move.workorder_id)])
        return made

    def _count_reached(self, workorder):
        """How many units have reached a work order, by what is reported after it."""
        for later in self.order.workorder_ids:
            if workorder in later._get_backflush_preceding():
                back = later.qty_produced - self.workorders.get(
                    later, later.qty_produced
                )
                yield later._get_backflush_reached(workorder.id, self.failures) - back

    def _get_failures(self):
        """What failed of the order and is not taken back: see ``engine.due``."""
        scraps = self.order.sudo()._get_backflush_scraps() - self.scraps
        return [scrap._get_backflush_failure() for scrap in scraps]

    def _has_later(self):
        """Whether another report came after this one, on any order of the split."""
        orders = self.order._get_backflush_family()
        return any(
            posting.id > self.posting.id
            and not posting.reverses_id
            and posting.state != "reversed"
            for posting in orders.sudo().backflush_ids
        )

    # --- Post ---

    def post(self, vals):
        """Bring back what is to come back, and let the order count what is left.

        :param vals: of the record of the correction, besides what it is about
        :return: ``mrp.backflush`` record, the correction
        """
        self.env["stock.quant"]._lock_backflush(self.quant_ids)
        correction = self.env["mrp.backflush"].sudo().create(self._prepare_vals(vals))
        correction = correction.with_env(self.env)
        following = self._get_following().filtered("move_line_ids")
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
        lines = with_private(self.env["stock.move.line"], record=True).create(
            [
                line._prepare_backflush_return_vals(move, quantity)
                for one, move in zip(returns, moves, strict=True)
                for line, quantity in one.lines
            ]
        )
        products, components = lines.browse(), lines.browse()
        for one, move in zip(returns, moves, strict=True):
            if one in self.components:
                components |= move.move_line_ids
            else:
                products |= move.move_line_ids
        moves = with_private(moves, record=None)
        # What comes back would pay what is not owed any more.
        for one in returns:
            if one.owed:
                one.move._shrink_backflush_debt(one.owed, 0.0)
        # Goods leave before their components are valued anew.
        products.move_id._action_done()
        components.move_id._action_done()
        empty = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        with_private(empty, record=True).write({"state": "done"})
        products.produce_line_ids = components

    def _get_scrapped(self):
        """What is taken back from the scrap location; it was never in stock."""
        moves = self.scraps.move_ids.filtered(lambda move: move.state == "done")
        return [
            self._make_return(
                move.with_env(self.env), 0.0, move._get_backflush_left_lines()
            )
            for move in moves
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
        return unbuild.create(
            {
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
        moves = self._get_finished_moves()
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


def _take(left, wanted):
    """Take a quantity of lines, the first of them first.

    :param left: iterable of ``(line, quantity in the product's unit)``
    :return: list of the same kind
    """
    taken = []
    for line, quantity in left:
        unit = line.product_id.uom_id
        quantity = unit.round(min(quantity, wanted))
        if unit.compare(quantity, 0.0) > 0:
            taken.append((line, quantity))
            wanted -= quantity
    return taken
