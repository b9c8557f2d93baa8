"""Which stock is taken."""

from datetime import datetime

from .table import scenario


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
