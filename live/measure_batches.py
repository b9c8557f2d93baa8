"""How long a call takes with many reports: ./run test live/measure_batches.py -s"""

import time

import pytest

from .clients import Refused
from .test_transports import MODEL

SIZES = (1, 10, 100, 1000)


@pytest.mark.parametrize("kind", ["on orders", "without orders"])
def test_batches(factory, worker, kind):
    """A chair of two components, one report for each order, over JSON-2."""
    chair = factory.make_chair(boards=100_000, bolts=100_000)
    print(f"\n{kind}: reports, seconds, milliseconds for each")
    for size in SIZES:
        reports = [{"product_id": chair.id, "quantity": 1}] * size
        if kind == "on orders":
            orders = []
            for _hundred in range(0, size, 100):
                orders += chair.order(*[1] * min(size, 100))
            reports = [{"production_id": order} for order in orders]
        started = time.monotonic()
        try:
            results = worker.json2.call(MODEL, "backflush_post_batch", reports=reports)
        except (OSError, Refused) as error:
            print(f"{size:>8}  cut off by the server: {error}", flush=True)
            continue
        seconds = time.monotonic() - started
        assert all(result["ok"] for result in results)
        print(f"{size:>8}{seconds:>10.2f}{1000 * seconds / size:>10.0f}", flush=True)
