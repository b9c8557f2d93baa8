"""Many orders of ten components in one call each: created, confirmed and produced.

ORDERS=5000 for so many; the log tells how far it is. Nothing is kept: the shell rolls
its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

import os
import resource
import time

from odoo import Command


def measure(step, call):
    """Print what a call takes, and return what it returns."""
    started, queries = time.monotonic(), env.cr.sql_log_count
    result = call()
    env.cr.flush()
    queries = (env.cr.sql_log_count - queries) / number
    seconds = time.monotonic() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{step:10}{seconds:9.1f}{queries:18.1f}{memory:14.0f}")
    env.invalidate_all()
    return result


number = int(os.environ.get("ORDERS", "200"))
products = env["product.product"].create(
    [{"name": f"Part {name}", "is_storable": True} for name in range(11)]
)
location = env.ref("stock.warehouse0").lot_stock_id
for component in products[1:]:
    env["stock.quant"]._update_available_quantity(component, location, 10**6)
bom = env["mrp.bom"].create(
    {
        "product_tmpl_id": products[0].product_tmpl_id.id,
        "backflush": True,
        "bom_line_ids": [
            Command.create({"product_id": component.id}) for component in products[1:]
        ],
    }
)
vals = {"product_id": products[0].id, "bom_id": bom.id, "product_qty": 1}
vals_list = [dict(vals) for _order in range(number)]

print(f"{number} orders")
print("            seconds  queries an order  memory in MB")
orders = measure("create", lambda: env["mrp.production"].create(vals_list))
measure("confirm", orders.action_confirm)
measure("produce", orders.button_mark_done)
assert set(orders.mapped("state")) == {"done"}
