"""The recipe of orders that belong together, and what became of them so far."""

from fractions import Fraction
from math import ceil, floor

from .pool import COMPONENTS, UNITS

DIGIT = Fraction(1, 100)


def exact(value):
    """A float of the database as the decimal number that it stands for."""
    return Fraction(str(round(value or 0.0, 8)))


class Slot:
    """One line of the recipe.

    :param line: as it was drawn
    :param bom_quantity: for how many units the recipe is
    """

    def __eq__(self, other):
        return vars(self) == vars(other)

    __hash__ = None

    def __init__(self, line, bom_quantity):
        self.line = line
        self.product = line["product"]
        self.method = line["method"]
        self.per_order = line["basis"] == "order"
        quantity = Fraction(line["quantity"])
        self.ratio = quantity if self.per_order else quantity / Fraction(bom_quantity)
        self.ratio *= 1 + Fraction(line["scrap"]) / 100
        self.direction = line["direction"]
        self.step = Fraction(line["step"]) or self._get_digit(line)

    def _get_digit(self, line):
        """What both the line and the product's unit can hold."""
        unit = Fraction(UNITS[line["unit"]][1])
        kept = Fraction(UNITS[COMPONENTS[line["product"]][0]][1])
        return max(DIGIT, DIGIT * kept / unit)

    def target(self, quantity):
        """What should have been consumed once a quantity is produced."""
        if quantity <= 0:
            return Fraction(0)
        return self._round(self.ratio * (1 if self.per_order else quantity))

    def _round(self, quantity):
        steps = quantity / self.step
        if self.direction == "up":
            return ceil(steps) * self.step
        if self.direction == "down":
            return floor(steps) * self.step
        return floor(steps + Fraction(1, 2)) * self.step


class Family:
    """Orders that were split from one, or merged into one."""

    def __init__(self, number, slots):
        self.number = number
        self.orders = set()
        # The recipe as it was when the order was made, by line.
        self.slots = dict(slots)
        # Lines that somebody changed on one of the orders: nobody knows their target.
        self.unruly = set()
        # Lines whose consumption somebody entered: they differ from what is expected.
        self.entered = set()
        # Whether somebody entered what came of its by-products.
        self.yielded = False
        # The most that was ever planned: what is taken at the start follows it.
        self.most = Fraction(0)
        # The most good units that it was ever to make.
        self.good = Fraction(0)
        # Whether a report was corrected.
        self.corrected = False
        # Whether all orders were closed by a report.
        self.closed = False
        self.cancelled = False
