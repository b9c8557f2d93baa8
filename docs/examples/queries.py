"""Queries of a posting of 1, 10 and 50 orders of the demo data, step by step.

Nothing is kept: the shell rolls its transaction back.
"""
# ruff: noqa: F821  (the shell defines env)

from collections import Counter
from functools import wraps

from odoo.addons.backflush_auto.posting.posting import Posting

chair = env.ref("backflush_auto.product_chair")
bom = env.ref("backflush_auto.bom_chair")
location = env.ref("stock.warehouse0").lot_stock_id
for component in bom.bom_line_ids.product_id:
    env["stock.quant"]._update_available_quantity(component, location, 10000)
counts = Counter()


def count(name, method):
    """Count the queries of a method, those included that it leaves to be written."""

    @wraps(method)
    def counted(*args, **kwargs):
        env.flush_all()
        before = env.cr.sql_log_count
        result = method(*args, **kwargs)
        env.flush_all()
        counts[name] += env.cr.sql_log_count - before
        return result

    return counted


Posting.__init__ = count("decide", Posting.__init__)
Posting.check = count("check", Posting.check)
Posting.consume = count("consume", Posting.consume)
Posting.record = count("record", Posting.record)
produce = count("all", env["mrp.production"].button_mark_done.__func__)

print(f"{'orders':>8}{'all':>8}{'decide':>8}{'check':>8}{'consume':>8}{'record':>8}")
for number in (1, 10, 50):
    orders = env["mrp.production"].create(
        [
            {"product_id": chair.id, "bom_id": bom.id, "product_qty": 3}
            for _order in range(number)
        ]
    )
    orders.action_confirm()
    env.flush_all()
    env.invalidate_all()
    counts.clear()
    produce(orders)
    figures = [counts[name] for name in ("all", "decide", "check", "consume", "record")]
    print(f"{number:>8}" + "".join(f"{figure:>8}" for figure in figures))
