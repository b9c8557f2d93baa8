"""What people change on an order, and how they end it."""

from odoo import Command

from .table import NOT_FILLED, report, scenario


@scenario
def changed_quantity(shop):
    """Five are to be made instead of three."""
    board = shop.product("Board")
    shop.put(board, 20)
    shop.order(shop.chair((board, 2)), 3)
    shop.then(_change_to_five)
    shop.expect(taken={"Board": 10}, made={"Chair": 5})


def _change_to_five(orders):
    vals = {"mo_id": orders.id, "product_qty": 5}
    orders.env["change.production.qty"].create(vals).change_prod_qty()


@scenario
def edited_demand(shop):
    """Somebody has changed the demand of the order."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), consumption="flexible"), 2)
    shop.then(lambda orders: orders.move_raw_ids.write({"product_uom_qty": 5}))
    shop.expect(taken={"Board": 5}, left={"Board": 5})


@scenario
def recorded_by_hand(shop):
    """Somebody has said that three were consumed."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), consumption="flexible"), 2)
    entry = {"quantity": 3, "picked": True, "manual_consumption": True}
    shop.then(lambda orders: orders.move_raw_ids.write(entry))
    shop.expect(taken={"Board": 3}, left={"Board": 7})


@scenario
def added_component(shop):
    """Somebody has added one to the order."""
    board, paint = shop.product("Board"), shop.product("Paint")
    shop.put(board, 10)
    shop.put(paint, 10)
    shop.order(shop.chair((board, 2), consumption="flexible"), 2)
    component = {"product_id": paint.id, "product_uom_qty": 3}
    shop.then(
        lambda orders: orders.write({"move_raw_ids": [Command.create(component)]})
    )
    shop.expect(taken={"Board": 4, "Paint": 3})


@scenario
def cancelled_component(shop):
    """Somebody has taken one from the order."""
    board, paint = shop.product("Board"), shop.product("Paint")
    shop.put(board, 10)
    shop.put(paint, 10)
    shop.order(shop.chair((board, 2), (paint, 1), consumption="flexible"), 2)
    shop.then(lambda orders: orders.move_raw_ids[-1]._action_cancel())
    shop.expect(taken={"Board": 4}, left={"Paint": 10})


@scenario
def scrapped_component(shop):
    """A board was broken before."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(_scrap_one)
    shop.expect(taken={"Board": 5}, left={"Board": 5}, rows={"stock_scrap": 1})


def _scrap_one(orders):
    vals = {
        "production_id": orders.id,
        "product_id": orders.move_raw_ids.product_id.id,
        "scrap_qty": 1,
    }
    orders.env["stock.scrap"].create(vals).action_validate()


@scenario
def unbuilt(shop):
    """One of two is taken apart again."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 3})
    shop.order(shop.chair((board, 2)), 2)
    shop.complete_by(_produce_and_unbuild_one)
    shop.expect(taken={"Board A": 3, "Board B": 1}, left={"Chair": 1})


def _produce_and_unbuild_one(orders):
    orders.button_mark_done()
    vals = {"mo_id": orders.id, "bom_id": orders.bom_id.id, "product_qty": 1}
    orders.env["mrp.unbuild"].create(vals).action_validate()


@scenario
def over_production(shop):
    """Three of two are made."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(lambda orders: report(orders, 3))
    shop.expect(taken={"Board": 6}, made={"Chair": 3})
    shop.differ(NOT_FILLED)


@scenario
def backorder(shop):
    """One of three is made, the rest later."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 6})
    shop.order(shop.chair((board, 2)), 3)
    shop.then(lambda orders: report(orders, 1))
    shop.complete_by(
        lambda orders: orders.with_context(
            skip_backorder=True, mo_ids_to_backorder=orders.ids
        ).button_mark_done()
    )
    shop.expect(taken={"Board A": 2}, made={"Chair": 1}, rows={"mrp_production": 2})


@scenario
def no_backorder(shop):
    """One of three is made, the rest never."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 6})
    shop.order(shop.chair((board, 2)), 3)
    shop.then(lambda orders: report(orders, 1))
    shop.complete_by(
        lambda orders: orders.with_context(skip_backorder=True).button_mark_done()
    )
    shop.expect(taken={"Board A": 2}, made={"Chair": 1}, rows={"mrp_production": 1})
    shop.differ(NOT_FILLED)
