"""Small orders, really produced by every side; and a row that was tampered with."""

import pytest

from bench import cases, compare, floor, measure, sides, stage

CASE = cases.Case("test-plain", "2 × 2", orders=2, components=2)
LOTS = cases.Case("test-lots", "2 × 1, 5 lots", orders=2, components=1, lots=5)
WORKORDERS = cases.Case("test-workorders", "2 × 1, 2 work orders", 2, 1, operations=2)
PARTS = cases.Case("test-parts", "1 × 1, in 2 parts", 2, 1, "parts")
OPERATIONS = cases.Case(
    "test-operations", "2 × 1, at a work order", 2, 1, "operations", operations=1
)
DIALOG = cases.Case("test-dialog", "2 × 1, in the dialog", 2, 1, "dialog", lots=5)
DEBTS = cases.Case("test-debts", "2 × 1, received afterwards", 2, 1, "debts")
BATCH = cases.Case("test-batch", "2 × 1, in one call", 2, 1, "batch")


@pytest.fixture(scope="module")
def played(whole_env):
    """A case, and the rows that stock Odoo writes for it."""
    return prepare(whole_env, CASE)


def prepare(env, case):
    """Build a case and let stock Odoo play it: the stage, and its two outcomes."""
    staged = stage.build(env, case)
    outcomes = [play(env, case, side, staged) for side in (sides.STOCK, sides.MANUAL)]
    return staged, outcomes


def play(env, case, side, staged, tamper=""):
    """Let a side play a case; the rows, after one of them was tampered with."""
    with measure.play(env, case, side, staged) as (_run, recorder):
        if tamper:
            env.cr.execute(tamper)
        return recorder.read()


def judge(env, played, tamper):
    """Tamper with a row of ours; what is found to differ."""
    staged, outcomes = played
    ours = play(env, CASE, sides.OURS, staged, tamper)
    return compare.judge(ours, outcomes).differences


def test_same_rows(env, played):
    assert judge(env, played, tamper="") == []


@pytest.mark.parametrize("case", [LOTS, WORKORDERS, BATCH], ids=lambda case: case.title)
def test_same_rows_of(env, case):
    staged, outcomes = prepare(env, case)
    ours = play(env, case, sides.OURS, staged)
    assert compare.judge(ours, outcomes).differences == []


@pytest.mark.parametrize(
    "case", [OPERATIONS, DIALOG, DEBTS], ids=lambda case: case.title
)
def test_same_stock_of(env, case):
    staged, outcomes = prepare(env, case)
    ours = play(env, case, sides.OURS, staged)
    for written in (ours, *outcomes):
        written.keep_only("stock_quant")
    assert ours.count()
    assert compare.judge(ours, outcomes).differences == []


@pytest.mark.parametrize(
    ("cost", "values"),
    [("standard", [10, 10]), ("average", [11.5, 11.5]), ("fifo", [10, 11])],
)
def test_same_values(env, cost, values):
    """Four pieces were received at 10, 11, 12 and 13, two are consumed."""
    if "cost_method" not in env["product.template"]._fields:
        pytest.skip("Products have no cost method without stock_account.")
    case = cases.Case(f"test-{cost}", "2 × 1", 2, 1, cost=cost, receipts=4)
    staged, outcomes = prepare(env, case)
    ours = play(env, case, sides.OURS, staged)
    assert compare.judge(ours, outcomes).differences == []
    moves = [move for move in ours.rows["stock_move"] if not move["production_id"]]
    assert sorted(abs(move["value"]) for move in moves) == values


def test_value_changed(env, played):
    [found] = judge(
        *(env, played),
        "UPDATE stock_move_line SET quantity = quantity + 1"
        " WHERE id = (SELECT max(id) FROM stock_move_line)",
    )
    assert found.place == ("stock_move_line", "quantity")
    assert found.rows == 1


def test_row_removed(env, played):
    found = judge(
        *(env, played),
        "DELETE FROM mail_tracking_value"
        " WHERE id = (SELECT max(id) FROM mail_tracking_value)",
    )
    assert {difference.place for difference in found} == {("mail_tracking_value", "")}


def test_stock_changed(env, played):
    [found] = judge(
        *(env, played),
        "UPDATE stock_quant SET quantity = quantity - 1"
        " WHERE id = (SELECT max(id) FROM stock_quant WHERE quantity > 0)",
    )
    assert found.place == ("stock_quant", "quantity")


def test_old_row_removed(env, played):
    found = judge(
        *(env, played),
        "DELETE FROM mrp_bom_line WHERE id = (SELECT max(id) FROM mrp_bom_line)",
    )
    assert ("mrp_bom_line", "") in {difference.place for difference in found}


def test_tied_otherwise(env, played):
    """The same messages, of which one is on the other order."""
    [found] = judge(
        *(env, played),
        "UPDATE mail_message SET res_id = (SELECT 2 * max(id) - 1 FROM mrp_production)"
        " - res_id WHERE id ="
        " (SELECT max(id) FROM mail_message WHERE model = 'mrp.production')",
    )
    assert found.place == ("mail_message", "res_id")
    assert found.second == "tied to others"


def test_parts(env):
    """Stock Odoo makes backorders; what is in stock is the same."""
    staged, outcomes = prepare(env, PARTS)
    ours = play(env, PARTS, sides.OURS, staged)
    for rows in (ours, *outcomes):
        rows.keep_only("stock_quant")
        assert rows.count()
    assert compare.judge(ours, outcomes).differences == []


def test_nothing_stays(env, played):
    before = env["mrp.production"].search_count([])
    assert play(env, CASE, sides.OURS, played[0]).rows["mrp_production"]
    assert env["mrp.production"].search_count([]) == before


def test_requests(env, played):
    """Every step is timed, and its queries are counted."""
    with measure.play(env, CASE, sides.OURS, played[0]) as (run, _recorder):
        assert list(run) == ["create", "confirm", "complete"]
        assert all(step["seconds"] > 0 < step["queries"] for step in run.values())


def test_not_done(env, played, monkeypatch):
    """Orders that are not completed count for nothing."""
    monkeypatch.setattr(sides.Orders, "complete", lambda flow: None)
    with pytest.raises(AssertionError, match="confirmed"):
        play(env, CASE, sides.OURS, played[0])


def test_floor(env, played):
    """The rows that were taken back, written by SQL."""
    written = play(env, CASE, sides.OURS, played[0])
    assert floor.write(env.cr, written) > 0
    ids = [row["id"] for row in written.rows["mrp_production"]]
    orders = env["mrp.production"].browse(ids)
    assert orders.mapped("state") == ["done", "done"]
    assert len(orders.move_raw_ids.move_line_ids) == 4
