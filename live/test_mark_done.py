"""The button *Produce*, called by a program: True, a question, or an error."""

import pytest

from .test_transports import MODEL, assert_refused

REPORTS = ("auto_print_done_production_order", "auto_print_done_mrp_product_labels")


@pytest.fixture(scope="module")
def chair(factory):
    """A chair with enough in stock for all the tests."""
    return factory.make_chair(boards=10_000, bolts=10_000)


@pytest.fixture
def make_type(factory):
    """Makes an operation type of its own, with these settings."""

    def make(**values):
        number = next(factory.numbers)
        vals = {
            "name": f"Manufacturing {number}",
            "code": "mrp_operation",
            "sequence_code": f"M{number}",
            "default_location_src_id": factory.location_id,
            "default_location_dest_id": factory.location_id,
            **values,
        }
        [type_id] = factory.create("stock.picking.type", vals)
        return type_id

    return make


def mark_done(transport, ids, **context):
    return transport.call(MODEL, "button_mark_done", ids, context=context)


def read_state(factory, order):
    [values] = factory.read(MODEL, [order], "state", "qty_produced")
    return values["state"], values["qty_produced"]


def enter(transport, order, quantity):
    vals = {"qty_producing": quantity}
    transport.call(MODEL, "write", [order], vals=vals)


def assert_no_none(value):
    """Look for what XML-RPC cannot send."""
    assert value is not None
    if isinstance(value, dict):
        assert all(isinstance(key, str) for key in value)
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        assert_no_none(inner)


def test_done(factory, chair, transport):
    first, second = chair.order(3, 4)
    assert mark_done(transport, [first, second]) is True
    assert read_state(factory, first) == ("done", 3)
    assert read_state(factory, second) == ("done", 4)


def test_backorder_by_context(factory, chair, transport):
    [order] = chair.order(10)
    enter(transport, order, 4)
    context = {"skip_backorder": True, "mo_ids_to_backorder": [order]}
    assert mark_done(transport, [order], **context) is True
    assert read_state(factory, order) == ("done", 4)


@pytest.mark.parametrize("redirection", [True, False])
def test_automatic_printing(factory, chair, make_type, transport, redirection):
    type_id = make_type(**dict.fromkeys(REPORTS, True))
    [order] = chair.order(3, picking_type_id=type_id)
    assert mark_done(transport, [order], skip_redirection=not redirection) is True
    assert read_state(factory, order) == ("done", 3)


def test_automatic_backorder(factory, chair, make_type, transport):
    type_id = make_type(create_backorder="always", **dict.fromkeys(REPORTS, True))
    [order] = chair.order(10, picking_type_id=type_id)
    enter(transport, order, 4)
    assert mark_done(transport, [order]) is True
    assert read_state(factory, order) == ("done", 4)


@pytest.mark.parametrize("way", ["json2", "xmlrpc"])
def test_reception_report(factory, chair, make_type, storekeeper, way):
    type_id = make_type(
        auto_show_reception_report=True, auto_print_mrp_reception_report=True
    )
    table = factory.make_product("Set of chairs")
    factory.make_bom(table, {chair.id: 500})
    factory.make_orders(table, [1])
    [order] = chair.order(3, picking_type_id=type_id)
    assert mark_done(getattr(storekeeper, way), [order]) is True
    assert read_state(factory, order) == ("done", 3)
    names = ["show_allocation"]
    [shown] = storekeeper.json2.call(MODEL, "read", [order], fields=names)
    assert shown["show_allocation"]  # there was something to show


def test_question_of_a_backorder(factory, chair, make_type, transport):
    [order] = chair.order(10, picking_type_id=make_type(create_backorder="ask"))
    enter(transport, order, 4)
    action = mark_done(transport, [order])
    assert action["res_model"] == "mrp.production.backorder"
    assert_no_none(action)
    assert read_state(factory, order)[0] != "done"


def test_question_of_consumption(factory, chair, transport):
    [order] = chair.order(10)
    factory.call(MODEL, "write", [order], vals={"consumption": "warning"})
    [row] = factory.read(MODEL, [order], "move_raw_ids")
    vals = {"quantity": 25, "picked": True}
    transport.call("stock.move", "write", row["move_raw_ids"][:1], vals=vals)
    action = mark_done(transport, [order])
    assert action["res_model"] == "mrp.consumption.warning"
    assert_no_none(action)
    assert read_state(factory, order)[0] != "done"


@pytest.mark.parametrize("tracking", ["serial", "lot"])
def test_missing_number(factory, make_tracked, transport, tracking):
    """Odoo makes up a lot, and a single serial number, but not several."""
    [one, several] = factory.make_orders(make_tracked(tracking), [1, 3])
    assert mark_done(transport, [one]) is True
    if tracking == "lot":
        assert mark_done(transport, [several]) is True
        return
    words = "serial number is missing.*lot_names"
    assert_refused(422, words, mark_done, transport, [several])
    names = ["lot_producing_ids", "qty_producing", "state"]
    [row] = factory.read(MODEL, [several], *names)
    assert [row[name] for name in names] == [[], 0, "confirmed"]


def test_flag_off(factory, chair, worker):
    """Without backflushing, Odoo's own answer, whatever it is."""
    [order] = chair.order(10, backflush=False)
    enter(worker.json2, order, 4)
    context = {
        "skip_backorder": True,
        "skip_consumption": True,
        "mo_ids_to_backorder": [order],
    }
    action = mark_done(worker.json2, [order], **context)
    assert action["res_model"] == MODEL
    assert action["context"]["mo_ids_to_backorder"] is None


def test_web_client(factory, chair, worker):
    """A person is told what was posted, and led to the backorder, as ever."""
    [order] = chair.order(10)
    enter(worker.json2, order, 4)
    context = {"skip_backorder": True, "mo_ids_to_backorder": [order]}
    action = worker.browser.click(MODEL, "button_mark_done", [order], context)
    assert action["tag"] == "backflush_posted"
    following = action["params"]["next"]
    assert following["res_model"] == MODEL
    assert following["res_id"] != order


@pytest.fixture(scope="module")
def storekeeper(factory):
    """A manufacturing user who is shown the reception report."""
    return factory.make_user(
        "storekeeper", "mrp.group_mrp_user", "mrp.group_mrp_reception_report"
    )


@pytest.fixture
def make_tracked(factory, chair):
    """Makes a product that is tracked, of one board."""

    def make(tracking):
        product_id = factory.make_product(f"Tracked by {tracking}", tracking=tracking)
        factory.make_bom(product_id, {chair.board_id: 1})
        return product_id

    return make
