"""Clients who complete orders at the same time, over a live server of several workers.

Their orders share every component. Each order is a request of its own, over JSON-2, and
is repeated by Odoo where it lost against another, as it would be in a factory.
"""

import re
import sys
import time
from dataclasses import dataclass, replace
from statistics import median

from live.clients import Refused
from live.factory import Factory
from live.parallel import run_together
from live.server import Server

from .arguments import measure_all, read_arguments

MODEL = "mrp.production"
# of the stock that the orders need, where the last of it is contended
ENOUGH, SHORT = 2, 0.7
# what Odoo logs when a transaction lost against another, and is tried again
RETRY = re.compile(r"tries left, try again")
UNPROCESSABLE = 422


@dataclass(frozen=True, eq=False)
class Side:
    """Whose orders they are.

    :param values: of each order
    """

    name: str
    title: str
    values: dict


STOCK = Side("stock", "stock Odoo", {"backflush": False})
BLOCK = Side(
    "ours",
    "backflushed, refuses a shortage",
    {"backflush": True, "backflush_shortage": "block"},
)
NEGATIVE = Side(
    "negative",
    "backflushed, may go negative",
    {"backflush": True, "backflush_shortage": "negative"},
)


def main():
    """Measure the cases on a server of their own."""
    options = read_arguments()
    server = Server(options.database)
    try:
        server.start()
        factory = Factory(server)
        worker = factory.make_user("bench", "mrp.group_mrp_user")
        client = worker.json2
        measure_all(
            options,
            lambda case, say: measure(factory, client, case, options.repeats, say),
        )
    finally:
        server.stop()
    return 0


def measure(factory, client, case, repeats, say):
    """Have the sides take turns with each number of clients.

    :param client: the `Json2` of a plain manufacturing user
    :return: plain values
    """
    repeats = min(repeats, case.most_repeats)
    sides = [STOCK, BLOCK] if case.block else [STOCK, NEGATIVE, BLOCK]
    runs = {(number, side): [] for number in case.clients for side in sides}
    for repeat in range(repeats):
        for number in case.clients:
            shift = repeat % len(sides)
            for side in sides[shift:] + sides[:shift]:
                say(f"{repeat + 1} of {repeats}: clients: {number}, {side.title}")
                run = _run(factory, client, case, side, number)
                runs[number, side].append(run)
    return {
        "name": case.name,
        "title": case.title,
        "flow": case.flow,
        "rows": [
            {"clients": number, "side": side.name, "title": side.title, **_sum_up(some)}
            for (number, side), some in runs.items()
        ],
    }


def _run(factory, client, case, side, number):
    """Let clients complete new orders; what came of it."""
    orders, components = _make_orders(factory, case, side)
    # New products empty the caches of the server.
    warm_up = replace(case, orders=2 * number)
    _complete_together(client, _make_orders(factory, warm_up, side)[0], number)
    log = factory.server.mark_log()
    started = time.monotonic()
    answers = _complete_together(client, orders, number)
    elapsed = time.monotonic() - started
    outcomes = [outcome for outcome, _seconds in answers]
    done = _count_done(factory.server, orders)
    return {
        "throughput": done / elapsed,
        "done": done,
        "refused": outcomes.count("refused"),
        "lost": outcomes.count("lost"),
        "slowest": max(seconds for _outcome, seconds in answers),
        "retries": len(RETRY.findall(factory.server.read_log(log))),
        "left": min(map(factory.read_stock, components)),
    }


def _make_orders(factory, case, side):
    """Orders of a new product, and its components; their ids."""
    product, components = _make_product(factory, case)
    orders = factory.make_orders(product, [1] * case.orders, **side.values)
    return orders, components


def _make_product(factory, case):
    """A product with components of its own; both ids."""
    number = next(factory.numbers)
    share = SHORT if case.block else ENOUGH
    needed = {position: position % 3 + 1 for position in range(case.components)}
    components = {
        factory.make_product(
            f"Component {number}/{position}", round(share * case.orders * quantity)
        ): quantity
        for position, quantity in needed.items()
    }
    product = factory.make_product(f"Product {number}")
    factory.make_bom(product, components)
    return product, list(components)


def _count_done(server, orders):
    """How many are done, whatever the clients were told."""
    [[count]] = server.query(
        "SELECT count(*) FROM mrp_production WHERE id = ANY(%s) AND state = 'done'",
        orders,
    )
    return count


def _complete_together(client, orders, number):
    """Share the orders out to clients: ``(outcome, seconds)`` of each."""
    shares = [orders[position::number] for position in range(number)]
    answers = run_together(
        [(lambda share: _complete(client, share), share) for share in shares]
    )
    return sum(answers, [])


def _complete(client, orders):
    """Complete orders one by one: ``(outcome, seconds)`` of each."""
    answers = []
    for order in orders:
        started = time.monotonic()
        outcome = _complete_one(client, order)
        answers.append((outcome, time.monotonic() - started))
    return answers


def _complete_one(client, order):
    try:
        client.call(MODEL, "button_mark_done", [order])
    except Refused as refused:
        return "refused" if refused.status == UNPROCESSABLE else "lost"
    except OSError:
        return "lost"
    return "done"


def _sum_up(runs):
    """The figures of several runs as one."""
    names = ("done", "refused", "lost", "retries")
    return {
        "throughput": median(run["throughput"] for run in runs),
        **{name: sum(run[name] for run in runs) for name in names},
        "slowest": max(run["slowest"] for run in runs),
        "left": min(run["left"] for run in runs),
    }


if __name__ == "__main__":
    sys.exit(main())
