"""Reports without an order, in one call each: time, memory and locks as they grow.

REPORTS=10000 adds a call of as many. Nothing is kept: the shell rolls its transaction
back.
"""
# ruff: noqa: F821  (the shell defines env)

import os
import resource
import time

chair = env.ref("backflush_auto.product_chair")
bom = env.ref("backflush_auto.bom_chair")
location = env.ref("stock.warehouse0").lot_stock_id
for component in bom.bom_line_ids.product_id:
    env["stock.quant"]._update_available_quantity(component, location, 10**6)
sizes = [10, 100, 200, *filter(None, [int(os.environ.get("REPORTS", 0))])]

print("   reports  seconds  memory in MB  advisory locks")
for size in sizes:
    reports = [
        {"product_id": chair.id, "quantity": 1, "reference": f"{size}/{number}"}
        for number in range(size)
    ]
    started = time.monotonic()
    results = env["mrp.production"].backflush_post_batch(reports)
    seconds = time.monotonic() - started
    assert all(result["ok"] for result in results)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    env.cr.execute(
        "SELECT count(*) FROM pg_locks"
        " WHERE locktype = 'advisory' AND pid = pg_backend_pid()"
    )
    [locks] = env.cr.fetchone()
    print(f"{size:10}{seconds:9.1f}{memory:14.0f}{locks:16}")
