"""What is consumed, and what is made of it."""

from odoo import Command

from .table import NOT_FILLED, scenario


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
    """Stock in kg with two decimals cannot hold 555 g: 560 g are planned."""
    gram, kilogram = (shop.env.ref(f"uom.product_uom_{n}") for n in ("gram", "kgm"))
    flour = shop.product("Flour", uom_id=kilogram.id)
    shop.put(flour, 10)
    shop.order(shop.chair((flour, 555, {"product_uom_id": gram.id})))
    shop.expect(taken={"Flour": 0.56}, left={"Flour": 9.44})
    shop.differ(
        "stock_move.packaging_uom_qty: 555 against 560 (1 row)",
        "stock_move.product_uom_qty: 555 against 560 (1 row)",
        "stock_move.unit_factor: 555 against 560 (1 row)",
    )


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
