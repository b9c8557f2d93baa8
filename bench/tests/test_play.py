"""Small orders, really produced by every side; and a row that was tampered with."""

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name

from bench import cases, compare, floor, measure, sides, stage

CASE = cases.Case("test", "2 × 2", orders=2, components=2)
LOTS = cases.Case("test", "2 × 1, 5 lots", orders=2, components=1, lots=5)
WORKORDERS = cases.Case("test", "2 × 1, 2 work orders", 2, 1, operations=2)
PARTS = cases.Case("test", "1 × 1, in 2 parts", 2, 1, "parts")
BATCH = cases.Case("test", "2 × 1, in one call", 2, 1, "batch")


@pytest.fixture
def env():
    """The superuser's, of which nothing stays."""
    with Registry(get_db_name()).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})
        cr.rollback()


def play(env, case, side, staged, tamper=""):
    """Let a side play a case; the rows, after one of them was tampered with."""
    with measure.play(env, case, side, staged) as (_run, recorder):
        if tamper:
            env.cr.execute(tamper)
        return recorder.read()


def judge(env, case, tamper=""):
    """Let every side play a case; where ours differs."""
    staged = stage.build(env, case)
    outcomes = [play(env, case, side, staged) for side in (sides.STOCK, sides.MANUAL)]
    ours = play(env, case, sides.OURS, staged, tamper)
    return compare.judge(ours, outcomes).differences


@pytest.mark.parametrize(
    "case", [CASE, LOTS, WORKORDERS, BATCH], ids=lambda case: case.title
)
def test_same_rows(env, case):
    assert judge(env, case) == []


def test_value_changed(env):
    [found] = judge(
        *(env, CASE),
        "UPDATE stock_move_line SET quantity = quantity + 1"
        " WHERE id = (SELECT max(id) FROM stock_move_line)",
    )
    assert found.place == ("stock_move_line", "quantity")
    assert found.rows == 1


def test_row_removed(env):
    found = judge(
        *(env, CASE),
        "DELETE FROM mail_tracking_value"
        " WHERE id = (SELECT max(id) FROM mail_tracking_value)",
    )
    assert {difference.place for difference in found} == {("mail_tracking_value", "")}


def test_stock_changed(env):
    [found] = judge(
        *(env, CASE),
        "UPDATE stock_quant SET quantity = quantity - 1"
        " WHERE id = (SELECT max(id) FROM stock_quant WHERE quantity > 0)",
    )
    assert found.place == ("stock_quant", "quantity")


def test_old_row_removed(env):
    found = judge(
        *(env, CASE),
        "DELETE FROM mrp_bom_line WHERE id = (SELECT max(id) FROM mrp_bom_line)",
    )
    assert ("mrp_bom_line", "") in {difference.place for difference in found}


def test_tied_otherwise(env):
    """The same messages, of which one is on the other order."""
    [message, *_others] = judge(
        *(env, CASE),
        "UPDATE mail_message SET res_id = (SELECT min(id) FROM mrp_production"
        " WHERE id > (SELECT max(id) - 2 FROM mrp_production))"
        " WHERE id = (SELECT max(id) FROM mail_message WHERE model = 'mrp.production')",
    )
    assert message.table == "mail_message"
    assert "tied" in message.second


def test_parts(env):
    """Stock Odoo makes backorders; what is in stock is the same."""
    staged = stage.build(env, PARTS)
    written = [
        play(env, PARTS, side, staged)
        for side in (sides.STOCK, sides.MANUAL, sides.OURS)
    ]
    for rows in written:
        rows.keep_only("stock_quant")
        assert rows.count()
    assert compare.judge(written[-1], written[:-1]).differences == []


def test_nothing_stays(env):
    staged = stage.build(env, CASE)
    before = env["mrp.production"].search_count([])
    assert play(env, CASE, sides.OURS, staged).rows["mrp_production"]
    assert env["mrp.production"].search_count([]) == before


def test_floor(env):
    """The rows that were taken back, written by SQL."""
    staged = stage.build(env, CASE)
    written = play(env, CASE, sides.OURS, staged)
    assert floor.write(env.cr, written) > 0
    ids = [row["id"] for row in written.rows["mrp_production"]]
    orders = env["mrp.production"].browse(ids)
    assert orders.mapped("state") == ["done", "done"]
    assert len(orders.move_raw_ids.move_line_ids) == 4
