"""What is done to orders, beside reports."""

from collections import defaultdict

from odoo import Command
from odoo.tests import Form

from .event import Skip
from .steps import CONFIRMED, draw_order, pick, step


@step(
    8,
    lambda rng: {
        "quantity": rng.choice((2, 3, 4, 5, 7, 10, 12)),
        "unit": rng.choice(("unit", "unit", "unit", "dozen")),
        "confirm": rng.random() < 0.9,
    },
)
def order(world, event, quantity, unit, confirm):
    """Make an order."""
    if len(world.open_orders()) > 5:
        raise Skip
    # Where an order in dozens has lots, Odoo enters one unit first, of the lot, and the
    # rest in hundredths of a dozen.
    tracked = world.product.tracking != "none"
    quantity = min(quantity, 4) if unit == "dozen" else quantity
    new = _create(world, quantity, "unit" if tracked else unit)
    event.orders.append(new.id)
    if confirm:
        new.action_confirm()


def _create(world, quantity, unit):
    return world.env["mrp.production"].create(
        {
            "product_id": world.product.id,
            "product_qty": quantity,
            "product_uom_id": world.pool.units[unit].id,
            "bom_id": world.bom.id,
            "picking_type_id": world.warehouse.manu_type_id.id,
        }
    )


@step(6, draw_order)
def assign(world, event, order):
    """Check availability."""
    pick(world, event, order).action_assign()


@step(3, draw_order)
def unreserve(world, event, order):
    """Give the reservation back."""
    pick(world, event, order).do_unreserve()


@step(5, lambda rng: {**draw_order(rng), "parts": rng.choice(([1], [2], [1, 2]))})
def split(world, event, order, parts):
    """Split an order by hand: it keeps what the parts leave."""
    order = pick(world, event, order, ("draft", "confirmed"))
    left = order.product_qty - sum(parts)
    if left <= 0:
        raise Skip
    order.action_split()
    wizard = world.env["mrp.production.split"].create(
        {
            "production_id": order.id,
            "production_detailed_vals_ids": [
                Command.clear(),
                *(
                    Command.create({"quantity": part, "date": order.date_start})
                    for part in [left, *parts]
                ),
            ],
        }
    )
    wizard.action_split()


@step(6, lambda rng: {**draw_order(rng), "quantity": rng.choice((1, 2, 3, 5))})
def merge(world, event, order, quantity):
    """Merge two orders; where there is but one, a new one as well."""
    merged = world.pick(order, ("confirmed",))
    merged |= world.pick(order + 1, ("confirmed",))
    if not merged:
        raise Skip
    if len(merged) < 2:
        merged |= _create(world, quantity, "unit")
        merged.action_confirm()
    event.merged = merged.ids
    action = merged.action_merge()
    event.orders = [action["res_id"]]


@step(3, draw_order)
def cancel(world, event, order):
    """Cancel an order."""
    pick(world, event, order, ("draft", *CONFIRMED)).action_cancel()


@step(3, lambda rng: {**draw_order(rng), "quantity": rng.randint(1, 14)})
def resize(world, event, order, quantity):
    """Change the quantity of an order."""
    order = pick(world, event, order)
    if quantity <= order.qty_produced:
        raise Skip
    values = {"mo_id": order.id, "product_qty": quantity}
    world.env["change.production.qty"].create(values).change_prod_qty()


@step(
    2,
    lambda rng: {
        **draw_order(rng),
        "component": rng.randrange(4),
        "factor": rng.choice((0.5, 2, 3)),
    },
)
def edit(world, event, order, component, factor):
    """Change what an order is to consume of a component."""
    order = pick(world, event, order)
    moves = order.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))
    if not moves:
        raise Skip
    move = moves[component % len(moves)]
    event.unruly.add(move.bom_line_id.id)
    move.product_uom_qty = max(1, move.product_uom_qty * factor)


@step(1, draw_order)
def switch(world, event, order):
    """Switch backflushing of an order off, or on again."""
    order = pick(world, event, order, ("draft", *CONFIRMED))
    event.unruly.update(order.move_raw_ids.bom_line_id.ids)
    order.backflush = not order.backflush


@step(5, lambda rng: {**draw_order(rng), "share": rng.choice((0, 0.5, 0.75, 1, 1))})
def unbuild(world, event, order, share):
    """Unbuild a done order: a share of it, one unit at least."""
    order = pick(world, event, order, ("done",))
    unbuilt = order.unbuild_ids.filtered(
        lambda unbuild: unbuild.state == "done" and not unbuild.backflush_id
    )
    left = order.qty_produced - sum(unbuilt.mapped("product_qty"))
    whole = share == 1 and not unbuilt
    quantity = left if share == 1 else min(left, max(1, int(left * share)))
    if quantity <= 0:
        raise Skip
    values = {
        "product_id": order.product_id.id,
        "mo_id": order.id,
        "product_qty": quantity,
        "product_uom_id": order.product_uom_id.id,
        "location_id": order.location_dest_id.id,
        "location_dest_id": order.location_src_id.id,
    }
    left = _find_lots_left(order)
    if order.product_tracking == "serial":
        for lot in [*left][: round(quantity)]:
            one = {**values, "product_qty": 1, "lot_id": lot.id}
            world.env["mrp.unbuild"].create(one).action_unbuild()
        return
    if left:
        if len(left) > 1 and whole:
            raise Skip
        lot, most = next(iter(left.items()))
        values.update(lot_id=lot.id, product_qty=min(quantity, most))
    world.env["mrp.unbuild"].create(values).action_unbuild()


def _find_lots_left(order):
    """What is left of each lot that an order made, in the product's unit."""
    left = defaultdict(float)
    made = order.move_finished_ids.filtered(
        lambda move: move.product_id == order.product_id and move.state == "done"
    )
    unbuilds = order.unbuild_ids
    undone = (unbuilds.consume_line_ids | unbuilds.produce_line_ids).filtered(
        lambda move: move.product_id == order.product_id and move.state == "done"
    )
    for sign, moves in ((1, made), (-1, undone)):
        for line in moves.move_line_ids.filtered("lot_id"):
            left[line.lot_id] += sign * line.quantity_product_uom
    return {lot: quantity for lot, quantity in left.items() if quantity > 0}


@step(
    0,
    lambda rng: {
        **draw_order(rng),
        "quantity": rng.choice((0, 0, 1, 2, 3)),
        "backorder": rng.random() < 0.8,
    },
)
def produce(world, event, order, quantity, backorder):
    """Click Produce, as on any order, and answer what Odoo asks."""
    order = pick(world, event, order)
    if order.product_tracking == "lot" and not order.lot_producing_ids:
        order.lot_producing_ids = world.create_lot()
    if quantity and quantity < order.product_qty:
        with Form(order) as form:
            form.qty_producing = quantity
    action = order.button_mark_done()
    while isinstance(action, dict) and action.get("target") == "new":
        wizard = Form.from_action(world.env, action).save()
        if wizard._name == "mrp.consumption.warning":
            action = wizard.action_confirm()
        elif backorder:
            action = wizard.action_backorder()
        else:
            action = wizard.action_close_mo()


@step(
    5,
    lambda rng: {
        **draw_order(rng),
        "workorder": rng.randrange(3),
        "action": rng.choice(("start", "finish", "finish", "start order")),
    },
)
def work(world, event, order, workorder, action):
    """Start or finish work, or start the order."""
    order = pick(world, event, order)
    if action == "start order":
        order.action_start()
        return
    workorders = order.workorder_ids.filtered(
        lambda work: work.state not in ("done", "cancel")
    )
    if not workorders:
        raise Skip
    workorder = workorders[workorder % len(workorders)]
    workorder.button_start()
    if action == "finish":
        workorder.button_finish()


@step(
    2,
    lambda rng: {
        **draw_order(rng),
        "component": rng.randrange(4),
        "quantity": rng.choice((0, 1, 2, 7)),
    },
)
def enter(world, event, order, component, quantity):
    """Enter what was consumed of a component, before the report."""
    order = pick(world, event, order)
    moves = order.move_raw_ids.filtered(
        lambda move: (
            move.state not in ("done", "cancel") and move.has_tracking == "none"
        )
    )
    if not moves:
        raise Skip
    move = moves[component % len(moves)]
    event.entered.add(move.bom_line_id.id)
    move.write({"quantity": quantity, "picked": True})


@step(2, lambda rng: {**draw_order(rng), "quantity": rng.choice((0, 1, 3))})
def yields(world, event, order, quantity):
    """Enter what came of a by-product, before the report."""
    order = pick(world, event, order)
    moves = order.move_byproduct_ids.filtered(
        lambda move: move.state not in ("done", "cancel")
    )
    if not moves:
        raise Skip
    event.byproducts.add(order.id)
    moves.write({"quantity": quantity, "picked": True})
