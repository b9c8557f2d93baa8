"""For `odoo shell`: how long a recall takes on a million move lines.

One receipt, report and delivery are made, and copied within the transaction, which is
rolled back at the end: each lot of boards goes into a hundred lots of chairs, and the
place is empty after ten lots of boards. `LINES` says how many move lines there are.
"""

import os
import time

from odoo.tools import SQL

LINES = int(os.environ.get("LINES", 1_000_000))
CHAIRS = LINES // 3
CHAIRS_OF_A_LOT = 100
LOTS_UNTIL_EMPTY = 10


def make_chair(env):
    """Receive, report and deliver one chair, each lot chosen by the posting."""
    chair, board = env["product.product"].create(
        [
            {"name": name, "is_storable": True, "tracking": "lot"}
            for name in ("Chair", "Board")
        ]
    )
    line = {"product_id": board.id, "product_qty": 1}
    bom = env["mrp.bom"].create(
        {
            "product_tmpl_id": chair.product_tmpl_id.id,
            "backflush": True,
            "bom_line_ids": [(0, 0, line)],
        }
    )
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    board_lot, chair_lot = env["stock.lot"].create(
        [
            {"name": "BOARD", "product_id": board.id},
            {"name": "CHAIR", "product_id": chair.id},
        ]
    )
    suppliers = env.ref("stock.stock_location_suppliers")
    customers = env.ref("stock.stock_location_customers")
    move_lot(env, board_lot, suppliers, stock)
    order = env["mrp.production"].create({"bom_id": bom.id, "product_qty": 1})
    order.backflush_post(lot_names=["CHAIR"])
    move_lot(env, chair_lot, stock, customers)
    env.flush_all()
    return board_lot, chair_lot


def move_lot(env, lot, source, target):
    places = {"location_id": source.id, "location_dest_id": target.id}
    line = {"product_id": lot.product_id.id, "lot_id": lot.id, "quantity": 1, **places}
    move = env["stock.move"].create(
        {
            "product_id": lot.product_id.id,
            "product_uom_qty": 1,
            "move_line_ids": [(0, 0, line)],
            "picked": True,
            **places,
        }
    )
    move._action_done()


def columns(env, table, *without):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND column_name NOT IN %s",
        (table, ("id", *without)),
    )
    return SQL(", ").join(SQL.identifier(name) for (name,) in env.cr.fetchall())


def copy_lots(env, lot, number):
    """Lots like this one.

    :return: id of the first of them
    """
    names = columns(env, "stock_lot", "name")
    env.cr.execute(
        SQL(
            "INSERT INTO stock_lot (name, %s) SELECT name || number, %s "
            "FROM stock_lot, generate_series(1, %s) number WHERE id = %s "
            "RETURNING id",
            *(names, names, number, lot.id),
        )
    )
    return min(lot_id for (lot_id,) in env.cr.fetchall())


def copy_lines(env, line, number, lot, quantity, second):
    """Lines like this one.

    :param number: how many; each has a `number` from 0 on
    :param lot: SQL of the lot of each
    :param quantity: SQL of its quantity
    :param second: SQL of when it was moved, in seconds
    """
    changed = ("lot_id", "quantity", "quantity_product_uom", "date")
    names = columns(env, "stock_move_line", *changed)
    env.cr.execute(
        SQL(
            "INSERT INTO stock_move_line "
            "(lot_id, quantity, quantity_product_uom, date, %s) "
            "SELECT %s, %s, %s, date + (%s) * INTERVAL '1 second', %s "
            "FROM stock_move_line, generate_series(0, %s - 1) number WHERE id = %s "
            "RETURNING id",
            *(names, lot, quantity, quantity, second, names, number, line.id),
        )
    )
    return min(line_id for (line_id,) in env.cr.fetchall())


def copy_chair(env, board_lot, chair_lot):
    """Copy it all.

    :return: id of the first lot of boards, and how many there are
    """
    lines = env["stock.move.line"].search(
        [("lot_id", "in", (board_lot | chair_lot).ids)], order="id"
    )
    receipt, consumed, made, delivery = (
        lines.filtered(lambda line: line.location_id.usage == "supplier"),
        lines.filtered(lambda line: line.lot_id == board_lot and line.produce_line_ids),
        lines.filtered(lambda line: line.lot_id == chair_lot and line.consume_line_ids),
        lines.filtered(lambda line: line.location_dest_id.usage == "customer"),
    )
    boards = CHAIRS // CHAIRS_OF_A_LOT
    first_board = copy_lots(env, board_lot, boards)
    first_chair = copy_lots(env, chair_lot, CHAIRS)
    batch = CHAIRS_OF_A_LOT * LOTS_UNTIL_EMPTY
    copy_lines(
        env,
        receipt,
        boards,
        SQL("%s + number", first_board),
        SQL("%s", CHAIRS_OF_A_LOT),
        SQL("(number / %s) * %s * 10 + 1", LOTS_UNTIL_EMPTY, batch),
    )
    one, chair = SQL("1"), SQL("%s + number", first_chair)
    board = SQL("%s + number / %s", first_board, CHAIRS_OF_A_LOT)
    then = SQL("number * 10 + 5")
    first_used = copy_lines(env, consumed, CHAIRS, board, one, then)
    first_made = copy_lines(env, made, CHAIRS, chair, one, then)
    copy_lines(env, delivery, CHAIRS, chair, one, SQL("number * 10 + 8"))
    env.cr.execute(
        "INSERT INTO stock_move_line_consume_rel (consume_line_id, produce_line_id) "
        "SELECT %s + number, %s + number FROM generate_series(0, %s - 1) number",
        (first_made, first_used, CHAIRS),
    )
    for table in ("stock_move_line", "stock_lot", "stock_move_line_consume_rel"):
        env.cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    return first_board, boards


def recall(env, title, lot, button):
    env.invalidate_all()
    start = time.monotonic()
    action = getattr(lot, button)()
    seconds = time.monotonic() - start
    lines = env["mrp.backflush.recall.line"]
    groups = lines._read_group(action["domain"], ["kind", "certainty"], ["__count"])
    found = ", ".join(f"{count} {sure} {kind}" for kind, sure, count in groups)
    print(f"{title:12} {seconds:5.2f} s  {found}")


def main(env):
    board_lot, chair_lot = make_chair(env)
    first_board, boards = copy_chair(env, board_lot, chair_lot)
    [[count]] = env.execute_query(SQL("SELECT COUNT(*) FROM stock_move_line"))
    print(f"{count} move lines, {boards} lots of boards, {CHAIRS} lots of chairs")
    lots = env["stock.lot"]
    middle = lots.browse(first_board + boards // 2)
    recall(env, "a board's", middle, "action_backflush_recall")
    [chair] = lots.search([("name", "=", f"CHAIR{CHAIRS // 2}")])
    recall(env, "a chair's", chair, "action_backflush_contents")


main(env)  # noqa: F821
env.cr.rollback()  # noqa: F821
