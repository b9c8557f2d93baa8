"""A posting: production is reported, and its components leave stock.

One posting object serves any number of orders. It reads once, decides for all of them,
writes once, and leaves the moving of stock to Odoo.
"""

from collections import defaultdict

from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from .allocation import Stock, allocate


class Posting:
    """What is reported on a set of orders, and what each component then takes.

    :param orders: ``mrp.production`` recordset, all of them backflushed; components
        share the stock in its order
    :param reported: ``{order: quantity}`` reported by this posting, in the order's unit
    """

    def __init__(self, orders, reported):
        self.env = orders.env
        self.orders = orders
        self.reported = reported
        self.moves = orders.move_raw_ids._filter_backflush_open()
        self.expected = self.moves._get_backflush_expected(self.reported)
        self.balances = {}
        self.released = []
        self.allocations = self._allocate()

    def check(self):
        """Refuse the posting where a component is short or its lots are not known.

        :raises UserError: one message for all the components of all the orders
        """
        problems = [
            *self._get_shortage_messages(),
            *self._get_serial_messages(),
        ]
        if problems:
            raise UserError("\n\n".join(problems))

    def consume(self):
        """Give every component its quantity and lots, picked for Odoo to move."""
        self._lock()
        new_lines = []
        for allocation in self.allocations:
            move = allocation.demand.key
            self._keep_lines(move, allocation.takes)
            new_lines += [
                move._prepare_backflush_line_vals(take)
                for take in allocation.takes
                if not take.line_id
            ]
        self._create_lines(new_lines)
        self._consumed.picked = True

    def record(self):
        """Keep what was reported and moved as ``mrp.backflush`` records."""
        components = self._posted_moves.grouped("raw_material_production_id")
        none = self.moves.browse()
        finished = {o: o._get_backflush_finished_moves() for o in self.orders}
        orders = self.orders.filtered(lambda o: finished[o] or components.get(o))
        postings = self.env["mrp.backflush"].sudo()
        postings = postings.create(
            [order._prepare_backflush_vals(self.reported[order]) for order in orders]
        )
        for order, posting in zip(orders, postings, strict=True):
            moves = components.get(order, none).sudo()
            for move in moves:
                move.backflush_expected_qty = self.expected[move]
            (moves | finished[order].sudo()).backflush_id = posting

    def carry_on(self, orders):
        """Give the components of orders that stay open a rest, for the next posting.

        :param orders: those of the posting that stay open
        """
        posted = self._posted_moves.filtered(
            lambda move: move.raw_material_production_id in orders
        )
        posted._close_backflush_part()
        posted._open_backflush_rest()
        orders.move_raw_ids._filter_backflush_open()._plan_backflush()
        self._reserve_released(orders)

    def _reserve_released(self, orders):
        """Reserve again what an order had reserved beyond this posting."""
        vals_list = []
        for origin, vals in self.released:
            rest = origin._get_backflush_rest()
            if rest and rest.raw_material_production_id in orders:
                vals_list.append(dict(vals, move_id=rest.id))
        self._create_lines(vals_list)
        moves = self.moves.browse({vals["move_id"] for vals in vals_list})
        moves._recompute_state()

    # --- Decide ---

    def _allocate(self):
        self.moves.move_line_ids._assign_backflush_lots()
        # Who can take from a shelf only comes before who can take from all the stock.
        demands = [
            move._prepare_backflush_demand(self.expected[move])
            for move in self.moves.sorted(
                lambda move: move.location_id.parent_path.count("/"), reverse=True
            )
            if move.backflush_method != "manual" or move._is_backflush_recorded()
        ]
        return allocate(demands, self._read_stock(demands))

    def _read_stock(self, demands):
        """Read what the demands can take; each gets its places in removal order."""
        for location, group in self._group_by_location(demands).items():
            read = self._read_location(location, group)
            self._set_places(group, read)
            self.balances |= read
        known = {place for place, _free in self.balances.values()}
        claimed = [
            claim.place
            for demand in demands
            for claim in demand.claims
            if demand.places is not None and claim.place not in known
        ]
        if claimed:
            self.balances |= self.env["stock.quant"]._get_backflush_claimed(claimed)
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Stock(self.balances.values(), precision_digits=digits)

    def _group_by_location(self, demands):
        groups = defaultdict(list)
        for demand in demands:
            if demand.places is not None:
                groups[demand.location_id].append(demand)
        return groups

    def _read_location(self, location_id, demands):
        needs = defaultdict(float)
        for demand in demands:
            needs[demand.product_id] += demand.quantity
        return self.env["stock.quant"]._get_backflush_balances(
            self.env["product.product"].browse(needs),
            self.env["stock.location"].browse(location_id),
            needs,
        )

    def _set_places(self, demands, balances):
        places = defaultdict(dict)
        for place, _free in balances.values():
            places[place.product_id][place] = True
        for demand in demands:
            demand.places = list(places[demand.product_id])

    # --- Write ---

    def _lock(self):
        """Hold the quants that may not go below zero.

        Odoo writes a quant that another transaction holds as a new, negative one. Here
        the transaction waits instead, and starts again if the stock has changed.
        """
        guarded = {
            take.place
            for allocation in self.allocations
            for take in allocation.takes
            if not allocation.demand.negative
        }
        self.env["stock.quant"]._lock_backflush(
            [key for key, (place, _free) in self.balances.items() if place in guarded]
        )

    def _keep_lines(self, move, takes):
        """Bring the lines that the order holds already to what they take."""
        quantities = {take.line_id: take.quantity for take in takes if take.line_id}
        origin = move._get_backflush_origin()
        for line in move.move_line_ids:
            vals = line._prepare_backflush_rest_vals(quantities.get(line.id, 0.0))
            if vals:
                self.released.append((origin, vals))
            if line.id in quantities:
                line._set_backflush_quantity(quantities[line.id])
        move.move_line_ids.filtered(lambda line: line.id not in quantities).unlink()

    def _create_lines(self, vals_list):
        # Reserving a line searches its quant twice; Odoo takes it from this cache.
        lots = [vals["lot_id"] for vals in vals_list if vals.get("lot_id")]
        quants_cache = self.env["stock.quant"]._get_quants_by_products_locations(
            self.env["product.product"].browse({v["product_id"] for v in vals_list}),
            self.env["stock.location"].browse({v["location_id"] for v in vals_list}),
            extra_domain=["|", ("lot_id", "in", lots), ("lot_id", "=", False)],
        )
        lines = self.env["stock.move.line"].with_context(quants_cache=quants_cache)
        lines.create(vals_list)

    @property
    def _consumed(self):
        """The moves that take something."""
        return self.moves.browse(
            allocation.demand.key.id
            for allocation in self.allocations
            if allocation.takes
        )

    @property
    def _posted_moves(self):
        """The moves of the posting: what was taken, and what a person set to zero."""
        return self.moves.browse(
            allocation.demand.key.id
            for allocation in self.allocations
            if allocation.takes or allocation.demand.recorded
        )

    # --- Say what is missing ---

    def _get_shortage_messages(self):
        lines = self._describe("short", self._describe_shortage)
        if not lines:
            return []
        title = self.env._(
            "Nothing was posted, because these components are short. Receive or move "
            "them to the location named, correct the stock, or enter on the order what "
            "was really consumed:"
        )
        return ["\n".join([title, *lines])]

    def _get_serial_messages(self):
        lines = self._describe("unchosen", self._describe_unchosen)
        if not lines:
            return []
        title = self.env._(
            "Nothing was posted, because nobody has said which serial numbers these "
            "components take. Reserve them with “Check availability”, or enter them in "
            "the details of the component:"
        )
        return ["\n".join([title, *lines])]

    def _describe(self, lack, describe):
        """One line for each product and source location of which something is missing.

        All the orders that want it are named: each may have enough for itself alone.

        :param lack: the attribute of an allocation that says how much is missing
        :param describe: makes the line of what is needed and what is missing
        """
        groups = defaultdict(list)
        for allocation in self.allocations:
            demand = allocation.demand
            groups[demand.product_id, demand.location_id].append(allocation)
        lines = []
        for allocations in groups.values():
            missing = sum(getattr(allocation, lack) for allocation in allocations)
            if missing:
                needed = sum(a.demand.quantity for a in allocations)
                lines.append(describe(allocations, needed, missing))
        return lines

    def _describe_shortage(self, allocations, needed, missing):
        return self.env._(
            "- %(product)s: %(needed)s %(unit)s needed, %(free)s free in %(location)s, "
            "%(missing)s missing (%(orders)s)",
            needed=self._format(needed),
            free=self._format(needed - missing),
            missing=self._format(missing),
            **self._describe_component(allocations),
        )

    def _describe_unchosen(self, allocations, needed, missing):
        return self.env._(
            "- %(product)s: %(needed)s %(unit)s needed, %(missing)s of them to be "
            "chosen from what is free in %(location)s (%(orders)s)",
            needed=self._format(needed),
            missing=self._format(missing),
            **self._describe_component(allocations),
        )

    def _describe_component(self, allocations):
        move = allocations[0].demand.key
        return {
            "product": move.product_id.display_name,
            "unit": move.product_id.uom_id.display_name,
            "location": move.location_id.display_name,
            "orders": self._describe_orders(allocations),
        }

    def _describe_orders(self, allocations):
        quantities = defaultdict(float)
        for allocation in allocations:
            order = allocation.demand.key.raw_material_production_id
            quantities[order] += allocation.demand.quantity
        return ", ".join(
            f"{order.name}: {self._format(quantity)}"
            for order, quantity in quantities.items()
        )

    def _format(self, quantity):
        return formatLang(self.env, quantity, dp="Product Unit")
