"""What more jobs at a time are worth: ./run test live/measure_queue.py -s

QUEUE_REPORTS says how many reports each of four lines submits.
"""

import os
import time

import pytest

from .parallel import wait_until
from .server import Server
from .test_transports import MODEL

REPORTS = int(os.environ.get("QUEUE_REPORTS", "100"))
LINES = 4


@pytest.mark.parametrize("jobs", [1, 2, 4])
def test_jobs_at_a_time(factory, worker, server, jobs):
    """Four lines, with components of their own and with one that all of them take."""
    channels = f"root:{jobs},root.backflush:{jobs}"
    runner = Server(
        server.database,
        f"{server.database}-jobs",
        {"ODOO_QUEUE_JOB_CHANNELS": channels},
        ("--load=base,web,queue_job", f"--workers={jobs + 1}"),
    )
    try:
        runner.start()
        run(server, worker, make_products(factory, False), f"{jobs}-warm", 5)
        for kind in ("separate", "shared"):
            products = make_products(factory, kind == "shared")
            accepted, posted = run(server, worker, products, f"{jobs}-{kind}")
            number = LINES * REPORTS
            print(
                f"\n{jobs} at a time, {kind} components: {number / posted:.1f} reports"
                f" a second, accepted in {100 * accepted / number:.2f} s a hundred",
                flush=True,
            )
    finally:
        runner.kill()


def make_products(factory, is_shared):
    """A product for each line, of a board and a bolt."""
    stock = LINES * REPORTS
    board = factory.make_product("Board", stock)
    products = []
    for number in range(LINES):
        own = board if is_shared else factory.make_product("Own board", stock)
        bolt = factory.make_product("Bolt", stock)
        product = factory.make_product(f"Line {number}")
        factory.make_bom(product, {own: 1, bolt: 1})
        products.append(product)
    return products


def run(server, worker, products, name, number_of_reports=REPORTS):
    """Submit the reports of each line.

    :return: the seconds until all are accepted, and until all are posted
    """
    started = time.monotonic()
    for number, product in enumerate(products):
        reports = [
            {
                "product_id": product,
                "quantity": 1,
                "reference": f"{name}-{server.port}-{number}-{report}",
            }
            for report in range(number_of_reports)
        ]
        answer = worker.json2.call(MODEL, "backflush_submit", reports=reports)
        assert answer["accepted"] == number_of_reports
    accepted = time.monotonic() - started
    waiting = "SELECT count(*) FROM mrp_backflush_submitted WHERE state <> 'posted'"
    wait_until(lambda: not server.query(waiting)[0][0], seconds=LINES * REPORTS)
    return accepted, time.monotonic() - started
