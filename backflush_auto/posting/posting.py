"""A posting: production is reported, and its components leave stock.

One posting object serves any number of orders. It reads once, decides for all of them,
writes once, and leaves the moving of stock to Odoo.
"""

import logging
from collections import defaultdict

from odoo.tools import float_round

from ..context import get_private, with_private, without_defaults
from ..engine.allocation import allocate
from .damage import Damage
from .deferral import Deferral
from .leash import Leash
from .lines import HeldLines
from .shelves import Shelves
from .shortage import Shortage
from .spare import Spare, retain

_logger = logging.getLogger(__name__)
# from this number of orders on, the log reports progress
MANY = 200


class Posting:
    """What is reported on a set of orders, and what each component then takes.

    :param orders: ``mrp.production`` recordset, all of them backflushed; components
        share the stock in its order
    :param reported: ``{order: quantity}`` reported by this posting, in the order's unit
    """

    # Whether what is reported as failed belongs to this posting.
    records_scrap = True
    # The work orders that are reported at, by their order.
    workorders = {}

    def __init__(self, orders, reported):
        self.orders = self._prepare_orders(without_defaults(orders))
        self.env = self.orders.env
        self.reported = reported
        self.totals = self._get_totals(reported)
        self.moves = self._find_moves()
        self.counts = self.moves._get_backflush_counts()
        self.expected = self.moves._get_backflush_expected(
            self.totals, self.counts, together=True
        )
        self.shelves = Shelves(self.env)
        self.deferral = Deferral(self)
        self.scraps = {}
        self._find_named_lots()
        self.demands = self._get_demands()
        retain(self.demands, self.orders._filter_backflush_staying_open())
        self.damage = Damage(self.orders if self.records_scrap else self.orders[:0])
        self.demands = self._divide_damage(self.demands)
        self.spare = Spare(self.moves, self.demands, self.counts)
        for demand in self.demands:
            total = self.totals[self._get_order(demand)]
            demand.spare = self.spare.find(demand.key, total)
        self.damage.add_spare(self.spare)
        self.lines = HeldLines(self.env, self.damage)
        self._decide()

    def check(self):
        """Refuse the posting where a component is short or its lots are not known.

        :raises UserError: one message for all that is short, or that stock cannot hold
        :raises ValidationError: where one is taken from a place that is not for stock
        """
        self.moves._check_backflush_location()
        self._check_units()
        for problem in (
            *map(self._get_piece_problem, self.orders),
            Shortage(self.env, self.all_allocations).get_problem(),
        ):
            if problem:
                raise problem

    def find_refused(self):
        """Tell which orders cannot be posted, so that the others can.

        Stock goes to the orders in their order; what is refused takes nothing.

        :return: ``{order: exception}``
        """
        refused = {}
        allocations = self.all_allocations
        while problem := self._find_first_refused(allocations):
            refused |= problem
            demands = self.demands + self.damage.demands
            kept = [d for d in demands if self._get_order(d) not in refused]
            allocations = allocate(kept, self.shelves.get_stock())
        return refused

    def _find_first_refused(self, allocations):
        """The first order that cannot be posted.

        :return: ``{order: exception}``, empty where all can be
        """
        by_order = defaultdict(list)
        for allocation in allocations:
            by_order[self._get_order(allocation.demand)].append(allocation)
        for order in self.orders:
            problem = self._get_piece_problem(order)
            problem = problem or Shortage(self.env, by_order[order]).get_problem()
            if problem:
                return {order: problem}
        return {}

    def _get_piece_problem(self, order):
        """Why what is reported on an order is no whole number of pieces, if so."""
        return order._get_backflush_piece_problem(self.reported[order])

    def _get_order(self, demand):
        return demand.key.raw_material_production_id

    def consume(self):
        """Give every component its quantity and lots, picked for Odoo to move."""
        self.shelves.lock(self.all_allocations)
        self.lines.spare(self.all_allocations)
        find_quant = self.shelves.find_quant
        new_lines = []
        for allocation in self.allocations:
            move = allocation.demand.key
            self.lines.bring(allocation, self.stock)
            new_lines += [
                move._prepare_backflush_line_vals(take, find_quant(take.place))
                for take in allocation.takes
                if not take.line_id
            ]
        self.lines.give_up(self._unrecorded_moves)
        self._create_taken_lines(new_lines)
        self.lines.record_lot_sources()
        # Odoo picks a move with its lines; picking the move writes each line by itself.
        lines = self._consumed.move_line_ids
        lines.filtered(lambda line: not line.picked).picked = True
        self.deferral.open()
        self.scraps = self.damage.scrap(self.workorders)
        self._tell("the components are on their way")

    def record(self):
        """Keep what was reported and moved.

        :return: ``mrp.backflush`` records
        """
        moves = self._posted_moves | self._unrecorded_moves | self.deferral.moves
        components = moves.grouped("raw_material_production_id")
        none = self.moves.browse()
        finished = {o: self._get_finished_moves(o) for o in self.orders}
        orders = self.orders.filtered(
            lambda o: (
                finished[o]
                or components.get(o)
                or self._is_called_for(o)
                or o in self.scraps
            )
        )
        postings = self.env["mrp.backflush"].sudo()
        postings = postings.create([self._prepare_vals(order) for order in orders])
        for order, posting in zip(orders, postings, strict=True):
            moves = components.get(order, none) | finished[order]
            with_private(moves.sudo(), record=True).backflush_id = posting
        posted = none.union(*(components.get(order, none) for order in orders))
        posted = with_private(posted.sudo(), record=True)
        for quantity, moves in posted.grouped(self.expected.get).items():
            moves.backflush_expected_qty = quantity
        self.deferral.record()
        if self.records_scrap:
            for order, posting in zip(orders, postings, strict=True):
                order._record_backflush_scrap(posting)
                scraps = self.scraps.get(order, self.env["stock.scrap"])
                with_private(scraps, record=True).backflush_id = posting
        postings._log_backflush_postings(components)
        self._tell("stock is moved, the posting is recorded")
        return postings

    def carry_on(self, orders):
        """Give the components of orders that stay open a rest, for the next posting.

        Orders that were split from the same ones are planned with them, and take over
        what is reserved for what these leave to them.

        :param orders: those of the posting that stay open
        """
        posted = self._posted_moves.filtered(
            lambda move: move.raw_material_production_id in orders
        )
        posted._close_backflush_part()
        posted._open_backflush_rest()
        others = orders._get_backflush_split_orders()
        orders = (orders | others).sorted("id")
        reservations = self._get_reservations(orders)
        moves = orders.move_raw_ids._filter_backflush_open()
        # What all of them need together was procured for them before.
        procured = {"no_procurement": True} if others else {}
        moves.with_context(do_not_unreserve=True, **procured)._plan_backflush()
        orders._distribute_backflush_reservations(reservations)

    def _get_reservations(self, orders):
        """What orders have reserved beyond this posting.

        Odoo may have reserved some of it anew, maybe other lots.

        :return: see ``mrp.production._get_backflush_reservations``
        """
        reservations = defaultdict(list)
        for order in orders:
            held = order._get_backflush_reservations() | self.lines.get_released(order)
            for root, lines in held.items():
                reservations[root] += lines
        return reservations

    def _tell(self, progress):
        """Let the log say how far the posting of many orders is."""
        if len(self.orders) >= MANY:
            _logger.info("Posting %s orders: %s.", len(self.orders), progress)

    def _check_units(self):
        """Refuse what was reported or entered and stock cannot hold."""
        self._recorded_moves._check_backflush_entries()
        self.orders._check_backflush_units(self.reported)

    def _prepare_orders(self, orders):
        """The orders in the environment that the posting works in."""
        return orders

    # --- What is posted ---

    def _get_totals(self, reported):
        """The quantity that components are due for, of each order, in its unit.

        :param reported: ``{order: quantity}`` of all of the orders, or of some
        """
        orders = self.orders.filtered(lambda order: order in reported)
        return orders._get_backflush_totals(reported)

    def _find_moves(self):
        return self.orders.move_raw_ids._filter_backflush_open()

    def _get_finished_moves(self, order):
        return order._get_backflush_finished_moves()

    def _is_called_for(self, order):
        """Whether a program waits for the record, also where nothing was moved."""
        return order.id in get_private(self.env, "identities", {})

    def _prepare_vals(self, order):
        vals = order._prepare_backflush_vals(self.reported[order])
        if self.records_scrap:
            vals["scrapped_qty"] = order._get_backflush_scrapped_units()
        return vals

    # --- Decide ---

    def _decide(self):
        self.allocations = self._allocate()
        self._tell("what each component takes is known")

    def _allocate(self):
        """Allocate stock to components, and to what is damaged of them.

        :return: list of :class:`.Allocation` of the components
        """
        demands = Leash(self.env).put_on(self.demands + self.damage.demands)
        # A lot that was spoilt may lie beyond what all of them take.
        reach = None if self.damage.names_lots else self._get_reach(demands)
        self.stock = self.shelves.read_lots(demands, reach)
        self.damage.restrict()
        allocations = allocate(demands, self.stock)
        self.damage.allocations = allocations[len(self.demands) :]
        return allocations[: len(self.demands)]

    def _divide_damage(self, demands):
        """Leave to what is damaged what the orders have reserved for it."""
        return self.damage.claim(demands)

    @property
    def all_allocations(self):
        """What is taken of all components, and what is damaged of them."""
        return self.allocations + self.damage.allocations

    def _find_named_lots(self):
        # Odoo reads the lines of finished goods order by order: here all are read.
        (self.moves | self.orders.move_finished_ids).move_line_ids.mapped("quantity")
        self.moves.move_line_ids._assign_backflush_lots()

    def _get_demands(self):
        return [
            move._prepare_backflush_demand(self.expected[move])
            for move in self.moves._sort_backflush_by_location()
            if move.backflush_method != "manual" or move._is_backflush_recorded()
        ]

    def _get_reach(self, demands):
        """How much of each product is read: what all can take of it, wherever it lies.

        :return: ``{product id: quantity}``
        """
        digits, reach = self.shelves.digits, defaultdict(float)
        for demand in demands:
            reach[demand.product_id] += float_round(
                demand.quantity, precision_digits=digits, rounding_method="UP"
            )
        return reach

    # --- Write ---

    def _create_taken_lines(self, vals_list):
        """Create the lines of what is taken."""
        lines = with_private(self.env["stock.move.line"], record=True)
        return lines._create_backflush_reserved(vals_list).with_env(self.env)

    @property
    def _recorded_moves(self):
        """The moves of which a person has entered what they take."""
        return self.moves.browse(d.key.id for d in self.demands if d.recorded)

    @property
    def _consumed(self):
        """The moves that take something."""
        return self.moves.browse(a.demand.key.id for a in self.allocations if a.takes)

    @property
    def _posted_moves(self):
        """The moves of the posting: what was taken, and what a person set to zero."""
        return self.moves.browse(
            allocation.demand.key.id
            for allocation in self.allocations
            if allocation.takes or allocation.demand.recorded
        )

    @property
    def _unrecorded_moves(self):
        """The manual components that nobody recorded, of the orders that close.

        Their variance is that nothing was consumed. While an order stays open they can
        be recorded yet, for all that is reported so far.
        """
        staying = self.orders._filter_backflush_staying_open().filtered(
            lambda order: order._get_backflush_remaining()
        )
        return self.moves.filtered(
            lambda move: (
                move.backflush_method == "manual"
                and move.raw_material_production_id not in staying
                and self.expected[move]
            )
        )
