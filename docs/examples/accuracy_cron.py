"""For `odoo shell`: how long the nightly job of accuracy takes, and how much memory.

Components, bills of materials and counts are made within the transaction, which is
rolled back at the end; then the scheduled action runs on them, for three nights: what
it writes in the first stays the same in the others, but for what it saw only then.
`CRON_COMPONENTS` and `CRON_COUNTS` say how many there are; 5000 of 52 counts take some
minutes to be made.
"""

import io
import os
import resource
import time
from datetime import timedelta

import numpy as np

from odoo import Command, fields

from odoo.addons.backflush_auto_accuracy.accuracy.simulation import DAYS, plant

COMPONENTS = int(os.environ.get("CRON_COMPONENTS", 100))
COUNTS = int(os.environ.get("CRON_COUNTS", 52))
LINES_A_BOM = 10


def make_recipes(env, sizes):
    """Components with so many lines each, spread over bills of materials.

    :return: ``[(id of the component, ids of its lines)]``
    """
    products = env["product.product"].with_context(tracking_disable=True)
    components = products.create(
        [
            {"name": f"Part {number}", "is_storable": True, "standard_price": 2}
            for number in range(len(sizes))
        ]
    )
    slots = [
        c for c, size in zip(components, sizes, strict=True) for _at in range(size)
    ]
    groups = [
        slots[at :: 1 + len(slots) // LINES_A_BOM]
        for at in range(1 + len(slots) // LINES_A_BOM)
    ]
    goods = products.create(
        [
            {"name": f"Good {number}", "is_storable": True}
            for number in range(len(groups))
        ]
    )
    boms = (
        env["mrp.bom"]
        .with_context(tracking_disable=True)
        .create(
            [
                {
                    "product_tmpl_id": good.product_tmpl_id.id,
                    "backflush": True,
                    "bom_line_ids": [
                        Command.create({"product_id": part.id, "product_qty": 4})
                        for part in group
                    ],
                }
                for good, group in zip(goods, groups, strict=True)
            ]
        )
    )
    by_component = boms.bom_line_ids.grouped("product_id")
    return [(part.id, by_component[part].ids) for part in components]


def copy_rows(env, table, names, rows):
    """Write rows as PostgreSQL reads them fastest."""
    text = io.StringIO(
        "".join("\t".join(map(str, row)) + "\n" for row in rows).replace("None", "\\N")
    )
    columns = ", ".join(names)
    env.cr._obj.copy_expert(f"COPY {table} ({columns}) FROM STDIN", text)


def make_counts(env, planted, recipes):
    """A year of weekly counts of each component, as they would have been recorded."""
    company = env.company
    location = env["stock.warehouse"].search([], limit=1).lot_stock_id
    env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM mrp_backflush_count")
    [last] = env.cr.fetchone()
    now = fields.Datetime.now()
    counts, lines = [], []
    for component, (product, line_ids) in zip(planted, recipes, strict=True):
        previous = None
        history = component.history
        for week in range(-1, COUNTS):
            last += 1
            first = week < 0
            date = now - timedelta(days=DAYS * (COUNTS - week))
            drift = 0.0 if first else float(history.differences[week])
            expected = 0.0 if first else float(history.expected[week].sum())
            cause = None if first else "unclear" if abs(drift) > 5 else "noise"
            counts.append(
                (
                    *(last, product, location.id, company.id, date, previous, 10_000),
                    *(10_000 - drift, drift, 0, expected, 0, 0, cause),
                    *("first" if first else None, "false", "false"),
                )
            )
            if not first:
                lines += [
                    (last, company.id, line, float(quantity), 0)
                    for line, quantity in zip(
                        line_ids, history.expected[week], strict=True
                    )
                ]
            previous = last
    # PostgreSQL would read the whole table for each row, where it is empty at first.
    env.cr.execute(
        "ALTER TABLE mrp_backflush_count"
        " DROP CONSTRAINT IF EXISTS mrp_backflush_count_previous_id_fkey"
    )
    names = "id product_id location_id company_id date previous_id recorded_qty"
    names += " counted_qty difference_qty adjusted_qty expected_qty explained_qty"
    names += " recipe_qty cause set_aside is_alarm is_stale"
    copy_rows(env, "mrp_backflush_count", names.split(), counts)
    names = "count_id company_id bom_line_id expected_qty wrong_qty"
    copy_rows(env, "mrp_backflush_count_line", names.split(), lines)
    for table in ("mrp_backflush_count", "mrp_backflush_count_line"):
        env.cr.execute(f"ANALYZE {table}")
    return len(counts)


def run_job(env, title):
    env.invalidate_all()
    before = env.cr.sql_log_count
    start, cpu = time.monotonic(), time.process_time()
    env["mrp.backflush.proposal"]._cron_propose()
    env.flush_all()
    seconds, cpu = time.monotonic() - start, time.process_time() - cpu
    queries = env.cr.sql_log_count - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{title:14} {seconds:6.1f} s, of which Python {cpu:.1f} s; {queries} queries; "
        f"the most memory of the process {memory:.0f} MB"
    )


def main(env):
    start = time.monotonic()
    rng = np.random.default_rng(1)
    planted = [plant(rng, COUNTS) for _number in range(COMPONENTS)]
    recipes = make_recipes(env, [len(it.betas) for it in planted])
    env.flush_all()
    made = make_counts(env, planted, recipes)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{made} counts of {COMPONENTS} components made in"
        f" {time.monotonic() - start:.0f} s; {memory:.0f} MB of memory"
    )
    run_job(env, "first night")
    run_job(env, "second night")
    run_job(env, "third night")
    proposals = env["mrp.backflush.proposal"].search(
        [("product_id", "in", [product for product, _lines in recipes])]
    )
    lines = dict(recipes)
    wrong = {
        lines[product][at]
        for (product, _lines), it in zip(recipes, planted, strict=True)
        for at in np.flatnonzero(it.betas)
    }
    right = sum(line.id in wrong for line in proposals.bom_line_id)
    print(
        f"{len(proposals)} proposals, {right} of them right; {len(wrong)} lines wrong"
    )
    env.cr.rollback()


main(env)  # noqa: F821
