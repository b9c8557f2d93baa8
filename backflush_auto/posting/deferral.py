"""Deferred consumption: what is missing is owed, and paid from the stock that comes."""

from collections import defaultdict
from datetime import timedelta
from itertools import product

from ..context import with_private
from ..engine.allocation import allocate
from .shelves import Shelves

AN_INSTANT = timedelta(microseconds=1)


class Held:
    """What waits until stock that comes has paid what is owed.

    ``moves`` are those that would reserve it: what a transfer brings is reserved for
    the move that it is brought for, while it is moved.
    """

    def __init__(self):
        self.moves = []


class Deferral:
    """What a posting owes.

    :param posting: :class:`.Posting`
    """

    def __init__(self, posting):
        self.posting = posting
        self.env = posting.env
        self.moves = self.env["stock.move"]
        self.lots = {}

    def open(self):
        """Make a move of each debt, beside the move of what is taken."""
        vals_list, lots = [], []
        compare = self.posting.shelves.compare
        for allocation in self.posting.allocations:
            if compare(allocation.deferred, 0.0) > 0:
                vals_list.append(self._prepare_debt(allocation))
                lots.append(allocation.missing_lots)
        if not vals_list:
            return
        self.moves = self.moves._open_backflush_deferred(vals_list)
        self.lots = dict(zip(self.moves, lots, strict=True))
        for move in self.moves:
            self.posting.expected[move] = move.backflush_expected_qty

    def _prepare_debt(self, allocation):
        """Values of the move of a debt; the expected quantity is divided with it."""
        move, expected = allocation.demand.key, self.posting.expected
        own, unit = move.product_uom, move._get_backflush_deferred_unit()
        kept = move.product_id.uom_id
        taken = sum(take.quantity for take in allocation.takes)
        wanted = own._compute_quantity(expected[move], unit, round=False)
        taken = kept._compute_quantity(taken, unit, round=False)
        owed = unit.round(
            kept._compute_quantity(allocation.deferred, unit, round=False)
        )
        part = min(owed, max(0.0, unit.round(wanted - taken)))
        expected[move] = max(
            0.0, own.round(unit._compute_quantity(wanted - part, own, round=False))
        )
        return move._prepare_backflush_debt_vals(owed, part)

    def record(self):
        """Keep a record of each debt, once the posting is recorded."""
        if self.moves:
            self.env["mrp.backflush.exception"].sudo()._open(self.moves, self.lots)


class Settlement:
    """Debts that are paid from what is free.

    Older debts come first, and what stock covers of one is paid.

    :param debts: ``mrp.backflush.exception`` records, in their order
    :param location: ``stock.location`` to take them from; where there is none, that of
        each debt
    :param lots: ``stock.lot`` that may be taken; where there is none, those that were
        named, else any
    """

    def __init__(self, debts, location=None, lots=None):
        self.debts = debts
        self.env = debts.env
        self.location = location
        self.lots = lots
        self.shelves = Shelves(self.env)
        self.by_move = {debt.move_id: debt for debt in debts}
        demands = [self._get_demand(debt) for debt in debts]
        stock = self.shelves.read_lots(demands, self._get_reach(demands))
        for demand in demands:
            named = self._get_lots(self.by_move[demand.key]).ids
            if named and demand.places:
                demand.places = [p for p in demand.places if p.lot_id in named]
        allocations = allocate(demands, stock)
        self.allocations = [one for one in allocations if one.takes]

    def _get_lots(self, debt):
        return self.lots or debt.lot_ids

    def _get_demand(self, debt):
        demand = debt.move_id._prepare_backflush_settlement()
        if self.location:
            demand.location_id = self.location.id
        demand.choose_lots = demand.choose_lots or bool(self.lots)
        return demand

    def _get_reach(self, demands):
        if any(self._get_lots(debt) for debt in self.debts):
            return None
        reach = defaultdict(float)
        for demand in demands:
            reach[demand.product_id] += demand.quantity
        return reach

    def pay(self):
        """Take what is there.

        :return: the debts of which something was paid
        """
        paid = self.debts.browse(
            self.by_move[a.demand.key].id for a in self.allocations
        )
        if not paid:
            return paid
        self.shelves.lock(self.allocations)
        moves = self._get_paying_moves()
        if self.location:
            moves.location_id = self.location
        find_quant = self.shelves.find_quant
        lines = with_private(self.env["stock.move.line"], record=True)
        lines._create_backflush_reserved(
            [
                move._prepare_backflush_line_vals(take, find_quant(take.place))
                for move, allocation in zip(moves, self.allocations, strict=True)
                for take in allocation.takes
            ]
        )
        moves = moves.with_context(skip_mo_check=True)
        for company, group in moves.grouped("company_id").items():
            group.with_company(company)._action_done()
        self._date(moves)
        self._trace(moves)
        paid._follow_settlement()
        return paid

    def _get_paying_moves(self):
        """The move that pays of each debt: its own, or one of a part of it."""
        vals_list = []
        for allocation in self.allocations:
            move = allocation.demand.key
            taken = sum(take.quantity for take in allocation.takes)
            if self.shelves.compare(taken, allocation.demand.quantity) < 0:
                vals_list.append(self._prepare_part(move, taken))
        parts = iter(self.env["stock.move"]._open_backflush_deferred(vals_list))
        moves = []
        for allocation in self.allocations:
            taken = sum(take.quantity for take in allocation.takes)
            is_part = self.shelves.compare(taken, allocation.demand.quantity) < 0
            moves.append((next(parts) if is_part else allocation.demand.key).id)
        return with_private(self.env["stock.move"].browse(moves), record=True)

    def _prepare_part(self, move, taken):
        """Values of the move that pays a part of a debt, which owes less then.

        :param taken: in the product's unit
        """
        unit = move.product_uom
        quantity = unit.round(
            move.product_id.uom_id._compute_quantity(taken, unit, round=False)
        )
        expected = min(quantity, move._get_backflush_left_expected())
        vals = move._prepare_backflush_debt_vals(quantity, expected)
        move._shrink_backflush_debt(quantity, expected)
        return {**vals, "backflush_id": move.backflush_id.id}

    def _date(self, moves):
        """Say that these moves came after the stock that pays them.

        Both happen in one second. Odoo goes through the moves of a second by their ids,
        and works out an average cost anew from all of them: a debt is older than what
        pays it, and would take of the average before.
        """
        for date, group in with_private(moves, dated=True).grouped("date").items():
            group.date = date + AN_INSTANT

    def _trace(self, moves):
        """Link what is paid to the finished goods that it was built into."""
        links = []
        for posting, paid in moves.grouped("backflush_id").items():
            made = posting.finished_move_ids or (
                posting.production_id.move_finished_ids.filtered(
                    lambda move, posting=posting: move.backflush_id.id > posting.id
                )
            )
            links += product(paid.move_line_ids.ids, made.move_line_ids.ids)
        if links:
            moves.move_line_ids._link_backflush_consumed(links)
