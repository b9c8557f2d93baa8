"""A preview: what a posting would do, with every number explained."""

from collections import defaultdict
from dataclasses import replace
from functools import cached_property

from ..engine.allocation import BLOCK, DEFER, allocate
from .formula import Formula
from .leash import Leash
from .posting import Posting
from .shortage import Shortage

# Where stock bounds nothing, the search for the maximum gives up here.
ENDLESS = 1e9


class Preview(Posting):
    """A posting that is only shown.

    It reads as a posting does, but writes nothing; and it tells a shortage also where
    the order may take what is not there. Stock is read where somebody asks for it: lots
    for what is taken, sums for how much there is.

    :param entered: ``{move: quantity}`` that a person is about to enter, in the
        component's unit
    """

    def __init__(self, orders, reported, entered=None):
        self.entered = entered or {}
        super().__init__(orders, reported)

    def describe(self):
        """Tell of each component what the posting would take.

        :return: list of plain values; see ``mrp.production.backflush_preview``
        """
        by_move = {a.demand.key: a for a in self.allocations}
        free = self._get_free()
        return [
            self._describe_component(by_move[move], free[move])
            for move in self.moves._sort_backflush()
        ]

    def check_pieces(self):
        """Refuse a quantity for which a part of a serial number would be made or taken.

        :raises UserError: that names the product and the quantity
        """
        for problem in (
            *map(self._get_piece_problem, self.orders),
            Shortage(self.env, self.allocations).get_piece_problem(),
        ):
            if problem:
                raise problem

    def get_lacking(self):
        """Tell of each component what the posting would be refused for.

        :return: ``{move: (short, unchosen)}``, in the component's unit: what is not
            free, and what is free, but of which nobody has chosen the serial numbers
        """
        lacking = {}
        for allocation in self.allocations:
            move = allocation.demand.key
            short, unchosen = allocation.short, allocation.unchosen
            lacking[move] = (
                self._to_component(move, short),
                self._to_component(move, unchosen),
            )
        return lacking

    def get_short_products(self):
        """Tell of which products each order would be refused.

        :return: ``{order: product.product recordset}``, only orders that lack some
        """
        products = {}
        for move, lacking in self.get_lacking().items():
            if any(lacking):
                order = move.raw_material_production_id
                known = products.get(order, self.env["product.product"])
                products[order] = known | move.product_id
        return products

    def get_max_quantity(self, order=None):
        """The maximum of one order that free stock covers, were it reported alone.

        :param order: one of the preview's orders; may be left out where it is the only
            one
        :return: in the order's unit; what remains, where stock does not bound it
        """
        order = order or self.orders
        step = order.product_uom_id.rounding
        if order.product_tracking == "serial":
            step = 1.0
        lacks = self._get_lacks(order, ENDLESS)
        if not lacks:
            return self.get_remaining(order)
        # What the worst product covers is as a rule what all of them cover.
        covered = round(ENDLESS / step)
        while lacks and covered:
            worst = max(lacks, key=lacks.get)
            covered = self._find_covered(
                lambda n, one=worst: self._get_lacks(order, n * step, one).get(one),
                *(covered, lacks[worst]),
            )
            lacks = self._get_lacks(order, covered * step)
        return order.product_uom_id.round(covered * step)

    def get_remaining(self, order=None):
        """What can still be reported on one order, in its unit."""
        return (order or self.orders)._get_backflush_remaining()

    def _find_covered(self, get_lack, short, lack):
        """The largest number of steps that stock covers, tried as rarely as can be.

        What is needed grows nearly in proportion to the steps, so the share of it that
        is short tells where to look next. Where it does not, halving does.

        :param get_lack: tells the share that is short of what so many steps need
        :param short: steps that stock does not cover
        :param lack: the share that is short of what these need
        """
        if get_lack(1):
            return 0
        covered, guess, stride, halve = 1, int(short * (1 - lack)), 1, False
        while short - covered > 1:
            guess = min(max(guess, covered + 1), short - 1)
            if lack := get_lack(guess):
                short, stride = guess, 1
                guess = (covered + short) // 2 if halve else int(guess * (1 - lack))
                halve = not halve
            else:
                covered, guess = guess, guess + stride
                stride *= 2
        return covered

    # --- Decide ---

    def _find_named_lots(self):
        """Leave the lots that are only named: to find them is to write them."""

    def _get_demands(self):
        return [
            self._get_demand(move, self.expected[move])
            for move in self.moves._sort_backflush_by_location()
        ]

    def _get_usual_demand(self, move, expected):
        keeps = move.backflush_method == "manual" and not move._is_backflush_recorded()
        demand = move._prepare_backflush_demand(0.0 if keeps else expected)
        return replace(demand, policy=BLOCK, keeps=keeps)

    def _get_demand(self, move, expected):
        demand = self._get_usual_demand(move, expected)
        if move in self.entered:
            # What is entered anew takes the place of what was entered before.
            quantity = move._get_backflush_product_qty(self.entered[move])
            demand = replace(
                demand,
                quantity=quantity,
                recorded=False,
                keeps=False,
                choose_lots=True,
            )
        return demand

    def _divide_damage(self, demands):
        self.undivided = demands
        demands = super()._divide_damage(demands)
        for demand in self.damage.demands:
            demand.policy = BLOCK
        return demands

    def _add_damage(self, demand):
        """Ask for what a component takes and what is damaged of it at once.

        Where lots are added up, it does not matter which of them takes what.
        """
        damaged = self.damage.get_quantity(demand.key)
        if not damaged:
            return demand
        quantity = demand.quantity + damaged
        changes = {"recorded": False, "keeps": False, "choose_lots": True}
        return replace(demand, quantity=quantity, **changes)

    def _decide(self):
        """Decide lazily, see :attr:`allocations`."""

    @cached_property
    def allocations(self):
        return self._allocate()

    def _get_reach(self, demands):
        """What others add to Odoo's reservation is known by the lot only: read all."""
        return None if self.shelves.is_extended else super()._get_reach(demands)

    @cached_property
    def _whole(self):
        """All that the components find in stock, lots added up.

        :return: see :meth:`.Shelves.read_sums`
        """
        whole = [self._add_damage(demand) for demand in self.undivided]
        if not self.shelves.is_extended:
            return self.shelves.read_sums(whole)
        read = {
            allocation.demand.key: allocation.demand for allocation in self.allocations
        }
        demands = [
            replace(d, places=read[d.key].places, limits=read[d.key].limits)
            for d in whole
        ]
        return demands, self.shelves.get_stock

    def _get_lacks(self, order, quantity, product_id=0):
        """The share that is short of what a quantity needs.

        :param quantity: of an order, in its unit
        :param product_id: of the components that are looked at; 0 = of all
        :return: ``{product id: share}`` of the products that are short
        """
        moves = self.moves & order.move_raw_ids
        if product_id:
            moves = moves.filtered(lambda move: move.product_id.id == product_id)
        totals = self._get_totals({order: quantity})
        expected = moves._get_backflush_expected(totals, self.counts)
        whole, get_stock = self._whole
        demands = []
        for demand in whole:
            move = demand.key
            if move not in moves:
                continue
            changed = self._add_damage(self._get_usual_demand(move, expected[move]))
            spare = self.spare.find(move, totals[order])
            reach = {"places": demand.places, "limits": demand.limits}
            demands.append(replace(changed, spare=spare, **reach))
        needed, missing = defaultdict(float), defaultdict(float)
        for allocation in allocate(demands, get_stock()):
            if allocation.short:
                needed[allocation.demand.product_id] += allocation.demand.quantity
                missing[allocation.demand.product_id] += allocation.short
        return {one: missing[one] / needed[one] for one in missing}

    def _get_free(self):
        """What each component finds in stock, the order's own reservation included.

        :return: ``{move: quantity in the product's unit}``, 0 where it is not kept
        """
        demands, get_stock = self._whole
        stock = get_stock()
        kept = [demand for demand in demands if demand.places is not None]
        for claim in (claim for demand in kept for claim in demand.held):
            if claim.place.lot_id >= 0:
                stock.add(claim.place, claim.quantity)
        free = dict.fromkeys(self.moves, 0.0)
        return free | {demand.key: stock.remaining(demand) for demand in kept}

    # --- Tell ---

    def _describe_component(self, allocation, free):
        move = allocation.demand.key
        total = self.totals[move.raw_material_production_id]
        formula = Formula(move, total, self.counts[move])
        expected = self.expected[move]
        return {
            "move_id": move.id,
            "product_id": move.product_id.id,
            "product": move.product_id.display_name,
            "uom": move.product_uom.name,
            "method": move.backflush_method,
            "ratio": move.backflush_ratio,
            "target": move.product_uom.round(formula.target),
            "covered": move.product_uom.round(formula.covered),
            "expected": move.product_uom.round(expected),
            "free": self._to_component(move, free),
            "shortage": self._to_component(
                move, allocation.short + self.damage.get_short(move)
            ),
            "deferred": self._get_deferred(allocation),
            "location": move.location_id.display_name,
            "lots": self._describe_lots(allocation),
            "formula": formula.explain(expected, self._get_recorded(move)),
        }

    def _get_recorded(self, move):
        """What a person has entered of a component, in its unit, if anything."""
        if not move._is_backflush_recorded():
            return None
        demand = self._get_usual_demand(move, self.expected[move])
        return self._to_component(move, demand.quantity)

    def describe_damage(self):
        """Tell of each entry of what is damaged what the posting would take.

        :return: list of lists of plain values, one for each lot that an entry names;
            see ``mrp.production.backflush_preview``
        """
        allocations = iter(self.all_allocations[len(self.demands) :])
        return [
            [self._describe_damaged(next(allocations)) for _part in entry.get_parts()]
            for entry in self.damage.entries
        ]

    def _describe_damaged(self, allocation):
        move, quantity = allocation.demand.key, allocation.demand.quantity
        return {
            "move_id": move.id,
            "product_id": move.product_id.id,
            "product": move.product_id.display_name,
            "uom": move.product_uom.name,
            "quantity": self._to_component(move, quantity),
            "shortage": self._to_component(
                move, allocation.short + allocation.unchosen
            ),
            "location": move.location_id.display_name,
            "lots": self._describe_lots(allocation),
        }

    def _get_deferred(self, allocation):
        """What the posting would owe of a component, in its unit."""
        move = allocation.demand.key
        order = move.raw_material_production_id
        if order.backflush_shortage != DEFER:
            return self._to_component(move, self._leashed.get(move, 0.0))
        return self._to_component(move, allocation.short + allocation.unchosen)

    @cached_property
    def _leashed(self):
        return Leash(self.env).find_owed(self.allocations, self.shelves.get_stock())

    def _describe_lots(self, allocation):
        move = allocation.demand.key
        takes = [take for take in allocation.takes if take.place.lot_id]
        lots = self.env["stock.lot"].browse(take.place.lot_id for take in takes)
        lines = self.env["stock.move.line"]
        return [
            {
                "lot_id": max(lot.id, 0),
                "name": lot.name if lot.id > 0 else lines.browse(-lot.id).lot_name,
                "quantity": self._to_component(move, take.quantity),
            }
            for lot, take in zip(lots, takes, strict=True)
        ]

    def _to_component(self, move, quantity):
        unit = move.product_uom
        kept = move.product_id.uom_id
        # Odoo rounds conversions up, and so the binary noise of a difference as well.
        return unit.round(kept._compute_quantity(quantity, unit, round=False))
