"""Receipts and reports of one product at the same moment: what is owed is exact."""

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


def settle(factory):
    """Run the scheduled action, which the server of the tests does not by itself."""
    cron_id = factory.find_ref("backflush_auto.ir_cron_settle")
    factory.call("ir.cron", "method_direct_trigger", [cron_id])


def test_receipts_beside_reports(factory, worker, server):
    """Nothing is lost, taken twice or below zero, whoever came first."""
    chair = factory.make_chair(boards=0, bolts=10_000)
    [product] = factory.read("product.product", [chair.id], "product_tmpl_id")
    domain = [["product_tmpl_id", "=", product["product_tmpl_id"]]]
    boms = factory.find("mrp.bom", domain)
    factory.call("mrp.bom", "write", boms, vals={"backflush_shortage": "defer"})
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
