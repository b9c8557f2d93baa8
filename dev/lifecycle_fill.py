"""For `odoo shell`: manufacturing orders of 10 components, as an old database has them.

One order is made by Odoo, the others are copies of its rows.
"""

import os

from odoo.tools import SQL

ORDERS = int(os.environ["LIFECYCLE_MOVES"]) // 10


def columns(table, *without):
    env.cr.execute(  # noqa: F821
        "SELECT column_name FROM information_schema.columns "
        "WHERE table_name = %s AND column_name NOT IN %s",
        (table, ("id", *without)),
    )
    return SQL(", ").join(SQL.identifier(name) for (name,) in env.cr.fetchall())  # noqa: F821


def fill(env):
    product, *components = env["product.product"].create(
        [{"name": f"Old {number}", "is_storable": True} for number in range(11)]
    )
    lines = [(0, 0, {"product_id": p.id, "product_qty": 1}) for p in components]
    template = product.product_tmpl_id
    env["mrp.bom"].create({"product_tmpl_id": template.id, "bom_line_ids": lines})
    order = env["mrp.production"].create({"product_id": product.id, "product_qty": 5})
    order.action_confirm()
    env.flush_all()
    orders = columns("mrp_production", "name")
    env.cr.execute(
        SQL(
            "WITH copy AS (INSERT INTO mrp_production (name, %s)"
            " SELECT 'OLD/' || number, %s FROM mrp_production,"
            " generate_series(2, %s) number WHERE id = %s RETURNING id)"
            " INSERT INTO stock_move (raw_material_production_id, %s)"
            " SELECT copy.id, %s FROM copy, stock_move"
            " WHERE raw_material_production_id = %s",
            *(orders, orders, ORDERS, order.id),
            *[columns("stock_move", "raw_material_production_id")] * 2,
            order.id,
        )
    )
    env.cr.commit()
    print(f"{ORDERS} orders with {env.cr.rowcount + 10} components")


fill(env)  # noqa: F821
