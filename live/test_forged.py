"""What a client sends beside its arguments changes no posting.

Odoo hands the context of a call to every public method: here, over both transports, are
the keys of our own that would make goods from nothing.
"""

import json
import xmlrpc.client

import pytest

from .clients import Refused
from .test_transports import MODEL

KEYS = (
    *("keep_ratio", "exploded_lines", "settled_ids", "keep_open", "posting_follows"),
    *("skip_picking", "reserve", "without_timer", "reported_time", "record"),
    *("identities", "unreserved", "skip_reservation", "ledger"),
    *("consume_links", "cost_shares", "bom_prices", "receipts", "overview"),
    *("kit_lines", "bom_quantities", "split"),
)


@pytest.fixture
def chair(factory):
    return factory.make_chair(boards=100, bolts=200)


@pytest.fixture
def storeman(factory):
    number = next(factory.numbers)
    return factory.make_user(f"storeman-{number}", "stock.group_stock_user")


def forge(factory, value=None):
    """Every key, with ids that hit whatever a call makes."""
    ids = []
    for model in (MODEL, "stock.move", "stock.move.line"):
        last = max(factory.find(model, [], order="id desc", limit=1), default=0)
        ids += range(max(1, last - 10), last + 50)
    return {f"backflush_{key}": ids if value is None else value for key in KEYS}


def read_moves(factory, order):
    rows = factory.call(
        "stock.move",
        "search_read",
        domain=[["raw_material_production_id", "=", order]],
        fields=["product_id", "state", "quantity"],
    )
    return sorted((row["product_id"][0], row["state"], row["quantity"]) for row in rows)


@pytest.mark.parametrize("value", [None, True, {"1": 1}, "ledger", 1])
def test_produce(factory, chair, transport, value):
    [order] = chair.order(10)
    context = forge(factory, value)
    assert transport.call(MODEL, "button_mark_done", [order], context=context) is True
    moved = [(chair.board_id, "done", 20), (chair.bolt_id, "done", 40)]
    assert read_moves(factory, order) == sorted(moved)
    assert factory.read_stock(chair.board_id) == 80


@pytest.mark.parametrize("value", [None, True])
def test_report(factory, chair, transport, value):
    [order] = chair.order(10)
    context = {**forge(factory, value), "default_quantity": 7, "default_picked": True}
    for quantity in (4, 6):
        transport.call(
            MODEL, "backflush_post", [order], quantity=quantity, context=context
        )
    assert factory.read_stock(chair.board_id) == 80
    assert factory.read_stock(chair.bolt_id) == 160
    assert factory.read_stock(chair.id) == 10


def test_batch(factory, chair, transport):
    context = {**forge(factory), "default_quantity": 7, "skip_consumption": True}
    reports = [{"product_id": chair.id, "quantity": 2}] * 2
    answers = transport.call(
        MODEL, "backflush_post_batch", reports=reports, context=context
    )
    assert [answer["ok"] for answer in answers] == [True, True]
    assert factory.read_stock(chair.board_id) == 92


def test_question(factory, chair, transport):
    """What a question holds can be sent, and comes back as any client sends it."""
    [order] = chair.order(10)
    transport.call(MODEL, "write", [order], vals={"qty_producing": 4})
    context = forge(factory)
    action = transport.call(MODEL, "button_mark_done", [order], context=context)
    assert action["res_model"] == "mrp.production.backorder"
    assert "<private>" not in json.dumps(action)
    assert factory.read_stock(chair.board_id) == 100


def test_reservation(factory, chair, storeman):
    """A storekeeper's delivery reserves and moves what it says."""
    [type_id] = factory.find(
        "stock.picking.type",
        [["code", "=", "outgoing"], ["company_id", "=", factory.company_id]],
        limit=1,
    )
    customers = factory.find_ref("stock.stock_location_customers")
    for transport in (storeman.json2, storeman.xmlrpc):
        context = forge(factory)
        places = {"location_id": factory.location_id, "location_dest_id": customers}
        move = {"product_id": chair.board_id, "product_uom_qty": 10, **places}
        vals = {"picking_type_id": type_id, "move_ids": [[0, 0, move]], **places}
        if transport is storeman.json2:
            values = (), {"vals_list": [vals]}
        else:
            values = ([vals],), {}  # Odoo reads them there
        [picking] = transport.call(
            "stock.picking", "create", None, *values[0], **values[1], context=context
        )
        for method in ("action_confirm", "action_assign"):
            transport.call("stock.picking", method, [picking], context=context)
        [[reserved]] = factory.server.query(
            "SELECT sum(reserved_quantity) FROM stock_quant"
            f" WHERE product_id = {chair.board_id}"
        )
        assert reserved == 10
        done = {**context, "skip_backorder": True}
        transport.call("stock.picking", "button_validate", [picking], context=done)
    assert factory.read_stock(chair.board_id) == 80


@pytest.mark.parametrize("who", ["worker", "admin"])
@pytest.mark.parametrize("way", ["json2", "xmlrpc"])
def test_what_has_moved_stays(factory, chair, worker, who, way):
    transport = getattr({"worker": worker, "admin": factory.admin}[who], way)
    [order, other] = chair.order(10, 1)
    factory.admin.json2.call(MODEL, "button_mark_done", [order])
    [move, *_] = factory.find(
        "stock.move", [["raw_material_production_id", "=", order]], order="id"
    )
    [line] = factory.find("stock.move.line", [["move_id", "=", move]])
    before = read_moves(factory, order), factory.read_stock(chair.board_id)
    context = forge(factory, True)
    attacks = [
        ("stock.move", [move], {"quantity": 5_000_000}),
        ("stock.move", [move], {"state": "draft"}),
        ("stock.move", [move], {"raw_material_production_id": other}),
        ("stock.move", [move], {"backflush_added": True}),
        ("stock.move", [move], {"backflush_id": False}),
        ("stock.move.line", [line], {"quantity": 5_000_000}),
        ("stock.move.line", [line], {"move_id": False}),
        (MODEL, [order], {"move_raw_ids": [[1, move, {"quantity": 7}]]}),
        (MODEL, [order], {"move_raw_ids": [[2, move, 0]]}),
        (MODEL, [order], {"qty_producing": 12}),
    ]
    for model, ids, vals in attacks:
        with pytest.raises((Refused, xmlrpc.client.Fault)) as caught:
            transport.call(model, "write", ids, vals=vals, context=context)
        assert "Traceback" not in str(caught.value), vals
    assert (read_moves(factory, order), factory.read_stock(chair.board_id)) == before
