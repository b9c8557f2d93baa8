"""What is free where components are taken from, in plain Python."""

from collections import defaultdict
from math import inf

from odoo.tools.float_utils import float_compare, float_round

from .allocation import NEGATIVE


class Stock:
    """Free quantities of places, shared by all demands.

    :param balances: iterable of ``(place, free quantity)``; a place may come several
        times, and a balance may be negative: it then eats what lies elsewhere in the
        same source location, as in Odoo's own reservation
    :param precision_digits: decimals that quants are kept in
    """

    def __init__(self, balances, precision_digits=2):
        self.digits = precision_digits
        self.free = defaultdict(float)
        self.spared = defaultdict(float)
        for place, quantity in balances:
            self.free[place] += quantity
        self.in_debt = {p.product_id for p, free in self.free.items() if free < 0}

    def compare(self, left, right):
        """-1, 0 or 1, after rounding both to the decimals that quants are kept in."""
        return float_compare(left, right, precision_digits=self.digits)

    def is_exact(self, quantity, unit):
        """Whether a line in a unit of this size can hold a quantity unrounded."""
        in_unit = float_round(quantity / unit, precision_digits=self.digits)
        return not self.compare(in_unit * unit, quantity)

    def add(self, place, quantity):
        """Change the free quantity of a place by what its quant would change."""
        self.free[place] += float_round(quantity, precision_digits=self.digits)
        if self.compare(self.free[place], 0) < 0:
            self.in_debt.add(place.product_id)

    def fits(self, demand, place, quantity):
        """Whether a demand may take a quantity from a place, below zero or not."""
        if demand.policy == NEGATIVE and not demand.tracked and demand.leash is None:
            return True
        return self.compare(quantity, self.free[place]) <= 0

    def room_below(self, demand):
        """How much a demand may take that is not there."""
        if demand.policy != NEGATIVE or demand.tracked:
            return 0.0
        if demand.leash is None:
            return inf
        places = {*demand.places, demand.own_place}
        below = sum(max(0.0, -self.free[place]) for place in places)
        return max(0.0, demand.leash - below)

    def remaining(self, demand, lot_id=None):
        """Free quantity of a demand's places, debts of negative places deducted."""
        if not demand.tracked:
            free = (demand.limit(place, self.free[place]) for place in demand.places)
            return max(0.0, sum(free))
        by_lot = defaultdict(float)
        for place in demand.places:
            if place.lot_id and lot_id in (None, place.lot_id):
                by_lot[place.lot_id] += demand.limit(place, self.free[place])
        return sum(quantity for quantity in by_lot.values() if quantity > 0)

    def available(self, demand, place):
        """How much of a place a demand can take."""
        if demand.tracked and not place.lot_id:
            return 0.0
        free = self.free[place]
        if free > 0 and demand.product_id in self.in_debt:
            free = min(free, self.remaining(demand, place.lot_id))
        return free
