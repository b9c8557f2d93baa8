"""Times the sides of a case, turn by turn, and has their rows compared."""

import gc
import time
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api

from . import compare, floor, sides, stage
from .written import Recorder

# more than the ids of any run
ROUND = 2**20


class Measured:
    """A side's runs of a case.

    :param runs: for each repeat ``{step: {seconds, processor, queries}}``
    :param written: rows of the first run
    :param refusal: why it could not do the work, in words
    """

    def __init__(self):
        self.runs = []
        self.written = None
        self.refusal = ""


def measure(registry, case, repeats, say):
    """Build a case, run it on every side, and compare.

    :param registry: of a database that may be thrown away
    :param say: function that tells what is going on
    :return: plain values, see `_describe`
    """
    repeats = min(repeats, case.most_repeats)
    say("building")
    with registry.cursor() as cr:
        staged = stage.build(api.Environment(cr, SUPERUSER_ID, {}), case)
        cr.commit()
        cr.execute("ANALYZE")
    warmed = {side: Measured() for side in sides.ALL}
    _run_all(registry, case.shrink(), staged, say, warmed)
    measured = {side: Measured() for side in sides.ALL}
    for number in range(repeats):
        turn = {side: measured[side] for side in _rotate(sides.ALL, number)}
        _run_all(registry, case, staged, say, turn, f"{number + 1} of {repeats}")
    return _describe(registry, case, measured)


def _rotate(items, number):
    """The same items, beginning with another."""
    start = number % len(items)
    return items[start:] + items[:start]


def _run_all(registry, case, staged, say, measured, turn="warm-up"):
    for side, into in measured.items():
        if into.refusal:
            continue
        say(f"{turn}: {side.title}")
        try:
            run, written = _run(registry, case, side, staged, keep=not into.runs)
        except Exception as error:  # what a side cannot do is a result, too
            into.refusal = f"{type(error).__name__}: {error}".splitlines()[0]
            say(f"{side.title}: {into.refusal}")
            continue
        into.runs.append(run)
        into.written = into.written or written


def _run(registry, case, side, staged, keep):
    """Play a case on a side in a transaction of its own.

    :param keep: whether to read the rows
    :return: seconds and queries of each step, and `Written`
    """
    with registry.cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        with play(env, case, side, staged) as (run, recorder):
            written = recorder.read() if keep else None
        cr.rollback()
    return run, written


def _rewind(cr, staged):
    """Have every run count its new ids and names from the same numbers.

    Odoo works through orders in the order of a Python set of ids, so that the ids of a
    run decide which of two orders gets the cheaper receipt. Numbers that follow upon a
    power of two stand in a set in their order.
    """
    cr.execute(
        "SELECT setval(name::regclass,"
        " (coalesce(number, 0) / %(round)s + 1) * %(round)s)"
        " FROM unnest(%(names)s::text[], %(numbers)s::bigint[]) AS last (name, number)",
        {
            "round": ROUND,
            "names": list(staged.numbers),
            "numbers": list(staged.numbers.values()),
        },
    )


@contextmanager
def play(env, case, side, staged, flow=None):
    """Produce the orders of a case; nothing stays of them in the end.

    :param env: the superuser's
    :param staged: `stage.Stage`
    :param flow: the class that plays it, where the case does not say it
    :return: ``{step: {seconds, processor, queries, requests}}``, and the `Recorder`
    """
    _rewind(env.cr, staged)
    side.set_up(env, staged)
    env.cr.flush()
    env.cr.clear()
    worker = env(user=staged.user_id)
    flow = (flow or sides.get_flow(side, case))(worker, staged, case)
    run = {}
    with Recorder(env) as recorder, _acting(worker):
        for step, request in flow.get_requests():
            _add(run.setdefault(step, {}), _time(env.cr, request))
        if undone := flow.find_undone():
            raise AssertionError(undone)
        yield run, recorder


@contextmanager
def _acting(worker):
    """Have what is left to the end of a request written by this user, as Odoo does."""
    transaction = worker.transaction
    before, transaction.default_env = transaction.default_env, worker
    try:
        yield
    finally:
        transaction.default_env = before


def _time(cr, request):
    """Run a request to its end, but for the commit.

    What a request leaves to be written is written, its chatter included, and it begins
    with nothing in the cache of records, as a request does.
    """
    gc.collect()
    processor = time.process_time()
    queries = cr.sql_log_count
    started = time.perf_counter()
    request()
    cr.flush()
    figures = {
        "seconds": time.perf_counter() - started,
        "processor": time.process_time() - processor,
        "queries": cr.sql_log_count - queries,
    }
    cr.clear()
    return figures


def _add(total, figures):
    for name, figure in figures.items():
        total[name] = total.get(name, 0) + figure
    total.setdefault("requests", []).append(figures)


def _describe(registry, case, measured):
    return {
        "name": case.name,
        "title": case.title,
        "flow": case.flow,
        "orders": case.orders,
        "components": case.components,
        "sides": {
            side.name: {"runs": into.runs, "refusal": into.refusal}
            for side, into in measured.items()
        },
        "floor": _measure_floor(registry, measured),
        "identity": _compare(case, measured),
    }


def _measure_floor(registry, measured):
    written = measured[sides.OURS].written or measured[sides.STOCK].written
    if not written:
        return {}
    seconds = []
    for _repeat in range(3):
        with registry.cursor() as cr:
            seconds.append(floor.write(cr, written))
            cr.rollback()
    return {"seconds": min(seconds), "rows": written.count()}


def _compare(case, measured):
    """What the comparison of the rows says, where both sides have written some."""
    ours = measured[sides.OURS].written
    outcomes = [measured[side].written for side in (sides.STOCK, sides.MANUAL)]
    outcomes = [written for written in outcomes if written]
    if not ours or not outcomes:
        return {"verdict": "NOT COMPARED", "differences": [], "settled": [], "rows": 0}
    if case.flow in ("parts", "operations", "dialog", "debts"):
        # stock Odoo splits the order, consumes when it closes, logs that it has
        # reserved, or waits: only what is in stock in the end can be the same
        for written in (ours, *outcomes):
            written.keep_only("stock_quant")
    verdict = compare.judge(ours, outcomes)
    return {
        "verdict": "DIFFERENT" if verdict.differences else "IDENTICAL",
        "differences": list(map(str, verdict.differences)),
        "settled": [d.where for d in verdict.settled],
        "rows": ours.count(),
        "tables": sorted({*ours.rows, *ours.changed}),
    }
