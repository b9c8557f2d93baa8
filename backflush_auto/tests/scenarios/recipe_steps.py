"""The recipe changes: of one order, or on the bill of materials."""

from fractions import Fraction

from .event import Skip
from .pool import COMPONENTS
from .steps import CONFIRMED, draw_order, pick, step


def draw_change(rng):
    """What of a line changes, and to what."""
    changes = (
        ("factor", rng.choice(("0.5", "2", "3"))),
        ("scrap", rng.choice(("0", "5", "10"))),
        ("basis", rng.choice(("unit", "order"))),
        ("method", rng.choice(("completion", "manual", "start", "operation"))),
        ("direction", rng.choice(("up", "half-up", "down"))),
    )
    what, value = rng.choice(changes)
    return {"component": rng.randrange(4), "what": what, "value": value}


def _change(line, what, value):
    """The values of a line, one of them changed.

    :raises Skip: where there is nothing to change
    """
    if what == "factor":
        what, value = "quantity", str(Fraction(line["quantity"]) * Fraction(value))
    is_serial = COMPONENTS[line["product"]][2] == "serial"
    if line[what] == value or is_serial and what in ("quantity", "scrap", "basis"):
        raise Skip
    return {**line, what: value}


FIELDS = {
    "scrap": "backflush_scrap",
    "basis": "backflush_basis",
    "method": "backflush_method",
    "direction": "backflush_rounding_method",
}


@step(4, lambda rng: {**draw_order(rng), **draw_change(rng)})
def recipe(world, event, order, component, what, value):
    """Change how an order consumes a component."""
    order = pick(world, event, order, ("draft", *CONFIRMED))
    slots = world.oracle.families[order.id].slots
    lines = world.bom_lines
    bom_line = lines[component % len(lines)]
    moves = order.move_raw_ids.filtered(
        lambda m: m.bom_line_id == bom_line and m.state not in ("done", "cancel")
    )
    if not order.backflush or len(moves) != 1:
        raise Skip
    changed = _change(slots[bom_line.id].line, what, value)
    if what == "basis":
        # The ratio of the component stays the number that it is.
        share = Fraction(world.spec["bom_quantity"])
        share = share if value == "unit" else 1 / share
        changed["quantity"] = str(Fraction(changed["quantity"]) * share)
    event.edited[bom_line.id] = changed
    if what == "factor":
        moves.backflush_ratio *= float(value)
    else:
        moves[FIELDS[what]] = float(value) if what == "scrap" else value


@step(4, draw_change)
def revise(world, event, component, what, value):
    """Change a line of the bill of materials, which changes no order yet."""
    number = component % len(world.bom_lines)
    line = _change(world.lines[number], what, value)
    if (Fraction(line["quantity"]) * 100).denominator != 1:
        # A bill of materials has two decimals.
        raise Skip
    world.lines[number] = line
    bom_line = world.bom_lines[number]
    event.revised[bom_line.id] = line
    bom_line.write(world.prepare_line(line))


@step(4, draw_order)
def update(world, event, order):
    """Update BoM: an order follows the bill of materials as it is now."""
    order = pick(world, event, order, ("draft", *CONFIRMED))
    event.updated = True
    order.action_update_bom()
