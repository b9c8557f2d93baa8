"""What a component is due for where some of what an order makes has failed.

A unit that failed at an operation has taken what is consumed there and before, and
nothing that is consumed later. So a component is due for the good units and for those
that failed once they had reached its operation.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Units of a finished product that failed.

    :param quantity: in the order's unit
    :param at: key of the operation at which they failed; None where they were finished
    :param passed: keys of the operations that they have reached, ``at`` included; None
        for all of them
    :param make_up: others are made in their place
    """

    quantity: float
    at: object = None
    passed: frozenset | None = None
    make_up: bool = False

    def has_reached(self, operation):
        """Whether these units have reached an operation.

        :param operation: key of it; false for what has none, which all have reached
        """
        return not operation or self.passed is None or operation in self.passed

    def has_left(self, operation):
        """Whether these units were good when they left an operation."""
        return self.has_reached(operation) and self.at != operation


def get_due(good, failures, operation=None):
    """The quantity that a component is due for.

    :param good: all the good units that are reported, in the order's unit
    :param failures: iterable of :class:`Failure`
    :param operation: key of the operation that consumes it; None where it has none
    :return: in the order's unit
    """
    return good + sum(f.quantity for f in failures if f.has_reached(operation))


def get_closing(failures):
    """What failed and nothing is made in its place of: it counts towards the order."""
    return sum(failure.quantity for failure in failures if not failure.make_up)


def get_good(ordered, failures):
    """The good units that are left to an order.

    :param ordered: quantity of the order
    :return: same unit, never below zero
    """
    return max(0.0, ordered - get_closing(failures))


def get_left(good, failures, operation):
    """The units that were good when they left an operation.

    :param good: those that are good in the end, in the order's unit
    :param operation: key of the operation
    """
    return good + sum(f.quantity for f in failures if f.has_left(operation))
