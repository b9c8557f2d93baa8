"""Eight clients at once, who want the same stock or the same order."""

import re
import time
from xmlrpc.client import Fault

from .clients import Refused
from .parallel import run_together
from .test_transports import MODEL

CLIENTS = 8
POSTING = "mrp.backflush"
# what Odoo logs when a transaction lost against another, and is tried again
CONFLICTS = re.compile(r".*(?:could not serialize|deadlock|tries left|tries reached).*")


class Timed:
    """A client that notes how long each request took."""

    def __init__(self, client):
        self.client = client
        self.seconds = []

    def call(self, *arguments, **keywords):
        started = time.monotonic()
        try:
            return self.client.call(*arguments, **keywords)
        finally:
            self.seconds.append(time.monotonic() - started)


def run_clients(worker, work, shares):
    """Let each client do its share, half of them over each transport.

    :param work: function of a client and a share
    :return: what it answered for each share
    """
    ways = (worker.json2, worker.xmlrpc)
    clients = [Timed(ways[number % 2]) for number in range(len(shares))]
    started = time.monotonic()
    results = run_together(
        [
            (lambda share, client=client: work(client, share), share)
            for client, share in zip(clients, shares, strict=True)
        ]
    )
    elapsed = time.monotonic() - started
    slowest = max(second for client in clients for second in client.seconds)
    requests = sum(len(client.seconds) for client in clients)
    print(f"\n{requests} requests in {elapsed:.1f} s, the slowest {slowest:.2f} s")
    return results


def post_each(client, order):
    """Post an order alone; whether it was posted, else why not."""
    try:
        client.call(MODEL, "backflush_post", [order])
    except Exception as error:
        return getattr(error, "message", None) or getattr(error, "faultString", error)
    return True


def post_share(client, orders):
    """Post the first of a client's orders alone, the rest together.

    :return: for each order True, or why it was not posted
    """
    first, *others = orders
    answers = [post_each(client, first)]
    results = client.call(
        MODEL,
        "backflush_post_batch",
        reports=[
            {"production_id": order, "reference": f"SHARE-{order}"} for order in others
        ],
    )
    for result in results:
        answers.append(result["ok"] or result["error"]["message"])
        assert result["ok"] or result["error"]["type"] == "shortage"
    return answers


def test_last_stock(factory, worker, server):
    """Boards for 70 % of the orders: so many are done, the others are short."""
    log = server.mark_log()
    chair = factory.make_chair(boards=345, bolts=10_000)
    orders = chair.order(*[10] * 24)
    shares = [orders[number::CLIENTS] for number in range(CLIENTS)]
    answers = sum(run_clients(worker, post_share, shares), [])
    assert answers.count(True) == 17
    for answer in answers:
        assert answer is True or "20.00 Units needed" in answer
    assert chair.read_stock() == (170, 5, 10_000 - 680)
    assert_state(server, orders, {"done": 17, "confirmed": 7})
    assert_no_conflict(server, log)


def test_shared_component(factory, worker, server):
    """Each client makes another product, of boards that all of them take."""
    log = server.mark_log()
    board = factory.make_product("Shared board", 68)
    shares = []
    for number in range(CLIENTS):
        product = factory.make_product(f"Shelf {number}")
        factory.make_bom(product, {board: 4})
        shares.append(factory.make_orders(product, [1, 1, 1]))
    answers = sum(run_clients(worker, post_share, shares), [])
    assert answers.count(True) == 17
    assert factory.read_stock(board) == 0
    assert_state(server, sum(shares, []), {"done": 17, "confirmed": 7})
    assert_no_conflict(server, log)


def test_same_order(factory, worker, server):
    """Parts of one order, from all sides."""
    log = server.mark_log()
    chair = factory.make_chair()
    [order] = chair.order(CLIENTS * 3 * 2)

    def post_parts(client, number):
        call = client.call
        for part in range(2):
            reference = f"PART-{order}-{number}-{part}"
            call(MODEL, "backflush_post", [order], quantity=2, reference=reference)
        report = {"production_id": order, "quantity": 2}
        [result] = call(MODEL, "backflush_post_batch", reports=[report])
        assert result["ok"], result

    run_clients(worker, post_parts, range(CLIENTS))
    assert chair.read_stock() == (48, 1000 - 96, 1000 - 192)
    assert_state(server, [order], {"done": 1})
    postings = "SELECT count(*), sum(quantity) FROM mrp_backflush"
    rows = server.query(f"{postings} WHERE production_id = %s", order)
    assert rows == [(24, 48)]
    assert_no_conflict(server, log)


def test_corrections(factory, worker, server):
    """One posting, corrected by all at once: with one reference, and with many."""
    log = server.mark_log()
    chair = factory.make_chair()
    same, other = chair.order(100, 100)
    posted = {
        order: worker.json2.call(MODEL, "backflush_post", [order])["id"]
        for order in (same, other)
    }

    def correct(client, number):
        call = client.call
        once = {"quantity": 10, "reason": "slip", "reference": f"CORRECT-{same}"}
        answers = [call(POSTING, "backflush_correct", [posted[same]], **once)]
        own = {"quantity": 90 - 10 * number, "reference": f"CORRECT-{other}-{number}"}
        try:
            answers.append(call(POSTING, "backflush_correct", [posted[other]], **own))
        except (Refused, Fault) as refused:
            assert "a correction says less" in str(refused)
        return answers

    answers = run_clients(worker, correct, range(CLIENTS))
    once = [first for first, *_others in answers]
    assert sorted(answer["replayed"] for answer in once) == [False] + [True] * 7
    assert len({answer["id"] for answer in once}) == 1
    # The lowest of all is what is left, whoever came first.
    left = "SELECT quantity_left FROM mrp_backflush WHERE id = %s"
    assert server.query(left, posted[same]) == [(10,)]
    assert server.query(left, posted[other]) == [(20,)]
    assert chair.read_stock() == (30, 1000 - 60, 1000 - 120)
    assert_no_conflict(server, log)


def test_button(factory, worker, server):
    """The button of the web client, beside reports of programs."""
    log = server.mark_log()
    chair = factory.make_chair(boards=40, bolts=10_000)
    orders = chair.order(*[10] * CLIENTS)

    def press(order):
        if order % 2:
            return post_each(worker.json2, order)
        try:
            return worker.browser.click(MODEL, "button_mark_done", [order])
        except Refused as refused:
            return refused.message

    answers = run_together([(press, order) for order in orders])
    short = [answer for answer in answers if isinstance(answer, str)]
    assert len(short) == CLIENTS - 2
    assert all("20.00 Units needed" in answer for answer in short)
    assert chair.read_stock() == (20, 0, 10_000 - 80)
    assert_no_conflict(server, log)


def test_operations(factory, worker, server):
    """Work orders that share boards, finished by buttons and reported by programs."""
    log = server.mark_log()
    chair = factory.make_chair(boards=5 * 20, bolts=10_000)
    factory.make_routing(chair.id, "Cut", "Screw")
    orders = chair.order(*[10] * CLIENTS)
    cuts = {
        order: factory.find(
            "mrp.workorder", [["production_id", "=", order], ["name", "=", "Cut"]]
        )
        for order in orders
    }

    def finish(number):
        order = orders[number]
        ways = {
            0: lambda: worker.json2.call("mrp.workorder", "button_finish", cuts[order]),
            1: lambda: worker.browser.click(
                "mrp.workorder", "action_mark_as_done", cuts[order]
            ),
            2: lambda: worker.xmlrpc.call(
                MODEL, "backflush_post", [order], workorder_id=cuts[order][0]
            ),
        }
        try:
            return ways[number % 3]()
        except Exception as error:
            return getattr(error, "message", None) or error.faultString

    answers = run_together([(finish, number) for number in range(CLIENTS)])
    short = [answer for answer in answers if "20.00 Units needed" in str(answer)]
    assert len(short) == CLIENTS - 5, answers
    assert chair.read_stock() == (0, 0, 10_000)
    assert_state(server, orders, {"progress": 5, "confirmed": 3})
    assert_no_conflict(server, log)


def test_unbuild(factory, worker, server):
    """What was made is taken apart while eight others make more of it."""
    log = server.mark_log()
    chair = factory.make_chair(boards=10_000, bolts=10_000)
    made, *orders = chair.order(100, *[10] * CLIENTS)
    worker.json2.call(MODEL, "backflush_post", [made])
    model, wizard = "mrp.unbuild", "stock.warn.insufficient.qty.unbuild"
    vals = {"product_id": chair.id, "mo_id": made, "product_qty": 3}
    unbuilds = worker.json2.call(model, "create", vals_list=[vals] * 9)
    vals = {
        "product_id": chair.id,
        "location_id": factory.location_id,
        "quantity": 3,
        "product_uom_name": "Units",
    }
    ways = (
        lambda unbuild: worker.json2.call(model, "action_validate", [unbuild]),
        lambda unbuild: worker.xmlrpc.call(model, "action_unbuild", [unbuild]),
        lambda unbuild: worker.browser.click(model, "action_validate", [unbuild]),
        lambda unbuild: worker.json2.call(
            *(wizard, "action_done"),
            worker.json2.call(
                wizard, "create", vals_list=[{**vals, "unbuild_id": unbuild}]
            ),
        ),
    )

    def take_apart(number):
        for turn, unbuild in enumerate(unbuilds[number::3]):
            ways[(number + turn) % len(ways)](unbuild)

    def make(order):
        for _part in range(5):
            worker.json2.call(MODEL, "backflush_post", [order], quantity=2)

    calls = [(make, order) for order in orders]
    run_together([*calls, *((take_apart, number) for number in range(3))])
    chairs = 100 + 10 * CLIENTS - 27
    assert chair.read_stock() == (chairs, 10_000 - 2 * chairs, 10_000 - 4 * chairs)
    assert_state(server, [made, *orders], {"done": 1 + CLIENTS})
    domain = [["id", "in", unbuilds], ["state", "=", "done"]]
    assert len(factory.find(model, domain)) == len(unbuilds)
    assert_no_conflict(server, log)


def assert_state(server, orders, expected):
    rows = server.query(
        "SELECT state, count(*) FROM mrp_production WHERE id = ANY(%s) GROUP BY state",
        orders,
    )
    assert dict(rows) == expected
    below_zero = (
        "SELECT quant.product_id FROM stock_quant quant"
        " JOIN stock_location location ON location.id = quant.location_id"
        " WHERE location.usage = 'internal' AND quant.quantity < 0"
    )
    assert server.query(below_zero) == []


def assert_no_conflict(server, log):
    """Those who wait for each other do not fail, to be tried again."""
    assert CONFLICTS.findall(server.read_log(log)) == []
