"""A correction that is broken off in the middle is made once, and whole."""

import json
import socket
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest

from .clients import Refused
from .test_transports import MODEL

POSTING = "mrp.backflush"


class Wrong:
    """A report of 100 chairs that were 10, and the call that says so."""

    def __init__(self, server, factory, worker):
        self.server = server
        self.worker = worker
        self.chair = factory.make_chair()
        [self.order] = self.chair.order(100)
        self.id = worker.json2.call(MODEL, "backflush_post", [self.order])["id"]
        reference = f"WRONG-{self.id}"
        self.values = {"quantity": 10, "reason": "slip", "reference": reference}

    def correct(self, client):
        return client.call(POSTING, "backflush_correct", [self.id], **self.values)

    def read(self):
        """What is left of the report, and how many corrections it has."""
        return self.server.query(
            "SELECT quantity_left, (SELECT count(*) FROM mrp_backflush correction"
            " WHERE correction.reverses_id = posting.id)"
            " FROM mrp_backflush posting WHERE id = %s",
            self.id,
        )

    @contextmanager
    def hold(self):
        """Let corrections stop where they have moved all and write the order.

        :return: context manager; gives a function that waits for one, and answers with
            the process that waits in the database
        """
        connection = self.server.connect()
        connection.autocommit = False
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT id FROM mrp_production WHERE id = %s FOR NO KEY UPDATE",
                    [self.order],
                )
            yield self._wait
        finally:
            connection.close()

    def _wait(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            waiting = self.server.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s"
                " AND wait_event_type = 'Lock' AND query LIKE '%%mrp_production%%'",
                self.server.database,
            )
            if waiting:
                return waiting[0][0]
            time.sleep(0.02)
        raise AssertionError("No correction waits for the order.")

    def assert_made_once(self, is_replayed):
        """Repeat the correction, over the one way and the other."""
        first = self.correct(self.worker.json2)
        assert first["replayed"] is is_replayed
        again = self.correct(self.worker.xmlrpc)
        assert again == {**first, "replayed": True}
        assert self.read() == [(10, 1)]
        assert self.chair.read_stock() == (10, 980, 960)


@pytest.fixture
def wrong(server, factory, worker):
    return Wrong(server, factory, worker)


def test_killed_server(server, worker, wrong):
    with wrong.hold() as wait:
        call = threading.Thread(target=_call_in_vain, args=(wrong, worker.json2))
        call.start()
        wait()
        server.kill()
        call.join()
    server.start()
    server.wait_until_idle()
    assert wrong.read() == [(100, 0)]
    assert wrong.chair.read_stock() == (100, 800, 600)
    wrong.assert_made_once(is_replayed=False)


def test_cut_connection_of_the_database(server, worker, wrong):
    """Odoo tries again, or the caller does: the correction is made once."""
    with wrong.hold() as wait:
        call = threading.Thread(target=_call_in_vain, args=(wrong, worker.json2))
        call.start()
        server.query("SELECT pg_terminate_backend(%s)", wait())
    call.join()
    server.wait_until_idle()
    [(_left, corrections)] = wrong.read()
    wrong.assert_made_once(is_replayed=bool(corrections))


def test_cut_connection_of_the_client(server, worker, wrong):
    """What nobody heard the answer of is answered when it is asked again."""
    address = urlsplit(server.url)
    body = json.dumps({"ids": [wrong.id], **wrong.values}).encode()
    head = (
        f"POST /json/2/{POSTING}/backflush_correct HTTP/1.1\r\n"
        f"Host: {address.netloc}\r\nAuthorization: bearer {worker.key}\r\n"
        f"X-Odoo-Database: {server.database}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with wrong.hold() as wait:
        with socket.create_connection((address.hostname, address.port)) as line:
            line.sendall(head.encode() + body)
            wait()
    server.wait_until_idle()
    assert wrong.read() == [(10, 1)]
    wrong.assert_made_once(is_replayed=True)


def _call_in_vain(wrong, client):
    try:
        wrong.correct(client)
    except (OSError, Refused):
        pass  # nobody knows what became of the call
