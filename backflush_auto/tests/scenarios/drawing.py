"""Draws a scenario: a world and steps in it, as plain values that can be printed."""

import random

from . import (  # noqa: F401 they are registered
    correction_steps,
    order_steps,
    recipe_steps,
    report_steps,
    scrap_steps,
    stock_steps,
)
from .pool import COMPONENTS, MADE_TO_ORDER
from .steps import STEPS

QUANTITIES = {
    "unit": ("0.1", "0.25", "0.33", "0.5", "1", "1.5", "2", "2", "3", "4"),
    "dozen": ("0.1", "0.25", "0.5", "1"),
    "kg": ("0.02", "0.15", "1", "2.5"),
    "g": ("4", "6", "40", "125", "333"),
    "m": ("0.15", "0.61", "1", "2.5"),
    "cm": ("3", "30.6", "61.2", "120"),
}
# So that no sum of them is ever rounded.
EXACT = {
    "unit": ("0.5", "1", "2", "3"),
    "kg": ("0.25", "1", "2.5"),
    "m": ("0.15", "1", "2.5"),
}
STEPS_OF_ROUNDING = {
    "unit": ("0.25", "1", "1", "5"),
    "dozen": ("1", "0.5"),
    "kg": ("0.1", "1"),
    "g": ("50", "1000"),
    "m": ("0.5", "1"),
    "cm": ("50", "100"),
}


def draw(seed, length):
    """A scenario.

    :param seed: any number: the same seed is the same scenario
    :param length: how many steps
    :return: ``{"kind": "rules", "seed": …, "world": {…}, "steps": [{…}, …]}``
    """
    rng = random.Random(seed)
    world = draw_world(rng)
    names = list(STEPS)
    weights = [STEPS[name].weight for name in names]
    steps = [{"do": "order", **STEPS["order"].draw(rng)}]
    while len(steps) < length:
        [name] = rng.choices(names, weights)
        if steps[-1]["do"] == "order" and rng.random() < 0.6:
            name = rng.choice(get_suppliers(world) or [name])
        steps.append({"do": name, **STEPS[name].draw(rng)})
    return {"kind": "rules", "seed": seed, "world": world, "steps": steps}


def get_suppliers(world):
    """The steps that bring an order what it cannot do without."""
    names = ["bring"] if world["warehouse"] else []
    if {line["product"] for line in world["lines"]} & {*MADE_TO_ORDER}:
        names.append("feed")
    return names


# What stock Odoo and backflushing do alike.
ALIKE = {
    **{"order": 8, "produce": 12, "assign": 2, "split": 3, "merge": 4, "cancel": 1},
    **{"resize": 2, "unbuild": 3, "move": 4, "bring": 3, "update": 1, "feed": 3},
}


def draw_pair(seed, length):
    """A scenario that has to end alike with backflushing and without.

    :param seed: any number: the same seed is the same scenario
    :param length: how many steps
    """
    rng = random.Random(f"pair {seed}")
    world = draw_world(rng)
    for line in world["lines"]:
        line.update(basis="unit", scrap="0", step="0", method="completion")
        line.update(operation=-1, unit=COMPONENTS[line["product"]][0])
        line["quantity"] = rng.choice(EXACT[line["unit"]])
        if COMPONENTS[line["product"]][2] == "serial":
            line["quantity"] = "1"
    world.update(bom_quantity="1", consumption="flexible", shortage="negative")
    world.update(reserve=True, serial_auto=True, scarce=False, operations=0)
    world["finished"] = rng.choice(("table", "table", "lamp"))
    steps = [{"do": "order", **STEPS["order"].draw(rng)}]
    while len(steps) < length:
        [name] = rng.choices(list(ALIKE), list(ALIKE.values()))
        if steps[-1]["do"] == "order" and rng.random() < 0.6:
            name = rng.choice(get_suppliers(world) or [name])
        steps.append({"do": name, **STEPS[name].draw(rng)})
    return {"kind": "pair", "seed": seed, "world": world, "steps": steps}


def draw_world(rng):
    """What the recipe, the settings and the stock are."""
    operations = rng.choice((0, 0, 0, 2, 3))
    lines = [draw_line(rng, operations) for _ in range(rng.choice((1, 2, 2, 3)))]
    whole = any(COMPONENTS[line["product"]][2] == "serial" for line in lines)
    return {
        "finished": rng.choice(("table", "table", "table", "lamp", "engine")),
        "bom_quantity": "1" if whole else rng.choice(("1", "1", "3", "7")),
        "warehouse": rng.choice((0, 0, 0, 0, 1, 2)),
        "consumption": rng.choice(("flexible", "flexible", "warning", "strict")),
        "shortage": rng.choice(("block", "block", "block", "negative")),
        "reserve": rng.random() < 0.2,
        "serial_auto": rng.random() < 0.5,
        "operations": operations,
        "byproduct": rng.random() < 0.15,
        "lines": lines,
        "scarce": rng.random() < 0.25,
        "packed": rng.random() < 0.3,
    }


def draw_line(rng, operations):
    """A line of the bill of materials."""
    product = rng.choice(list(COMPONENTS))
    unit = rng.choice(COMPONENTS[product][1])
    tracking = COMPONENTS[product][2]
    line = {
        "product": product,
        "unit": unit,
        "quantity": rng.choice(QUANTITIES[unit]),
        "basis": rng.choice(("unit", "unit", "unit", "order")),
        "scrap": rng.choice(("0", "0", "5", "12.5")),
        "step": "0",
        "direction": rng.choice(("up", "half-up", "down")),
        "method": rng.choice(
            ("completion", "completion", "completion", "operation", "start", "manual")
        ),
        "operation": rng.randrange(operations) if operations else -1,
        "kit": rng.random() < 0.15,
    }
    if rng.random() < 0.35:
        line["step"] = rng.choice(STEPS_OF_ROUNDING[unit])
    if tracking == "serial":
        line.update(quantity=rng.choice("12"), scrap="0", step="0", kit=False)
    return line
