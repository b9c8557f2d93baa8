"""Many orders in one call each: created, confirmed and produced, and their memory.

ORDERS=5000 for so many; the log tells how far it is. Nothing is kept: the shell rolls
its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

import os
import resource
import time


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
chair = env.ref("backflush_auto.product_chair")
bom = env.ref("backflush_auto.bom_chair")
location = env.ref("stock.warehouse0").lot_stock_id
for component in bom.bom_line_ids.product_id:
    env["stock.quant"]._update_available_quantity(component, location, 10**6)
vals = {"product_id": chair.id, "bom_id": bom.id, "product_qty": 1}
vals_list = [dict(vals) for _order in range(number)]

print(f"{number} orders")
print("            seconds  queries an order  memory in MB")
orders = measure("create", lambda: env["mrp.production"].create(vals_list))
measure("confirm", orders.action_confirm)
measure("produce", orders.button_mark_done)
assert set(orders.mapped("state")) == {"done"}
