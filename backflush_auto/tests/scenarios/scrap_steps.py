"""Units fail, components are spoilt, and goods are scrapped afterwards."""

from .event import Skip
from .steps import CONFIRMED, draw_order, pick, step
from .stock_steps import component_of


def draw_scrap(rng):
    """A report of which some failed."""
    return {
        **draw_order(rng),
        "quantity": rng.choice((0, 0, 1, 1, 2, 3)),
        "failed": rng.choice((1, 1, 1, 2)),
        "at": rng.choice((None, None, 0, 1, 2)),
        "make_up": rng.random() < 0.25,
        "spoilt": rng.choice((0, 0, 0, 1, 2)),
        "remainder": rng.choice(("keep", "keep", "backorder", "cancel")),
        "repeat": rng.random() < 0.3,
    }


@step(12, draw_scrap)
def scrap(world, event, order, at, **drawn):
    """Some of what is reported on an order has failed."""
    order = _pick_order(world, event, order)
    values = _prepare(order, at, **drawn)
    event.reported[order.id] = values["quantity"]
    event.remainder = values["remainder"]
    names = []
    if order.product_tracking == "serial":
        names = [world.next_number("F") for _ in range(values["quantity"])]
    _post(world, event, order, {**values, "lot_names": names}, drawn["repeat"])


@step(6, lambda rng: {**draw_scrap(rng), "workorder": rng.randrange(3)})
def fail(world, event, order, at, workorder, **drawn):
    """Some of what is reported at a work order has failed."""
    order = _pick_order(world, event, order)
    opened = order.workorder_ids.filtered(lambda w: w.state not in ("done", "cancel"))
    if not opened:
        raise Skip
    here = opened.sorted("id")[workorder % len(opened)]
    position = order.workorder_ids.sorted("id").ids.index(here.id)
    at = None if at is None else min(at, position)
    values = _prepare(order, at, **{**drawn, "remainder": "keep"})
    _post(world, event, order, {**values, "workorder_id": here.id}, drawn["repeat"])


def _pick_order(world, event, number):
    order = world.pick(number, CONFIRMED)
    if not order or not order.backflush:
        raise Skip
    event.orders.append(order.id)
    return order


def _prepare(order, at, quantity, failed, make_up, spoilt, remainder, **_rest):
    """The keywords of ``backflush_post``."""
    entry = {"quantity": failed}
    workorders = order.workorder_ids.sorted("id")
    if at is not None and workorders:
        entry["workorder_id"] = workorders[at % len(workorders)].id
    values = {"quantity": quantity, "scrap": [entry], "make_up": make_up}
    if quantity:
        values["remainder"] = remainder
    else:
        values.update(scrap_only=True, remainder="keep")
    moves = order.move_raw_ids.filtered(
        lambda move: (
            move.state not in ("done", "cancel") and move.has_tracking == "none"
        )
    )
    if spoilt and moves:
        values["damaged"] = [{"move_id": moves[0].id, "quantity": spoilt}]
    return values


def _post(world, event, order, values, repeat):
    """Preview a report, and post it."""
    asked = {
        name: value
        for name, value in values.items()
        if name not in ("remainder", "lot_names")
    }
    preview = order.backflush_preview(**asked)
    event.preview[order.id] = preview
    event.shown["preview"] = {
        shown["move_id"]: shown["expected"] for shown in preview["components"]
    }
    values = {**values, "reference": world.next_number("R")}
    event.results.append(order.backflush_post(**values))
    if repeat:
        first = {**event.results[0], "replayed": True}
        event.repeat = lambda: (first, order.backflush_post(**values))


@step(
    6,
    lambda rng: {
        **draw_order(rng),
        "component": rng.randrange(4),
        "quantity": rng.randint(1, 3),
        "made": rng.random() < 0.6,
    },
)
def discard(world, event, order, component, quantity, made):
    """Odoo's Scrap button on an order: a component, or what it has made."""
    order = pick(world, event, order, (*CONFIRMED, "done"))
    values = {"production_id": order.id, "scrap_qty": quantity}
    if made:
        done = order.move_finished_ids.filtered(lambda move: move.state == "done")
        lines = done.move_line_ids.filtered(lambda m: m.product_id == world.product)
        if not lines:
            raise Skip
        line = lines[component % len(lines)]
        values.update(product_id=world.product.id, lot_id=line.lot_id.id)
        values["location_id"] = line.location_dest_id.id
    else:
        product = component_of(world, component)
        if product.tracking != "none":
            raise Skip
        values["product_id"] = product.id
    scrap = world.env["stock.scrap"].create(values)
    if not scrap.check_available_qty():
        raise Skip
    scrap.do_scrap()
