"""Receipts and reports of one product at the same moment: what is owed is exact."""

import threading
import time
from contextlib import contextmanager

import pytest

from .clients import Refused
from .parallel import run_together
from .test_parallel import CLIENTS
from .test_transports import MODEL

NEEDED = 20


def make_receipts(factory, product_id, number):
    """Make transfers from a supplier, ready to be validated; their ids."""
    domain = [["code", "=", "incoming"], ["company_id", "=", factory.company_id]]
    [type_id] = factory.find("stock.picking.type", domain, limit=1)
    [supplier_id] = factory.find("stock.location", [["usage", "=", "supplier"]])
    move = {
        "product_id": product_id,
        "product_uom_qty": NEEDED,
        "quantity": NEEDED,
        "picked": True,
        "location_id": supplier_id,
        "location_dest_id": factory.location_id,
    }
    picking = {
        "picking_type_id": type_id,
        "location_id": supplier_id,
        "location_dest_id": factory.location_id,
        "move_ids": [[0, 0, move]],
    }
    return factory.create("stock.picking", *[picking] * number)


def make_deferring_chair(factory):
    """A chair without boards, which owes them."""
    chair = factory.make_chair(boards=0, bolts=10_000)
    [product] = factory.read("product.product", [chair.id], "product_tmpl_id")
    domain = [["product_tmpl_id", "=", product["product_tmpl_id"]]]
    boms = factory.find("mrp.bom", domain)
    factory.call("mrp.bom", "write", boms, vals={"backflush_shortage": "defer"})
    return chair


def settle(factory):
    """Run the scheduled action, which the server of the tests does not by itself."""
    cron_id = factory.find_ref("backflush_auto.ir_cron_settle")
    factory.call("ir.cron", "method_direct_trigger", [cron_id])


def test_receipts_beside_reports(factory, worker, server):
    """Nothing is lost, taken twice or below zero, whoever came first."""
    chair = make_deferring_chair(factory)
    orders = chair.order(*[10] * CLIENTS)
    receipts = make_receipts(factory, chair.board_id, CLIENTS)

    def report(order):
        return worker.json2.call(
            MODEL, "backflush_post", [order], reference=f"DEFER-{order}"
        )

    def receive(picking):
        return factory.call("stock.picking", "button_validate", [picking])

    calls = []
    for order, receipt in zip(orders, receipts, strict=True):
        calls += [(report, order), (receive, receipt)]
    answers = run_together(calls)
    for answer in answers[::2]:
        boards, bolts = answer["components"]
        assert boards["consumed"] + boards["deferred"] == NEEDED, boards
        assert (bolts["consumed"], bolts["deferred"]) == (2 * NEEDED, 0)
    server.wait_until_idle()
    settle(factory)
    assert chair.read_stock() == (10 * CLIENTS, 0, 10_000 - 2 * NEEDED * CLIENTS)
    [(waiting,)] = server.query(
        "SELECT count(*) FROM mrp_backflush_exception"
        " WHERE product_id = %s AND state = 'waiting'",
        chair.board_id,
    )
    assert waiting == 0
    # Where two transactions bring stock at once, Odoo keeps two quants, and joins them
    # when the inventory is opened.
    factory.call("stock.quant", "action_view_inventory")
    [(taken, lowest)] = server.query(
        "SELECT sum(quantity), (SELECT min(quantity) FROM stock_quant"
        " WHERE product_id = %s AND location_id = %s) FROM stock_move"
        " WHERE product_id = %s AND state = 'done' AND backflush_id IS NOT NULL",
        *(chair.board_id, factory.location_id, chair.board_id),
    )
    assert taken == NEEDED * CLIENTS
    assert (lowest or 0) >= 0


class Late:
    """Chairs whose boards come late, and the calls that report and receive them."""

    def __init__(self, server, factory, worker):
        self.server = server
        self.factory = factory
        self.worker = worker
        self.chair = make_deferring_chair(factory)
        [self.order] = self.chair.order(10)

    def report(self):
        reference = f"LATE-{self.order}"
        return self.worker.json2.call(
            MODEL, "backflush_post", [self.order], reference=reference
        )

    def receive(self, picking):
        return self.factory.call("stock.picking", "button_validate", [picking])

    def read_debts(self):
        """``(state, what is owed)`` of each debt."""
        return self.server.query(
            "SELECT state, product_qty FROM mrp_backflush_exception"
            " WHERE production_id = %s",
            self.order,
        )

    def break_off(self, call, table, row):
        """Kill the server in the middle of a call: where it writes a row."""
        with self._hold(table, row):
            caller = threading.Thread(target=_call_in_vain, args=(call,))
            caller.start()
            self._wait_for_lock()
            self.server.kill()
            caller.join()
        self.server.start()
        self.server.wait_until_idle()

    @contextmanager
    def _hold(self, table, row):
        connection = self.server.connect()
        connection.autocommit = False
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id FROM {table} WHERE id = %s FOR NO KEY UPDATE", [row]
                )
            yield
        finally:
            connection.close()

    def _wait_for_lock(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.server.query(
                "SELECT pid FROM pg_stat_activity WHERE datname = %s"
                " AND wait_event_type = 'Lock'",
                self.server.database,
            ):
                return
            time.sleep(0.02)
        raise AssertionError("Nothing waits for the row.")


def _call_in_vain(call):
    try:
        call()
    except (OSError, Refused):
        pass  # nobody knows what became of the call


@pytest.fixture
def late(server, factory, worker):
    return Late(server, factory, worker)


def test_killed_while_a_report_defers(late):
    """Neither a posting nor a debt is left of it; repeated, it is posted once."""
    late.break_off(late.report, "mrp_production", late.order)
    assert late.read_debts() == []
    assert late.chair.read_stock() == (0, 0, 10_000)
    first = late.report()
    assert first["replayed"] is False
    assert late.report() == {**first, "replayed": True}
    assert late.read_debts() == [("waiting", NEEDED)]
    assert late.chair.read_stock() == (10, 0, 10_000 - 2 * NEEDED)


def test_killed_while_a_receipt_pays(late):
    """Neither the receipt nor the payment has happened; repeated, both have, once."""
    late.report()
    [picking] = make_receipts(late.factory, late.chair.board_id, 1)
    [(debt,)] = late.server.query(
        "SELECT move_id FROM mrp_backflush_exception WHERE production_id = %s",
        late.order,
    )
    late.break_off(lambda: late.receive(picking), "stock_move", debt)
    assert late.read_debts() == [("waiting", NEEDED)]
    assert late.chair.read_stock()[1] == 0
    late.receive(picking)
    late.server.wait_until_idle()
    assert late.read_debts() == [("done", 0)]
    assert late.chair.read_stock() == (10, 0, 10_000 - 2 * NEEDED)
    [(taken,)] = late.server.query(
        "SELECT sum(quantity) FROM stock_move WHERE state = 'done'"
        " AND product_id = %s AND raw_material_production_id = %s",
        *(late.chair.board_id, late.order),
    )
    assert taken == NEEDED
