"""What is played by stock Odoo and by the addon: a function for each scenario.

Each builds what it is about, says which orders are made and what happens to them, and
what has to be seen in the end so that it was really played.
"""

from datetime import datetime

from odoo import Command

# Stock Odoo fills the components when a quantity is entered or a work order finished,
# ours when the production is posted.
NOT_FILLED = "mail_tracking_value.new_value_char: 'Ready' against 'Waiting' (1 row)"
ALL = {}


def scenario(function):
    """Have a function played by the table test, under its name."""
    ALL[function.__name__] = function
    return function


# --- Which stock is taken ---


@scenario
def reservations_of_others(shop):
    """Two of the old lot wait for a delivery."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"OLD": 3, "NEW": 5})
    shop.deliver(board, 2)
    shop.order(shop.chair((board, 2)))
    shop.expect(
        taken={"Board OLD": 1, "Board NEW": 1}, left={"Board OLD": 2, "Board NEW": 4}
    )


@scenario
def shortage(shop):
    """Stock goes below zero, where the bill of materials allows it."""
    board = shop.product("Board")
    shop.put(board, 3)
    bom = shop.chair((board, 2), backflush_shortage="negative")
    shop.order(bom, 3)
    shop.expect(taken={"Board": 6}, left={"Board": -3})


@scenario
def deeper_below_zero(shop):
    """Stock is below zero before."""
    board = shop.product("Board")
    shop.put(board, -2)
    shop.order(shop.chair((board, 2), backflush_shortage="negative"))
    shop.expect(taken={"Board": 2}, left={"Board": -4})


@scenario
def shortage_with_reservations(shop):
    """Stock Odoo takes what waits for a delivery; ours leaves it reserved."""
    board = shop.product("Board")
    shop.put(board, 5)
    shop.deliver(board, 4)
    shop.order(shop.chair((board, 2), backflush_shortage="negative"), 2)
    shop.expect(taken={"Board": 4}, left={"Board": 1})
    shop.differ(
        "stock_move: 3 rows against 2 rows (1 row)",
        "stock_move_line: 4 rows against 3 rows (1 row)",
        "stock_quant.reserved_quantity: 1 against 4 (1 row)",
    )


@scenario
def first_in_first_out(shop):
    """The lots that came first, whichever were entered first."""
    board = _create_lots_of_four_days(shop)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board Day 0": 3, "Board Day 1": 1})


@scenario
def last_in_first_out(shop):
    """The lots that came last."""
    shop.remove_by("stock.removal_lifo")
    board = _create_lots_of_four_days(shop)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board Day 3": 3, "Board Day 2": 1})


def _create_lots_of_four_days(shop):
    board = shop.product("Board", tracking="lot")
    for day in (1, 3, 0, 2):
        shop.put(board, 3, day=day, lot_id=shop.lot(board, f"Day {day}"))
    return board


@scenario
def closest_location(shop):
    """The shelf whose name comes first, whichever was filled first."""
    shop.remove_by("stock.removal_closest")
    board = shop.product("Board")
    for day, name in enumerate(["Shelf 2", "Shelf 1", "Shelf 3"]):
        shop.put(board, 3, shop.shelf(name), day=day)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board Shelf 1": 3, "Board Shelf 2": 1})


@scenario
def least_packages(shop):
    """One package of six, though one of two came first."""
    shop.remove_by("stock.removal_least_packages")
    board = shop.product("Board")
    for day, (name, quantity) in enumerate({"TWO": 2, "SIX": 6, "FOUR": 4}.items()):
        shop.put(board, quantity, day=day, package_id=shop.package(name))
    shop.order(shop.chair((board, 6)))
    shop.expect(taken={"Board SIX": 6})


@scenario
def first_expired_first_out(shop):
    """The lot that expires first, whichever came first."""
    shop.need("product_expiry")
    shop.remove_by("product_expiry.removal_fefo")
    milk = shop.product("Milk", tracking="lot", use_expiration_date=True)
    for day, year in enumerate([2101, 2100, 2102]):
        date = datetime(year, 1, 1)
        lot = shop.lot(milk, f"{year}", expiration_date=date, removal_date=date)
        shop.put(milk, 3, day=day, lot_id=lot)
    shop.order(shop.chair((milk, 2)), 2)
    shop.expect(taken={"Milk 2100": 3, "Milk 2101": 1})


@scenario
def lots_shared_by_orders(shop):
    """A lot that one order has begun is used up by the next."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 2, "C": 4})
    bom = shop.chair((board, 2))
    shop.order(bom)
    shop.order(bom, 2)
    shop.expect(
        taken={"Board A": 3, "Board B": 2, "Board C": 1},
        left={"Board A": 0, "Board B": 0, "Board C": 3},
        rows={"stock_move_line": 6},
    )


@scenario
def packages(shop):
    """A package is used up, another is opened."""
    board = shop.product("Board")
    for day, name in enumerate(["FIRST", "SECOND"]):
        shop.put(board, 3, day=day, package_id=shop.package(name))
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board FIRST": 3, "Board SECOND": 1}, left={"Board SECOND": 2})


@scenario
def lots_in_packages(shop):
    """A lot in two packages, one of them a guest's."""
    board = shop.product("Board", tracking="lot")
    lot, guest = shop.lot(board, "A"), shop.owner("Guest")
    shop.put(board, 3, lot_id=lot, package_id=shop.package("ONE"))
    shop.put(
        board, 3, day=1, lot_id=lot, package_id=shop.package("TWO"), owner_id=guest
    )
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board A ONE": 3, "Board A TWO Guest": 1})


@scenario
def owners(shop):
    """Odoo takes a guest's goods as well, and each stay their owner's."""
    board = shop.product("Board")
    shop.put(board, 3, owner_id=shop.owner("Guest"))
    shop.put(board, 3, day=1)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board Guest": 3, "Board": 1}, left={"Board": 2})


@scenario
def sub_locations(shop):
    """All stock lies on two shelves."""
    board = shop.product("Board")
    shop.put(board, 3, shop.shelf("High"))
    shop.put(board, 3, shop.shelf("Low"), day=1)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board High": 3, "Board Low": 1})


@scenario
def duplicate_quants(shop):
    """The same goods at the same place, in two quants."""
    board = shop.product("Board")
    quant = {"product_id": board.id, "location_id": shop.stock.id, "quantity": 3}
    shop.env["stock.quant"].create([quant, dict(quant)])
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board": 4}, quants={"Board": [-1, 3]})


@scenario
def duplicate_quants_of_lots(shop):
    """A lot in two quants, of which one is reserved for a delivery."""
    board = shop.product("Board", tracking="lot")
    lot = shop.lot(board, "A")
    quant = {"product_id": board.id, "location_id": shop.stock.id, "quantity": 3}
    shop.env["stock.quant"].create([{**quant, "lot_id": lot.id} for _ in range(2)])
    shop.deliver(board, 2)
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board A": 4}, quants={"Board A": [-1, 3]})


@scenario
def negative_quant(shop):
    """What a shelf owes is not free on the other."""
    board = shop.product("Board")
    shop.put(board, -2, shop.shelf("Low"))
    shop.put(board, 6, shop.shelf("High"))
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board High": 4}, left={"Board Low": -2, "Board High": 2})


@scenario
def debt_without_lot(shop):
    """Goods of a lot, and less than nothing without one."""
    board = shop.product("Board", tracking="lot")
    shop.put(board, -2)
    shop.put_lots(board, {"A": 3, "B": 6})
    shop.order(shop.chair((board, 2)), 2)
    shop.expect(taken={"Board A": 3, "Board B": 1}, left={"Board": -2, "Board B": 5})


@scenario
def serial_numbers(shop):
    """Reserved at the confirmation, where Odoo does it."""
    motor = shop.product("Motor", tracking="serial")
    shop.put_lots(motor, {"S1": 1, "S2": 1, "S3": 1})
    shop.order(shop.chair((motor, 2)))
    shop.expect(taken={"Motor S1": 1, "Motor S2": 1}, left={"Motor S3": 1})


# --- What the order has reserved before ---


@scenario
def partly_reserved(shop):
    """Three of four were there when it was checked, the rest came later."""
    board = shop.product("Board")
    shop.put(board, 3)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(lambda orders: orders.action_assign())
    shop.then(lambda orders: shop.put(board, 5))
    shop.expect(taken={"Board": 4}, left={"Board": 4})


@scenario
def more_of_a_reserved_lot(shop):
    """More of it comes and an older one: the order goes on with its own."""
    board = shop.product("Board", tracking="lot")
    mine, older = shop.lot(board, "MINE"), shop.lot(board, "OLDER")
    shop.put(board, 1, lot_id=mine)
    shop.order(shop.chair((board, 2)), 2)
    shop.then(lambda orders: orders.action_assign())
    shop.then(lambda orders: shop.put(board, 5, day=-1, lot_id=older))
    shop.then(lambda orders: shop.put(board, 2, lot_id=mine))
    shop.expect(taken={"Board MINE": 3, "Board OLDER": 1}, left={"Board OLDER": 4})


@scenario
def reserved_in_dozens(shop):
    """A dozen of two is reserved, a dozen came later."""
    dozen = shop.env.ref("uom.product_uom_dozen")
    bolt = shop.product("Bolt")
    shop.put(bolt, 12)
    shop.order(shop.chair((bolt, 1, {"product_uom_id": dozen.id})), 2)
    shop.then(lambda orders: orders.action_assign())
    shop.then(lambda orders: shop.put(bolt, 20))
    shop.expect(taken={"Bolt": 24}, left={"Bolt": 8})


@scenario
def reserved_at_confirmation(shop):
    """Ours, too, where the company says so."""
    shop.env.company.backflush_reserve = True
    board, bolt = shop.product("Board", tracking="lot"), shop.product("Bolt")
    shop.put_lots(board, {"A": 3, "B": 3})
    shop.put(bolt, 5, package_id=shop.package("BOX"))
    shop.put(bolt, 5, day=1)
    bom = shop.chair((board, 1), (bolt, 2))
    shop.order(bom)
    shop.order(bom, 3)
    shop.expect(
        taken={"Board A": 3, "Board B": 1, "Bolt BOX": 5, "Bolt": 3},
        left={"Board A": 0, "Board B": 2, "Bolt": 2},
    )


# --- What is consumed, and what is made of it ---


@scenario
def units(shop):
    """Bolts by the dozen, on an order of a dozen."""
    dozen = shop.env.ref("uom.product_uom_dozen")
    bolt = shop.product("Bolt")
    shop.put(bolt, 300)
    bom = shop.chair((bolt, 2, {"product_uom_id": dozen.id}))
    shop.order(bom, 1, product_uom_id=dozen.id)
    shop.expect(taken={"Bolt": 288}, made={"Chair": 12}, left={"Bolt": 12})


@scenario
def grams(shop):
    """555 g are 0.56 kg in a stock that is kept with two decimals."""
    gram, kilogram = (shop.env.ref(f"uom.product_uom_{n}") for n in ("gram", "kgm"))
    flour = shop.product("Flour", uom_id=kilogram.id)
    shop.put(flour, 10)
    shop.order(shop.chair((flour, 555, {"product_uom_id": gram.id})))
    shop.expect(taken={"Flour": 0.56}, left={"Flour": 9.44})


@scenario
def fractions(shop):
    """A sheet for eight, five are made: 0.625 is 0.63 with two decimals."""
    sheet = shop.product("Sheet")
    shop.put(sheet, 2)
    shop.order(shop.chair((sheet, 1), product_qty=8), 5)
    shop.expect(taken={"Sheet": 0.63}, left={"Sheet": 1.37})


@scenario
def three_decimals(shop):
    """The same where quantities have three decimals."""
    shop.env.ref("uom.decimal_product_uom").digits = 3
    sheet = shop.product("Sheet")
    shop.put(sheet, 2)
    shop.order(shop.chair((sheet, 1), product_qty=8), 5)
    shop.expect(taken={"Sheet": 0.625}, left={"Sheet": 1.375})


@scenario
def nested_kits(shop):
    """A kit of bolts and of a kit of nuts."""
    bolt, nut = shop.product("Bolt"), shop.product("Nut")
    small, large = shop.product("Small Kit"), shop.product("Large Kit")
    shop.bom(small, (nut, 3), type="phantom")
    shop.bom(large, (bolt, 2), (small, 2), type="phantom")
    shop.put(bolt, 10)
    shop.put(nut, 20)
    shop.order(shop.chair((large, 1), (nut, 1)), 2)
    shop.expect(taken={"Bolt": 4, "Nut": 14}, left={"Bolt": 6, "Nut": 6})


@scenario
def component_on_two_lines(shop):
    """The same board twice in the recipe."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), (board, 1)), 2)
    shop.expect(taken={"Board": 6}, rows={"stock_move_line": 3})


@scenario
def component_of_none(shop):
    """A line with the quantity zero, to be filled in by people who did not."""
    board, paint = shop.product("Board"), shop.product("Paint")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), (paint, 0)), 2)
    shop.expect(taken={"Board": 4}, rows={"stock_move": 3})


@scenario
def variants(shop):
    """A line for one variant only."""
    red, blue = _create_in_colours(shop)
    value_ids = red.product_template_attribute_value_ids.ids
    only_red = {"bom_product_template_attribute_value_ids": [Command.set(value_ids)]}
    board, paint = shop.product("Board"), shop.product("Paint")
    shop.put(board, 10)
    shop.put(paint, 10)
    bom = shop.bom(red, (board, 2), (paint, 1, only_red))
    shop.order(bom, product_id=red.id)
    shop.order(bom, 2, product_id=blue.id)
    shop.expect(taken={"Board": 6, "Paint": 1})


def _create_in_colours(shop):
    values = [Command.create({"name": name}) for name in ("Red", "Blue")]
    vals = {"name": "Colour", "value_ids": values}
    colour = shop.env["product.attribute"].create(vals)
    line = {"attribute_id": colour.id, "value_ids": [Command.set(colour.value_ids.ids)]}
    lines = [Command.create(line)]
    vals = {"name": "Chair", "is_storable": True, "attribute_line_ids": lines}
    return shop.env["product.template"].create(vals).product_variant_ids


@scenario
def by_products(shop):
    """Chips fall, some by the piece and some with a share of the cost."""
    board, chips, dust = map(shop.product, ("Board", "Chips", "Dust"))
    shop.put(board, 10)
    by_products = [
        Command.create({"product_id": chips.id, "product_qty": 3}),
        Command.create({"product_id": dust.id, "product_qty": 1, "cost_share": 10}),
    ]
    shop.order(shop.chair((board, 2), byproduct_ids=by_products), 2)
    shop.expect(taken={"Board": 4}, made={"Chair": 2, "Chips": 6, "Dust": 2})


@scenario
def consumables(shop):
    """Glue is not kept in stock."""
    board = shop.product("Board")
    glue = shop.product("Glue", is_storable=False)
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), (glue, 3)), 2)
    shop.expect(taken={"Board": 4, "Glue": 6}, left={"Board": 6, "Glue": 0})


@scenario
def nothing_kept_in_stock(shop):
    """Neither what is made nor what it is made of; and a service."""
    glue = shop.product("Glue", is_storable=False)
    chair = shop.product("Chair", is_storable=False)
    work = shop.product("Work", is_storable=False, type="service")
    shop.order(shop.bom(chair, (glue, 3), (work, 1)), 2)
    shop.expect(taken={"Glue": 6}, made={"Chair": 2})


@scenario
def finished_lot(shop):
    """It is named when the order is made."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 3})
    chair = shop.product("Chair", tracking="lot")
    lot = Command.create({"name": "NEW", "product_id": chair.id})
    shop.order(shop.bom(chair, (board, 2)), 2, lot_producing_ids=[lot])
    shop.expect(taken={"Board A": 3, "Board B": 1}, made={"Chair NEW": 2})


@scenario
def finished_serial_number(shop):
    """Made by Produce All, of components that have serial numbers themselves."""
    motor = shop.product("Motor", tracking="serial")
    shop.put_lots(motor, {"S1": 1, "S2": 1})
    chair = shop.product("Chair", tracking="serial")
    bom = shop.bom(chair, (motor, 1))
    shop.order(bom)
    shop.order(bom)
    shop.expect(taken={"Motor S1": 1, "Motor S2": 1}, rows={"stock_lot": 4})


@scenario
def strict_consumption(shop):
    """Nothing but the recipe may be consumed."""
    board = shop.product("Board")
    shop.put(board, 10)
    shop.order(shop.chair((board, 2), consumption="strict"), 3)
    shop.expect(taken={"Board": 6}, left={"Board": 4})


@scenario
def work_orders(shop):
    """Two operations, on which half an hour is spent each."""
    board = shop.product("Board")
    shop.put(board, 10)
    operations = [shop.operation("Cut"), shop.operation("Mount")]
    shop.order(shop.chair((board, 2), operation_ids=operations), 2)
    shop.then(_work_half_an_hour)
    shop.expect(
        taken={"Board": 4},
        rows={"mrp_workorder": 2, "mrp_workcenter_productivity": 2},
    )


@scenario
def kit_with_operations(shop):
    """Work orders of the kit and of what it is built into, in several orders."""
    bolt, kit = shop.product("Bolt"), shop.product("Kit")
    shop.bom(kit, (bolt, 2), type="phantom", operation_ids=[shop.operation("Pack")])
    shop.put(bolt, 20)
    bom = shop.chair((kit, 2), operation_ids=[shop.operation("Mount")])
    shop.order(bom, 2)
    shop.order(bom)
    shop.expect(taken={"Bolt": 12}, rows={"mrp_workorder": 4})


@scenario
def component_of_an_operation(shop):
    """Stock Odoo marks it as manual; here the mark means that a person entered it."""
    board = shop.product("Board")
    shop.put(board, 10)
    bom = shop.chair((board, 2), operation_ids=[shop.operation("Cut")])
    bom.bom_line_ids.operation_id = bom.operation_ids
    shop.order(bom, 2)
    shop.then(_work_half_an_hour)
    shop.expect(taken={"Board": 4}, rows={"mrp_workorder": 1})
    shop.differ(NOT_FILLED, "stock_move.manual_consumption: True against False (1 row)")


@scenario
def average_cost(shop):
    """Boards for 40 and work for 10, of which a quarter is the cost of the chips."""
    shop.need("mrp_account")
    vals = {"name": "At cost", "property_cost_method": "average"}
    category = shop.env["product.category"].create(vals)
    board = shop.product("Board", categ_id=category.id, standard_price=10)
    shop.put(board, 10)
    chips = shop.product("Chips", categ_id=category.id)
    by_product = {"product_id": chips.id, "product_qty": 1, "cost_share": 25}
    chair = shop.product("Chair", categ_id=category.id)
    bom = shop.bom(
        chair,
        (board, 2),
        byproduct_ids=[Command.create(by_product)],
        operation_ids=[shop.operation("Cut", costs_hour=20)],
    )
    shop.order(bom, 2)
    shop.then(_work_half_an_hour)
    shop.expect(
        taken={"Board": 4}, made={"Chair": 2, "Chips": 2}, values={"Chair": 37.5}
    )


def _work_half_an_hour(orders):
    for workorder in orders.workorder_ids:
        workorder.duration = 30
        workorder.button_finish()


@scenario
def several_recipes(shop):
    """Orders of two recipes and of several quantities, in one call."""
    board, bolt = shop.product("Board"), shop.product("Bolt")
    shop.put(board, 20)
    shop.put(bolt, 40)
    chair = shop.chair((board, 2), (bolt, 4))
    table = shop.bom(shop.product("Table"), (board, 3))
    shop.order(chair, 1)
    shop.order(table, 2)
    shop.order(chair, 3)
    shop.expect(taken={"Board": 14, "Bolt": 16}, made={"Chair": 4, "Table": 2})


@scenario
def many_in_one_go(shop):
    """One order of a hundred."""
    board = shop.product("Board")
    shop.put(board, 500)
    shop.order(shop.chair((board, 3)), 100)
    shop.expect(taken={"Board": 300}, made={"Chair": 100}, left={"Board": 200})


# --- What people change ---


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
    shop.then(lambda orders: _report(orders, 3))
    shop.expect(taken={"Board": 6}, made={"Chair": 3})
    shop.differ(NOT_FILLED)


@scenario
def backorder(shop):
    """One of three is made, the rest later."""
    board = shop.product("Board", tracking="lot")
    shop.put_lots(board, {"A": 3, "B": 6})
    shop.order(shop.chair((board, 2)), 3)
    shop.then(lambda orders: _report(orders, 1))
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
    shop.then(lambda orders: _report(orders, 1))
    shop.complete_by(
        lambda orders: orders.with_context(skip_backorder=True).button_mark_done()
    )
    shop.expect(taken={"Board A": 2}, made={"Chair": 1}, rows={"mrp_production": 1})
    shop.differ(NOT_FILLED)


def _report(orders, quantity):
    orders.qty_producing = quantity
    orders.set_qty_producing()  # as their form does


# --- What comes before, and what is set off ---


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
    _report(child, 1)
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
