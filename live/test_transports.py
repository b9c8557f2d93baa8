"""What a program gets over XML-RPC and JSON-2: the same, and plain values."""

import re
import xmlrpc.client

import pytest

from .clients import Json2, Refused

MODEL = "mrp.production"
# the codes of XML-RPC that stand for a status of JSON-2
FAULTS = {422: (2,), 404: (2,), 403: (4,), 401: (3,)}


def call_both(user, make_ids, method, **keywords):
    """Call a method over each transport, on records of its own; both answers."""
    answers = []
    for transport in (user.json2, user.xmlrpc):
        ids = make_ids() if make_ids else None
        answers.append(transport.call(MODEL, method, ids, **keywords))
    return answers


def get_shape(value):
    """The types of a value and of all that is in it, keys of objects kept."""
    if isinstance(value, dict):
        return {key: get_shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [get_shape(inner) for inner in value]
    assert type(value) in (str, int, float, bool), value
    return type(value)


PRODUCTION = {
    "id": int,
    "name": str,
    "state": str,
    "qty_produced": float,
    "qty_scrapped": float,
    "qty_remaining": float,
}
LOT = {"lot_id": int, "name": str, "quantity": float}
PREVIEWED = {
    "move_id": int,
    "product_id": int,
    "product": str,
    "uom": str,
    "method": str,
    "ratio": float,
    "target": float,
    "covered": float,
    "deferred": float,
    "expected": float,
    "free": float,
    "shortage": float,
    "location": str,
    "lots": [],
    "formula": str,
}
POSTED = {
    "product_id": int,
    "product": str,
    "uom": str,
    "expected": float,
    "consumed": float,
    "variance": float,
    "deferred": float,
    "location": str,
    "lots": [],
}
RESULT = {
    "id": int,
    "name": str,
    "reference": str,
    "replayed": bool,
    "production": PRODUCTION,
    "backorder": {},
    "components": [POSTED, POSTED],
}


def test_preview(factory, worker):
    [order] = factory.make_chair(boards=16).order(10)
    first, second = call_both(worker, lambda: [order], "backflush_preview", quantity=4)
    assert first == second
    assert get_shape(first) == {
        "production": PRODUCTION,
        "quantity": float,
        "max_quantity": float,
        "components": [PREVIEWED, PREVIEWED],
        "damaged": [],
    }
    assert first["max_quantity"] == 8
    assert [line["expected"] for line in first["components"]] == [8, 16]


def test_post(factory, transport):
    chair = factory.make_chair()
    [order] = chair.order(10)
    result = transport.call(MODEL, "backflush_post", [order], quantity=4)
    assert get_shape(result) == RESULT
    assert result["production"]["state"] == "progress"
    result = transport.call(MODEL, "backflush_post", [order], remainder="backorder")
    assert result["production"]["qty_remaining"] == 0
    assert result["production"]["state"] == "done"
    assert chair.read_stock() == (10, 980, 960)


def test_post_positional(factory, worker):
    [order] = factory.make_chair().order(10)
    result = worker.xmlrpc.call(
        MODEL, "backflush_post", [order], 4, [], [], "backorder", "POSITIONAL"
    )
    assert result["reference"] == "POSITIONAL"
    assert get_shape(result["backorder"]) == {"id": int, "name": str}


def test_lots(factory, transport):
    chair = factory.make_chair(boards=0, tracking="lot")
    factory.call("product.product", "write", [chair.board_id], vals={"tracking": "lot"})
    for name, quantity in (("A", 5), ("B", 50)):
        [lot] = factory.create(
            "stock.lot", {"product_id": chair.board_id, "name": name}
        )
        factory.add_stock(chair.board_id, quantity, lot_id=lot)
    [order] = chair.order(10)
    preview = transport.call(MODEL, "backflush_preview", [order])
    assert get_shape(preview["components"][0]["lots"]) == [LOT, LOT]
    result = transport.call(
        MODEL,
        "backflush_post",
        [order],
        quantity=4,
        lot_names=["FINISHED"],
        components=[
            {"product_id": chair.board_id, "lots": [{"name": "B", "quantity": 8}]},
            {"product_id": chair.bolt_id, "quantity": 17},
        ],
    )
    boards, bolts = result["components"]
    assert [(lot["name"], lot["quantity"]) for lot in boards["lots"]] == [("B", 8)]
    assert get_shape(boards["lots"]) == [LOT]
    assert (bolts["consumed"], bolts["variance"]) == (17, 1)


def test_batch(factory, transport):
    chair = factory.make_chair(boards=33)
    first, second = chair.order(10, 10)
    results = transport.call(
        MODEL,
        "backflush_post_batch",
        reports=[
            {"production_id": first, "quantity": 4, "reference": f"R{first}"},
            {"production_id": second, "quantity": 10},
            {"product_id": chair.id, "quantity": 2},
            {"production_id": first, "quantity": 4, "reference": f"R{first}"},
            {"production_id": 2**31 - 1},
            {"production_id": first, "quantity": "4"},
            {"production_id": first},
        ],
    )
    posted = {"ok": bool, **RESULT}
    assert [get_shape(result) for result in results[:4]] == [posted] * 4
    assert [result["ok"] for result in results] == [True] * 4 + [False] * 3
    assert results[3]["replayed"]
    errors = [result["error"] for result in results[4:]]
    assert [error["type"] for error in errors] == ["not_found", "invalid", "shortage"]
    assert all(get_shape(error) for error in errors)
    assert get_shape(errors[2]["components"][0]) == {
        "product_id": int,
        "product": str,
        "uom": str,
        "location": str,
        "needed": float,
        "free": float,
        "missing": float,
    }
    assert chair.read_stock() == (16, 1, 936)


def test_same_answer_on_both(factory, worker):
    """What one transport has posted, the other answers to the letter."""
    chair = factory.make_chair()
    [order] = chair.order(10)
    reports = [
        {"production_id": order, "quantity": 4, "reference": f"SAME-{order}"},
        {"product_id": chair.id, "quantity": 2.5, "reference": f"SAME-{order}-NEW"},
        {"production_id": order, "quantity": 4000},
    ]
    posted = worker.json2.call(MODEL, "backflush_post_batch", reports=reports)
    repeated = worker.xmlrpc.call(MODEL, "backflush_post_batch", reports=reports)
    for result in posted[:2]:
        assert not result["replayed"]
        result["replayed"] = True
    assert repeated == posted
    again = worker.xmlrpc.call(
        MODEL, "backflush_post", [order], quantity=4, reference=f"SAME-{order}"
    )
    assert {"ok": True, **again} == posted[0]


# --- Errors ---

# keywords of backflush_post, and what the error says
BAD_INPUT = [
    ({"quantity": -1}, "quantity: cannot be negative"),
    ({"quantity": "3"}, "quantity: must be a number"),
    ({"quantity": True}, "quantity: must be a number"),
    ({"quantity": [3]}, "quantity: must be a number"),
    ({"quantity": {"value": 3}}, "quantity: must be a number"),
    ({"quantity": float("nan")}, "quantity: must be finite"),
    ({"quantity": float("inf")}, "quantity: must be finite"),
    ({"quantity": 1e300}, "quantity: is too large"),
    ({"lot_names": "A"}, "lot_names: must be a list"),
    ({"lot_names": {}}, "lot_names: must be a list"),
    ({"lot_names": ["A"]}, "lot_names: .*not tracked"),
    ({"components": 5}, "components: must be a list"),
    ({"components": ["board"]}, "components: must be an object"),
    ({"components": [{"product_id": 1}]}, "components: a quantity or lots"),
    ({"components": [{"sku": 1}]}, "sku: is not known"),
    ({"components": [{"": 1}]}, ": is not known"),
    ({"remainder": 1}, "remainder: must be one of"),
    ({"remainder": ["keep"]}, "remainder: must be one of"),
    ({"reference": 7}, "reference: must be a text"),
    ({"reference": "x" * 300}, "reference: is longer"),
    ({"workorder_id": "1"}, "workorder_id: must be an id"),
    ({"workorder_id": -1}, "workorder_id: is no id"),
    ({"qty": 3}, "unexpected keyword argument 'qty'"),
]
BAD_IDS = [
    ([], "one manufacturing order, not on 0"),
    ([1, 2], "one manufacturing order, not on 2"),
    ("7", "ids: must be an id"),
    ("WH/MO/00001", "one manufacturing order, not on 11"),
    (["WH/MO/00001"], "ids: must be an id"),
    ([True], "ids: must be an id"),
    ([[1]], "ids: must be an id"),
    ([{"id": 1}], "ids: must be an id"),
    ([-1], "ids: is no id"),
    ([0], "ids: must be an id|There is no manufacturing order"),
]


def assert_refused(status, words, call, *arguments, **keywords):
    """Expect an error that people can read, with this status on JSON-2."""
    with pytest.raises((Refused, xmlrpc.client.Fault)) as caught:
        call(*arguments, **keywords)
    if isinstance(caught.value, Refused):
        assert caught.value.status == status, caught.value.body
        text = caught.value.message
    else:
        assert caught.value.faultCode in FAULTS[status], caught.value
        text = caught.value.faultString
    assert re.search(words, text), text
    assert "Traceback" not in text


@pytest.fixture(scope="module")
def order(factory):
    """An order on which nothing is ever posted."""
    [order] = factory.make_chair().order(10)
    yield order
    [values] = factory.read(MODEL, [order], "qty_produced", "state")
    assert values == {"id": order, "qty_produced": 0, "state": "confirmed"}


@pytest.mark.parametrize(("keywords", "words"), BAD_INPUT)
def test_bad_input(transport, order, keywords, words):
    assert_refused(
        422, words, transport.call, MODEL, "backflush_post", [order], **keywords
    )


@pytest.mark.parametrize(("ids", "words"), BAD_IDS)
def test_bad_ids(transport, ids, words):
    status = 404 if "There is no" in words else 422
    for method in ("backflush_post", "backflush_preview"):
        assert_refused(status, words, transport.call, MODEL, method, ids)


def test_unknown_order(transport):
    words = "There is no manufacturing order 2147483647"
    for method in ("backflush_post", "backflush_preview"):
        assert_refused(404, words, transport.call, MODEL, method, [2**31 - 1])


@pytest.mark.parametrize("reports", [{"production_id": 1}, "reports", 5, True])
def test_batch_of_no_list(transport, reports):
    assert_refused(
        422,
        "reports: must be a list",
        transport.call,
        *(MODEL, "backflush_post_batch"),
        reports=reports,
    )


def test_batch_of_nonsense(transport):
    reports = [5, "x", [], {}, {"production_id": "1"}, {"production": 5}]
    results = transport.call(MODEL, "backflush_post_batch", reports=reports)
    assert {result["error"]["type"] for result in results} == {"invalid"}


def test_batch_with_ids(worker):
    method = "backflush_post_batch"
    assert_refused(
        *(422, "cannot call mrp.production.backflush_post_batch with ids"),
        *(worker.json2.call, MODEL, method, [1]),
        reports=[],
    )
    assert_refused(
        422, "too many positional", worker.xmlrpc.call, MODEL, method, [1], []
    )
    assert_refused(422, "reports: must be an obj|", worker.xmlrpc.call, MODEL, method)


def test_too_many_positional(worker, order):
    arguments = [[order], 1, [], [], "keep", "", 0, [], False, False, [], "one more"]
    assert_refused(
        *(422, "too many positional arguments"),
        *(worker.xmlrpc.execute, MODEL, "backflush_post", arguments, {}),
    )


def test_wrong_text_of_json(worker, order):
    """Half a character, which JSON can hold and no database can."""
    for keywords in (
        {"reference": "\ud800"},
        {"lot_names": ["\udfff"]},
        {"components": [{"\ud800": 1}]},
        {"components": [{"default_code": "\ud800", "quantity": 1}]},
    ):
        assert_refused(
            *(422, "is not a valid text|is not known"),
            *(worker.json2.call, MODEL, "backflush_post", [order]),
            **keywords,
        )


HUGE = [
    ("quantity", 10**400, "quantity: is too large"),
    ("quantity", -(10**400), "quantity: cannot be negative"),
    ("workorder_id", 2**31, "workorder_id: is no id"),
    ("workorder_id", 10**400, "workorder_id: is no id"),
]


@pytest.mark.parametrize(("name", "number", "words"), HUGE)
def test_huge_numbers(worker, order, name, number, words):
    call = worker.json2.call
    assert_refused(422, words, call, MODEL, "backflush_post", [order], **{name: number})
    arguments = [[order]], {name: number}
    assert_refused(
        422, words, worker.xmlrpc.execute_huge, MODEL, "backflush_post", *arguments
    )


def test_huge_ids(worker):
    words = "ids: is no id"
    for number in (2**31, 10**400):
        call = worker.json2.call
        assert_refused(422, words, call, MODEL, "backflush_post", [number])
        call = worker.xmlrpc.execute_huge
        assert_refused(422, words, call, MODEL, "backflush_post", [[number]], {})


def test_unknown_method(worker, order):
    assert_refused(
        *(404, "does not exist"),
        *(worker.json2.call, MODEL, "backflush_report", [order]),
    )


def test_wrong_key(worker, server, order):
    stranger = Json2(server, "0" * 40)
    assert_refused(
        401, "Invalid apikey", stranger.call, MODEL, "backflush_post", [order]
    )
    with pytest.raises(xmlrpc.client.Fault) as caught:
        worker.xmlrpc.with_key("0" * 40).call(MODEL, "backflush_post", [order])
    assert caught.value.faultCode == 3
    assert "Traceback" not in caught.value.faultString


@pytest.mark.parametrize("way", ["json2", "xmlrpc"])
def test_no_rights(factory, order, clerk, way):
    call = getattr(clerk, way).call
    words = "not allowed to"
    for method in ("backflush_post", "backflush_preview"):
        assert_refused(403, words, call, MODEL, method, [order])
    reports = [{"production_id": order}, {"product_id": 1, "quantity": 1}]
    assert_refused(403, words, call, MODEL, "backflush_post_batch", reports=reports)


def test_other_company(factory, transport, foreign_order):
    for method in ("backflush_post", "backflush_preview"):
        assert_refused(403, "company", transport.call, MODEL, method, [foreign_order])
    [result] = transport.call(
        MODEL, "backflush_post_batch", reports=[{"production_id": foreign_order}]
    )
    assert result["error"]["type"] == "access"


@pytest.fixture(scope="module")
def clerk(factory):
    """A user without any right in manufacturing."""
    return factory.make_user("clerk")


@pytest.fixture(scope="module")
def foreign_order(factory):
    """An order of another company than the worker's."""
    company_id = factory.make_company("Foreign company")
    chair = factory.make_chair()
    types = factory.find(
        "stock.picking.type",
        [["company_id", "=", company_id], ["code", "=", "mrp_operation"]],
    )
    [order] = factory.make_orders(
        chair.id, [5], company_id=company_id, picking_type_id=types[0]
    )
    return order
