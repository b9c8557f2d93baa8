"""The stock that a posting can take, as it reads it and as it locks it."""

from collections import defaultdict
from dataclasses import replace

from odoo.tools import float_compare

from ..engine.allocation import NEGATIVE
from ..engine.stock import Stock
from .offers import is_reservation_extended, read_offers


class Shelves:
    """What is free where components are taken from.

    :param env: the environment of the posting
    """

    def __init__(self, env):
        self.env = env
        self.is_extended = is_reservation_extended(env)
        self.balances = {}
        self._quant_ids = None

    @property
    def digits(self):
        """Decimals that quants are kept in."""
        return self.env["decimal.precision"].precision_get("Product Unit")

    def read_lots(self, demands, reach=None):
        """Read what demands can take; each gets its places in removal order.

        :param demands: list of :class:`.Demand`
        :param reach: ``{product id: quantity}`` beyond which nothing is read, in the
            product's unit; all is read where it is not given
        :return: :class:`.Stock`
        """
        kept = [demand for demand in demands if demand.places is not None]
        if self.is_extended:
            self.balances = read_offers(kept, reach)
            leashed = [demand for demand in kept if demand.leash is not None]
            self._read_unknown(demand.own_place for demand in leashed)
        else:
            for location_id, group in _group_by_location(kept).items():
                read = self._read_location(location_id, group, reach)
                _set_places(group, read)
                self.balances |= read
        self._read_unknown(claim.place for demand in kept for claim in demand.held)
        return self.get_stock()

    def _read_unknown(self, places):
        """Read those of some places that were not among what can be taken."""
        known = {place for place, _free in self.balances.values()}
        self.balances |= self._read_places(p for p in places if p not in known)

    def get_stock(self):
        """What was read, to be allocated: a new :class:`.Stock`."""
        return self._make_stock(self.balances)

    def read_sums(self, demands):
        """Read how much there is of what demands can take, lots added up.

        :param demands: list of :class:`.Demand`
        :return: ``(demands with places of their own, function that makes a new``
            :class:`.Stock` ``of these)``
        """
        demands = [replace(demand) for demand in demands]
        kept = [demand for demand in demands if demand.places is not None]
        claims = [claim.place for demand in kept for claim in demand.held]
        balances = self._read_places(claims)
        alone = list(balances)
        groups = _group_by_location(kept)
        products = self.env["product.product"].browse({d.product_id for d in kept})
        locations = self.env["stock.location"].browse(groups)
        quants = self.env["stock.quant"]
        debtors = quants._find_backflush_debtors(products, locations)
        for location, group in zip(locations, groups.values(), strict=True):
            wanted = products.browse({demand.product_id for demand in group})
            read = quants._get_backflush_sums(wanted, location, debtors, alone)
            _set_places(group, read)
            balances |= read
        return demands, lambda: self._make_stock(balances)

    def lock(self, allocations):
        """Hold the quants that may not go below zero.

        Odoo writes a quant that another transaction holds as a new, negative one. Here
        the transaction waits instead, and starts again if the stock has changed.

        :param allocations: list of :class:`.Allocation`
        """
        guarded = {
            take.place
            for allocation in allocations
            for take in allocation.takes
            if allocation.demand.policy != NEGATIVE
            or allocation.demand.leash is not None
        }
        self.env["stock.quant"]._lock_backflush(
            [key for key, (place, _free) in self.balances.items() if place in guarded]
        )

    def compare(self, left, right):
        """-1, 0 or 1, by the decimals that quants are kept in."""
        return float_compare(left, right, precision_digits=self.digits)

    def find_quant(self, place):
        """The quant of a place, may be empty; None where only Odoo asks for it."""
        if not self.is_extended:
            return None
        if self._quant_ids is None:
            self._quant_ids = {
                found: key for key, (found, _free) in reversed(self.balances.items())
            }
        quants = self.env["stock.quant"].sudo()
        return quants.browse(self._quant_ids.get(place, ()))

    def _make_stock(self, balances):
        return Stock(balances.values(), precision_digits=self.digits)

    def _read_places(self, places):
        places = list(places)
        if not places:
            return {}
        return self.env["stock.quant"]._get_backflush_claimed(places)

    def _read_location(self, location_id, demands, reach):
        needs = defaultdict(float)
        for demand in demands:
            needs[demand.product_id] += demand.quantity
        return self.env["stock.quant"]._get_backflush_balances(
            self.env["product.product"].browse(needs),
            self.env["stock.location"].browse(location_id),
            needs,
            reach,
        )


def _group_by_location(demands):
    groups = defaultdict(list)
    for demand in demands:
        groups[demand.location_id].append(demand)
    return groups


def _set_places(demands, balances):
    places = defaultdict(dict)
    for place, _free in balances.values():
        places[place.product_id][place] = True
    for demand in demands:
        demand.places = list(places[demand.product_id])
