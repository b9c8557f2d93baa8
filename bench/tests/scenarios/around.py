"""What comes before an order, and what it sets off."""

from odoo import Command

from .table import report, scenario


@scenario
def two_steps(shop):
    """Components are picked to the production before."""
    shop.warehouse.manufacture_steps = "pbm"
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(_pick)
    shop.expect(
        taken={"Board Pre-Production": 4}, left={"Board": 6}, rows={"stock_picking": 1}
    )


@scenario
def three_steps(shop):
    """The same, and what is made waits to be stored."""
    shop.warehouse.manufacture_steps = "pbm_sam"
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 3})
    shop.order(shop.chair((board, 2)), 2)
    shop.then(_pick)
    shop.expect(
        taken={"Board A Pre-Production": 3, "Board B Pre-Production": 1},
        left={"Chair Post-Production": 2},
        rows={"stock_picking": 2},
    )


def _pick(orders):
    orders.picking_ids.action_assign()
    orders.picking_ids.button_validate()


@scenario
def picked_half(shop):
    """Half is picked to the production before; the rest goes below zero there."""
    shop.warehouse.manufacture_steps = "pbm"
    board = shop.product("Board")
    shop.put(board, 2)
    shop.order(shop.chair((board, 2), backflush_shortage="negative"), 2)
    shop.then(_pick_half)
    shop.expect(taken={"Board Pre-Production": 4}, left={"Board Pre-Production": -2})


def _pick_half(orders):
    picking = orders.picking_ids
    picking.action_assign()
    picking.with_context(skip_backorder=True).button_validate()


@scenario
def make_to_order(shop):
    """A component is made by an order of its own."""
    board = _create_made_to_order(shop)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(lambda orders: orders._get_children().button_mark_done())
    shop.expect(
        taken={"Wood": 12, "Board": 4},
        made={"Board": 4, "Chair": 2},
        rows={"mrp_production": 2},
    )


@scenario
def make_to_order_in_part(shop):
    """Less is made than the order that waits for it consumes."""
    board = _create_made_to_order(shop)
    shop.order(shop.chair((board, 2), backflush_shortage="negative"), 2)
    shop.then(_make_one)
    shop.expect(taken={"Wood": 3, "Board": 4}, left={"Board": -3})


def _make_one(orders):
    child = orders._get_children()
    report(child, 1)
    child.with_context(skip_backorder=True).button_mark_done()


def _create_made_to_order(shop):
    """Boards, which are made of wood for whoever needs them."""
    route = shop.env.ref("stock.route_warehouse0_mto")
    route.active = True
    routes = route + shop.env.ref("mrp.route_warehouse0_manufacture")
    wood, board = shop.product("Wood"), shop.product("Board", route_ids=routes.ids)
    shop.bom(board, (wood, 3))
    shop.put(wood, 20)
    return board


@scenario
def chain_in_one_call(shop):
    """One order makes what the other consumes."""
    wood, board = shop.product("Wood"), shop.product("Board")
    shop.put(wood, 20)
    shop.order(shop.bom(board, (wood, 3)), 4)
    shop.order(shop.chair((board, 2), backflush_shortage="negative"), 2)
    shop.expect(
        taken={"Wood": 12, "Board": 4}, made={"Board": 4, "Chair": 2}, left={"Board": 0}
    )


@scenario
def reordering_rule(shop):
    """Three boards are left of at least five: Odoo orders seven."""
    route = shop.env.ref("mrp.route_warehouse0_manufacture")
    wood, board = shop.product("Wood"), shop.product("Board", route_ids=route.ids)
    shop.bom(board, (wood, 3))
    shop.put(board, 7)
    shop.env["stock.warehouse.orderpoint"].create(
        {"product_id": board.id, "product_min_qty": 5, "product_max_qty": 10}
    )
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board": 4}, left={"Board": 3}, rows={"mrp_production": 2})


@scenario
def manual_reordering_rules(shop):
    """Odoo keeps with each rule how much is to be ordered."""
    board = shop.product("Board")
    shop.put(board, 7)
    bom = shop.chair((board, 2))
    for product in (board, shop.product_of(bom)):
        vals = {"product_id": product.id, "trigger": "manual"}
        vals |= {"product_min_qty": 5, "product_max_qty": 9}
        shop.env["stock.warehouse.orderpoint"].create(vals)
    shop.order(bom, 2)
    shop.expect(taken={"Board": 4}, rows={"stock_warehouse_orderpoint": 2})


@scenario
def waiting_delivery(shop):
    """What is made is reserved for a delivery that waits for it."""
    board = shop.product("Board")
    shop.put(board, 10)
    bom = shop.chair((board, 2))
    shop.deliver(shop.product_of(bom), 1)
    shop.order(bom, 2)
    shop.expect(taken={"Board": 4}, rows={"stock_move_line": 3})


@scenario
def waiting_order(shop):
    """What is made is reserved for an order that waits for it."""
    board = shop.product("Board")
    shop.put(board, 10)
    chair = shop.chair((board, 2))
    room = shop.bom(shop.product("Room"), (shop.product_of(chair), 2))
    waiting = shop.env["mrp.production"].create({"bom_id": room.id})
    waiting.action_confirm()
    shop.order(chair, 2)
    shop.expect(taken={"Board": 4}, rows={"stock_move_line": 3})


@scenario
def putaway(shop):
    """What is made is put on a shelf of its own."""
    board = shop.product("Board")
    shop.put(board, 10)
    bom = shop.chair((board, 2))
    shop.env["stock.putaway.rule"].create(
        {
            "product_id": shop.product_of(bom).id,
            "location_in_id": shop.stock.id,
            "location_out_id": shop.shelf("Chairs").id,
        }
    )
    shop.order(bom, 2)
    shop.expect(taken={"Board": 4}, left={"Chair Chairs": 2, "Chair": 0})


@scenario
def subcontracting(shop):
    """Components leave the subcontractor when what they made is received."""
    shop.need("mrp_subcontracting")
    supplier = shop.env["res.partner"].create({"name": "Supplier"})
    place = supplier.property_stock_subcontractor
    shop.picking_types += shop.warehouse.subcontracting_type_id
    board = shop.product("Board", tracking="lot")
    shop.put(board, 3, place, lot_id=shop.lot(board, "A"))
    shop.put(board, 3, place, day=1, lot_id=shop.lot(board, "B"))
    bom = shop.chair(
        (board, 2), type="subcontract", subcontractor_ids=[Command.set(supplier.ids)]
    )
    chair = shop.product_of(bom)
    shop.complete_by(lambda orders: _receive(orders.env, shop, supplier, chair))
    shop.expect(
        taken={"Board A Subcontracting": 3, "Board B Subcontracting": 1},
        left={"Chair": 2},
    )


def _receive(env, shop, supplier, product):
    move = {
        "product_id": product.id,
        "product_uom_qty": 2,
        "location_id": env.ref("stock.stock_location_suppliers").id,
        "location_dest_id": shop.stock.id,
    }
    receipt = env["stock.picking"].create(
        {
            "partner_id": supplier.id,
            "picking_type_id": shop.warehouse.in_type_id.id,
            "location_id": move["location_id"],
            "location_dest_id": move["location_dest_id"],
            "move_ids": [Command.create(move)],
        }
    )
    receipt.action_confirm()
    receipt.move_ids.write({"quantity": 2, "picked": True})
    receipt.button_validate()


@scenario
def followers(shop):
    """Somebody follows the order, and reads what is done with it."""
    follower = shop.env["res.partner"].create({"name": "Foreman"})
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(lambda orders: orders.message_subscribe(follower.ids))
    shop.expect(taken={"Board": 4}, rows={"mail_followers": 2})


@scenario
def two_warehouses(shop):
    """An order in each, of the same recipe."""
    other = shop.env["stock.warehouse"].create({"name": "Other", "code": "OTHER"})
    shop.picking_types += other.manu_type_id
    board = shop.product("Board")
    shop.put(board, 10)
    shop.put(board, 10, other.lot_stock_id)
    bom = shop.chair((board, 2))
    shop.order(bom)
    shop.order(bom, 2, picking_type_id=other.manu_type_id.id)
    shop.expect(taken={"Board": 2, "Board Stock": 4})


@scenario
def another_company(shop):
    """An order of another company than the one that its user works in.

    Stock Odoo completes no orders of two companies together, with `mrp_account`.
    """
    other = shop.env["res.company"].create({"name": "Other"})
    shop.user.company_ids += other
    vals = {"name": "Other", "code": "OTHER", "company_id": other.id}
    warehouse = shop.env["stock.warehouse"].create(vals)
    shop.picking_types += warehouse.manu_type_id
    board = shop.product("Board")
    shop.put(board, 10)
    shop.put(board, 10, warehouse.lot_stock_id)
    shop.order(shop.chair((board, 2), company_id=False), 2, company_id=other.id)
    shop.expect(taken={"Board Stock": 4}, left={"Board": 10, "Board Stock": 6})
