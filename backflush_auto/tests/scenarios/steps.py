"""What people and programs do: how each step is drawn, and how it is done.

A step says which order it is about by any number: the order of that place, counted
round and round. So it means something in every world, and steps before it can be left
out.
"""

from collections.abc import Callable
from dataclasses import dataclass

from .event import Skip

CONFIRMED = ("confirmed", "progress", "to_close")


@dataclass(frozen=True)
class Step:
    """How often a step is drawn, how, and how it is done."""

    weight: int
    draw: Callable
    run: Callable


STEPS = {}


def step(weight, draw):
    """Register a step under the name of its function."""

    def register(run):
        STEPS[run.__name__.strip("_")] = Step(weight, draw, run)
        return run

    return register


def pick(world, event, number, states=CONFIRMED):
    """The order that a step is about.

    :raises Skip: where there is none
    """
    order = world.pick(number, states)
    if not order:
        raise Skip
    event.orders.append(order.id)
    return order


def draw_order(rng):
    """Which order a step is about."""
    return {"order": rng.randrange(6)}
