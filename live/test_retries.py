"""Whatever goes wrong on the way, the same report with the same reference is safe."""

import os
import random
import threading
import time

from .parallel import run_together
from .test_transports import MODEL

# how often the server is killed
KILLS = int(os.environ.get("LIVE_KILLS", "2"))
REPORTS = 60


def test_same_reference_at_once(factory, worker):
    chair = factory.make_chair()
    [order] = chair.order(10)
    reference = f"AT-ONCE-{order}"

    def post(client):
        return client.call(
            MODEL, "backflush_post", [order], quantity=2, reference=reference
        )

    calls = [(post, client) for client in [worker.json2, worker.xmlrpc] * 4]
    results = run_together(calls)
    assert sorted(result.pop("replayed") for result in results) == [False] + [True] * 7
    assert all(result == results[0] for result in results)
    assert chair.read_stock() == (2, 996, 992)


def test_killed_on_the_way(factory, worker, server):
    """Half of the reports on orders, half without; killed, then repeated."""
    seconds = 2
    for _round in range(KILLS):
        chair = factory.make_chair()
        orders = chair.order(*[1] * (REPORTS // 2))
        reports = [{"production_id": order} for order in orders]
        reports += [{"product_id": chair.id, "quantity": 1}] * (REPORTS // 2)
        reports = [
            {**report, "reference": f"KILL-{chair.id}-{number}"}
            for number, report in enumerate(reports)
        ]
        moment = random.uniform(0, seconds)
        posted = post_and_kill(server, worker, reports, moment)
        print(f"killed after {moment:.2f} s: {posted} of {REPORTS} were posted")
        assert posted in (0, REPORTS)  # one call is one transaction
        started = time.monotonic()
        results = worker.json2.call(MODEL, "backflush_post_batch", reports=reports)
        seconds = seconds if posted else time.monotonic() - started
        assert [result["ok"] for result in results] == [True] * REPORTS
        again = worker.xmlrpc.call(MODEL, "backflush_post_batch", reports=reports)
        assert again == [{**result, "replayed": True} for result in results]
        assert_posted_once(server, chair)


def post_and_kill(server, worker, reports, moment):
    """Kill the server while it posts, and start it again.

    :return: how many reports it has posted
    """
    call = threading.Thread(target=_call_in_vain, args=(worker.json2, reports))
    call.start()
    time.sleep(moment)
    server.kill()
    call.join()
    server.start()
    server.wait_until_idle()
    [[posted]] = server.query(
        "SELECT count(*) FROM mrp_backflush WHERE reference = ANY(%s)",
        [report["reference"] for report in reports],
    )
    return posted


def _call_in_vain(client, reports):
    try:
        client.call(MODEL, "backflush_post_batch", reports=reports)
    except OSError:
        pass  # the connection is lost: nobody knows what became of the call


def assert_posted_once(server, chair):
    assert chair.read_stock() == (REPORTS, 1000 - 2 * REPORTS, 1000 - 4 * REPORTS)
    rows = server.query(
        "SELECT production.state, production.product_qty, posting.quantity,"
        " count(*) OVER (PARTITION BY posting.reference)"
        " FROM mrp_production production"
        " LEFT JOIN mrp_backflush posting ON posting.production_id = production.id"
        " WHERE production.product_id = %s",
        chair.id,
    )
    assert rows == [("done", 1, 1, 1)] * REPORTS
