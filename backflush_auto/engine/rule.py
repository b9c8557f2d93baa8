"""The arithmetic of backflushing, in plain Python.

A posting never consumes "this report × quantity per". It consumes the target of all
that is reported so far, minus what is covered: so the rounding of one posting is made
good by the next, and any sequence of partial reports consumes what one report of their
sum would.
"""

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from math import lcm

from odoo.tools.float_utils import float_round

# A common multiple of steps that is as long as this many of the longest one is no
# use as a grid: the prime factors of pounds and kilograms have little in common.
LONGEST_COMMON_STEP = 10


@lru_cache(maxsize=1024)
def find_common_step(*steps):
    """The shortest step that is a multiple of all of these, 0 where there is none.

    :param steps: greater than zero, all in one unit
    """
    fractions = [Fraction(step).limit_denominator(10**10) for step in steps]
    if not all(fractions):
        return 0.0
    whole = lcm(*(fraction.denominator for fraction in fractions))
    common = Fraction(lcm(*(int(fraction * whole) for fraction in fractions)), whole)
    return float(common) if common < LONGEST_COMMON_STEP * max(fractions) else 0.0


@dataclass(frozen=True, slots=True)
class Rounding:
    """The grid on which quantities of a component can lie.

    :param step: width of the grid, in the component's unit; greater than zero
    :param method: ``HALF-UP``, ``UP`` or ``DOWN``, as in Odoo's ``float_round``
    :param stock: what stock can hold is a multiple of this, in the component's unit;
        0 where that holds for every point of the grid
    """

    step: float = 0.01
    method: str = "HALF-UP"
    stock: float = 0.0

    def apply(self, quantity):
        """Round a quantity to the grid.

        :param quantity: in the component's unit
        :return: the nearest point of the grid in the direction of ``method``, and what
            stock can hold that is nearest to it
        """
        quantity = float_round(
            quantity, precision_rounding=self.step, rounding_method=self.method
        )
        if self.stock:
            quantity = float_round(quantity, precision_rounding=self.stock)
        return quantity


@dataclass(frozen=True, slots=True)
class Rule:
    """How much of a component production takes.

    :param ratio: component quantity for one unit of the finished product, or for the
        order where it is taken once; unrounded, in the component's unit
    :param rounding: the grid of the component's quantities
    :param scrap: expected loss of the component, in per cent of what is built in
    :param per_order: taken once for the order, with its first unit
    """

    ratio: float
    rounding: Rounding = field(default_factory=Rounding)
    scrap: float = 0.0
    per_order: bool = False

    def target(self, quantity):
        """What should have been consumed in total once ``quantity`` is reported.

        :param quantity: all that is reported, in units of the finished product
        :return: quantity in the component's unit, on the rounding grid
        """
        return self.rounding.apply(self.ratio * self._get_factor(quantity))

    def get_ratio(self, target, quantity):
        """The ratio that makes a target of a quantity.

        :param target: in the component's unit
        :param quantity: in units of the finished product
        :return: ratio of the same basis and scrap; 0 where nothing is produced
        """
        factor = self._get_factor(quantity)
        return target / factor if factor else 0.0

    def _get_factor(self, quantity):
        count = float(quantity > 0) if self.per_order else quantity
        return count * (1 + self.scrap / 100)

    def expected(self, quantity, prior=0.0, covered=0.0):
        """What a posting should consume: target minus covered, never below zero.

        An order split from another carries on its count: ``prior`` is what lies before
        the first unit of this order, and the target of that is not this order's to
        consume.

        :param quantity: all that is reported on this order, this posting included, in
            units of the finished product
        :param prior: quantity of the orders this one was split from, same unit
        :param covered: what this order dealt with already, in the component's unit
        :return: quantity in the component's unit, on the rounding grid
        """
        target = self.target(prior + quantity) - self.target(prior)
        return max(0.0, _trim(target - covered))


@dataclass(slots=True)
class Count:
    """What is counted of one component, on all the orders that were split from one.

    Together these orders are one: what all of them have reported decides what is due,
    whichever of them reports next, and whatever becomes of the others. All quantities
    are kept by a key for each order.

    :param units: of the finished product that the component was due for, by order
    :param covered: what was dealt with, in the component's unit, by order
    :param planned: units that each open order is to make, in the order in which they
        are expected to be made
    :param idle: open orders that have nothing left to consume of the component
    """

    units: dict = field(default_factory=dict)
    covered: dict = field(default_factory=dict)
    planned: dict = field(default_factory=dict)
    idle: set = field(default_factory=set)

    def clone(self):
        """A count of its own, to go on counting with."""
        return Count(
            dict(self.units), dict(self.covered), dict(self.planned), set(self.idle)
        )

    def is_shared(self):
        """Whether several open orders are counted together."""
        return len(self.planned) > 1

    def get_covered(self, key):
        """What one order has dealt with, in the component's unit."""
        return self.covered.get(key, 0.0)

    def get_elsewhere(self, key):
        """What the other orders have reported and dealt with.

        :param key: of the order that is left out
        :return: ``(units of the finished product, quantity in the component's unit)``
        """
        units = sum(value for name, value in self.units.items() if name != key)
        covered = sum(value for name, value in self.covered.items() if name != key)
        return units, covered

    def get_target(self, rule, key, units):
        """What one order should have consumed in total once it has reported ``units``.

        :param rule: :class:`Rule` of the component
        :param key: of the order
        :param units: all that is reported on this order, in units of the finished
            product
        :return: the target of all the orders, less what the others have dealt with; in
            the component's unit, never below zero
        """
        reported, covered = self.get_elsewhere(key)
        return max(0.0, _trim(rule.target(reported + units) - covered))

    def take(self, rule, key, units):
        """Post a report: what the order consumes for it is covered afterwards.

        The parameters are those of :meth:`get_target`.

        :return: target minus covered, in the component's unit
        """
        target = self.get_target(rule, key, units)
        quantity = max(0.0, _trim(target - self.get_covered(key)))
        self.units[key] = max(units, self.units.get(key, 0.0))
        self.covered[key] = self.get_covered(key) + quantity
        return quantity

    def plan(self, rule, key):
        """What one order has yet to consume, if all of them are made as planned.

        :param rule: :class:`Rule` of the component
        :param key: of the order, one of ``planned``
        :return: quantity in the component's unit
        """
        count = self.clone()
        for name, units in self.planned.items():
            units = max(units, count.units.get(name, 0.0))
            if name in self.idle:
                count.units[name] = units
                continue
            quantity = count.take(rule, name, units)
            if name == key:
                return quantity
        return 0.0


def _trim(quantity):
    # A difference of two rounded numbers carries binary noise (0.67 - 0.33); Odoo
    # stores quantities with at most a dozen digits.
    return round(quantity, 12) + 0.0
