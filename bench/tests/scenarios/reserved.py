"""What the order has reserved before."""

from .table import scenario


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
