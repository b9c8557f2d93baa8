"""Who has to wait does so before it reads anything, and leaves no lock behind."""

import threading
import time
from contextlib import contextmanager

import pytest

from .clients import Refused
from .test_transports import MODEL

# of backflush_auto/locks.py
BUCKETS = 128
PRODUCTS = 1_650_550_368


def get_bucket(product_id):
    return product_id % BUCKETS


@pytest.fixture
def hold(server):
    """Holds the lock of a product, as another request does."""

    @contextmanager
    def holding(product_id):
        connection = server.connect()
        try:
            with connection.cursor() as cursor:
                key = PRODUCTS, get_bucket(product_id)
                cursor.execute("SELECT pg_advisory_lock(%s, %s)", key)
                yield
        finally:
            connection.close()

    return holding


class Call(threading.Thread):
    """A call that has to wait."""

    def __init__(self, function, *arguments, **keywords):
        super().__init__()
        self.call = lambda: function(*arguments, **keywords)
        self.result = self.error = None
        self.start()

    def run(self):
        try:
            self.result = self.call()
        except Exception as error:
            self.error = error


def wait_for_waiting(server):
    """Wait until somebody waits for a lock; the statement that does."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for _kind, _bucket, granted, query in server.read_held_locks():
            if not granted:
                return query
        time.sleep(0.05)
    raise AssertionError("Nobody waits.")


WAYS = {
    "post over JSON-2": lambda worker, order: worker.json2.call(
        MODEL, "backflush_post", [order]
    ),
    "post over XML-RPC": lambda worker, order: worker.xmlrpc.call(
        MODEL, "backflush_post", [order]
    ),
    "batch over JSON-2": lambda worker, order: worker.json2.call(
        MODEL, "backflush_post_batch", reports=[{"production_id": order}]
    ),
    "batch over XML-RPC": lambda worker, order: worker.xmlrpc.call(
        MODEL, "backflush_post_batch", reports=[{"production_id": order}]
    ),
    "button over JSON-2": lambda worker, order: worker.json2.call(
        MODEL, "button_mark_done", [order]
    ),
    "button over XML-RPC": lambda worker, order: worker.xmlrpc.call(
        MODEL, "button_mark_done", [order]
    ),
    "button of the web client": lambda worker, order: worker.browser.click(
        MODEL, "button_mark_done", [order]
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_waits_before_it_reads(factory, worker, server, hold, way):
    """Locks of the connection are taken first, the transaction then begins anew."""
    chair = factory.make_chair(boards=20)
    [order] = chair.order(10)
    with hold(chair.board_id):
        call = Call(WAYS[way], worker, order)
        query = wait_for_waiting(server)
        # what the waiting call must see, or it would refuse the order
        factory.add_stock(chair.bolt_id, 2000)
    call.join()
    assert 'SELECT "pg_advisory_lock"' in query
    assert call.error is None
    assert chair.read_stock() == (10, 0, 1960)


def test_waits_in_the_middle(factory, worker, server, hold):
    """A call that has written already waits within its transaction."""
    chair = factory.make_chair()
    [order] = chair.order(10)
    worker.json2.call(MODEL, "write", [order], vals={"qty_producing": 4})
    [wizard] = worker.json2.call(
        "mrp.production.backorder",
        "create",
        vals_list=[
            {
                "mrp_production_ids": [[6, 0, [order]]],
                "mrp_production_backorder_line_ids": [
                    [0, 0, {"mrp_production_id": order, "to_backorder": True}]
                ],
            }
        ],
    )
    model = "mrp.production.backorder"
    with hold(chair.board_id):
        call = Call(worker.json2.call, model, "action_backorder", [wizard])
        assert "pg_advisory_xact_lock" in wait_for_waiting(server)
    call.join()
    assert call.error is None
    assert chair.read_stock()[0] == 4


def test_error_while_it_holds(factory, transport):
    [order] = factory.make_chair(boards=1).order(10)
    with pytest.raises(Exception, match="20.00 Units needed"):
        transport.call(MODEL, "backflush_post", [order])


def test_cancelled_while_it_waits(factory, worker, server, hold):
    """It holds some locks already, and the connection lives on in Odoo's pool."""
    chair = factory.make_chair()
    [order] = chair.order(10)
    ids = (chair.id, chair.board_id, chair.bolt_id)
    last = max(ids, key=get_bucket)
    with hold(last):
        call = Call(worker.json2.call, MODEL, "backflush_post", [order])
        wait_for_waiting(server)
        mine = [row for row in server.read_held_locks() if row[2]]
        assert len(mine) == len(ids)  # two of the call, one of the test
        server.query(
            "SELECT pg_cancel_backend(pid)"
            " FROM pg_locks JOIN pg_stat_activity USING (pid)"
            " WHERE locktype = 'advisory' AND NOT granted"
            " AND datname = current_database()"
        )
        call.join()
        assert isinstance(call.error, Refused)
        assert call.error.status == 500
        assert len(server.read_held_locks()) == 1
    assert chair.read_stock() == (0, 1000, 1000)


def test_killed_while_it_waits(factory, worker, server, hold):
    chair = factory.make_chair()
    [order] = chair.order(10)
    with hold(max(chair.id, chair.board_id, chair.bolt_id, key=get_bucket)):
        call = Call(worker.json2.call, MODEL, "backflush_post", [order])
        wait_for_waiting(server)
        server.kill()
        call.join()
        assert isinstance(call.error, OSError)
    server.start()
    assert chair.read_stock() == (0, 1000, 1000)
    worker.json2.call(MODEL, "backflush_post", [order])
    assert chair.read_stock() == (10, 980, 960)


def test_component_by_code(factory, worker, server, hold):
    """What a report adds to the order is waited for as well, before it reads."""
    [order] = factory.make_chair().order(10)
    glue = factory.make_product("Glue", 0, default_code=f"GLUE-{order}")
    added = {"default_code": f"GLUE-{order}", "quantity": 3}
    with hold(glue):
        call = Call(
            *(worker.json2.call, MODEL, "backflush_post", [order]),
            quantity=1,
            components=[added],
        )
        query = wait_for_waiting(server)
        factory.add_stock(glue, 3)
    call.join()
    assert 'SELECT "pg_advisory_lock"' in query
    assert call.error is None
    assert factory.read_stock(glue) == 0
