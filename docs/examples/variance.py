"""For `odoo shell`: how long the variance analysis takes on a million postings.

One posting is copied within the transaction, which is rolled back at the end. Nobody
else may work in the database meanwhile. `POSTINGS` says how many there are, each of one
component; with `PLAN=1` the plan of the whole is shown as well.
"""

import os
import time

from odoo.tools import SQL

POSTINGS = int(os.environ.get("POSTINGS", 1_000_000))
YEARS = 3
COMPONENTS = 500


def columns(env, table, *without):
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND column_name NOT IN %s",
        (table, ("id", *without)),
    )
    return SQL(", ").join(SQL.identifier(name) for (name,) in env.cr.fetchall())


def make_posting(env):
    chair, board = env["product.product"].create(
        [{"name": name, "is_storable": True} for name in ("Chair", "Board")]
    )
    line = {"product_id": board.id, "product_qty": 2}
    bom = env["mrp.bom"].create(
        {
            "product_tmpl_id": chair.product_tmpl_id.id,
            "backflush": True,
            "bom_line_ids": [(0, 0, line)],
        }
    )
    stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
    env["stock.quant"]._update_available_quantity(board, stock, 100)
    order = env["mrp.production"].create({"bom_id": bom.id, "product_qty": 1})
    order.action_confirm()
    order.button_mark_done()
    env.flush_all()
    return order.backflush_ids


def drop_what_slows_copying(env):
    """Foreign keys and other indexes come back with the end of the transaction."""
    tables = ("stock_move", "mrp_backflush")
    env.cr.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid::regclass::text IN %s",
        (tables,),
    )
    for table, name in env.cr.fetchall():
        names = map(SQL.identifier, (table, name))
        env.cr.execute(SQL("ALTER TABLE %s DROP CONSTRAINT %s", *names))
    env.cr.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename IN %s"
        " AND indexname NOT LIKE '%%pkey' AND indexname NOT LIKE '%%backflush%%'",
        (tables,),
    )
    for (name,) in env.cr.fetchall():
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))


def copy_posting(env, posting):
    """Spread copies over three years, and their components over five hundred."""
    products = env["product.product"].create(
        [
            {"name": f"Part {number}", "is_storable": True}
            for number in range(COMPONENTS)
        ]
    )
    env.flush_all()
    postings = columns(env, "mrp_backflush", "name", "date", "reference")
    env.cr.execute(
        SQL(
            "INSERT INTO mrp_backflush (name, date, %s) SELECT 'COPY', "
            "  date - %s * INTERVAL '1 year' * number / %s, %s "
            "FROM mrp_backflush, generate_series(1, %s) number WHERE id = %s",
            *(postings, YEARS, POSTINGS, postings, POSTINGS, posting.id),
        )
    )
    moves = columns(env, "stock_move", "backflush_id", "product_id", "date", "quantity")
    env.cr.execute(
        SQL(
            "INSERT INTO stock_move (backflush_id, product_id, date, quantity, %s) "
            "SELECT copy_id, %s + copy_id %% %s, copied,"
            "  quantity + (copy_id %% 7 = 0)::integer, %s "
            "FROM stock_move, (SELECT id AS copy_id, date AS copied"
            "  FROM mrp_backflush WHERE name = 'COPY') AS copy "
            "WHERE backflush_id = %s AND raw_material_production_id IS NOT NULL",
            *(moves, products[0].id, COMPONENTS, moves, posting.id),
        )
    )
    env.cr.execute("ANALYZE mrp_backflush")
    env.cr.execute("ANALYZE stock_move")
    return products


def ask(env, title, domain, groupby):
    env.invalidate_all()
    measures = ["variance_qty:sum", "variance_value:sum", "__count"]
    start = time.monotonic()
    groups = env["mrp.backflush.variance"]._read_group(domain, groupby, measures)
    seconds = time.monotonic() - start
    rows = sum(group[-1] for group in groups)
    print(f"{title:40} {seconds:6.2f} s {len(groups):7} groups {rows:9} rows")


def show_plan(env, domain):
    query = env["mrp.backflush.variance"]._search(domain)
    select = query.select(SQL("component_id"), SQL("SUM(variance_qty)"))
    env.cr.execute(SQL("EXPLAIN ANALYZE %s GROUP BY component_id", select))
    print("\n".join(line for (line,) in env.cr.fetchall()))


def main(env):
    start = time.monotonic()
    posting = make_posting(env)
    drop_what_slows_copying(env)
    products = copy_posting(env, posting)
    print(f"{POSTINGS} postings made in {time.monotonic() - start:.0f} s")
    month = ["component_id", "date:month"]
    ask(env, "component and month, three years", [], month)
    ask(env, "component and month, last 90 days", [("date", ">=", "-90d")], month)
    ask(env, "bill of materials", [], ["bom_id"])
    one = [("component_id", "=", products[7].id)]
    ask(env, "one component, by hour", one, ["hour"])
    show_plan(env, one)
    if os.environ.get("PLAN"):
        show_plan(env, [])
    env.cr.rollback()


main(env)  # noqa: F821
