"""The arithmetic of backflushing, in plain Python.

A posting never consumes "this report × quantity per". It consumes the target of all
that is reported so far, minus what is covered: so the rounding of one posting is made
good by the next, and any sequence of partial reports consumes what one report of their
sum would.
"""

from dataclasses import dataclass, field

from odoo.tools.float_utils import float_round


@dataclass(frozen=True, slots=True)
class Rounding:
    """The grid on which quantities of a component can lie.

    :param step: width of the grid, in the component's unit; greater than zero
    :param method: ``HALF-UP``, ``UP`` or ``DOWN``, as in Odoo's ``float_round``
    """

    step: float = 0.01
    method: str = "HALF-UP"

    def apply(self, quantity):
        """Round a quantity to the grid.

        :param quantity: in the component's unit
        :return: the nearest point of the grid in the direction of ``method``
        """
        return float_round(
            quantity, precision_rounding=self.step, rounding_method=self.method
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """How much of a component production takes.

    :param ratio: component quantity for one unit of the finished product, or for the
        order where it is taken once; unrounded, in the component's unit
    :param rounding: the grid of the component's quantities
    :param scrap: expected loss of the component, in per cent of what is built in
    :param once: taken once for the order, with its first unit, however much it makes
    """

    ratio: float
    rounding: Rounding = field(default_factory=Rounding)
    scrap: float = 0.0
    once: bool = False

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
        count = float(quantity > 0) if self.once else quantity
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


def _trim(quantity):
    # A difference of two rounded numbers carries binary noise (0.67 - 0.33); Odoo
    # stores quantities with at most a dozen digits.
    return round(quantity, 12) + 0.0
