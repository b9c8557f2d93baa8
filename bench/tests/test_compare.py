"""Rows that were made up: what is told of many that differ in one column."""

from bench import compare
from bench.written import Schema, Written

SCHEMA = Schema({}, {}, {"stock_move"})


def make_written(rows):
    """What a transaction has written into one table."""
    numbered = [{"id": number, **row} for number, row in enumerate(rows, 100)]
    written = Written(SCHEMA, "2026-01-01 00:00:00")
    written.rows["stock_move"] = numbered
    return written


def make_moves(number=1000, **values):
    """Moves of as many products."""
    return make_written([{"product_id": i, **values} for i in range(number)])


def test_one_column_of_many_rows():
    [found] = compare.compare(make_moves(state="done"), make_moves(state="cancel"))
    assert found.place == ("stock_move", "state")
    assert (found.first, found.second, found.rows) == ("'done'", "'cancel'", 1000)


def test_lacking_rows():
    [found] = compare.compare(make_moves(10), make_moves(8))
    assert found.place == ("stock_move", "")
    assert (found.first, found.rows) == ("10 rows", 2)


def test_outcome_of_stock_odoo():
    """Ours may be as either outcome in a column, and as none in no column."""
    outcomes = [make_moves(state="a", date="x"), make_moves(state="b", date="y")]
    verdict = compare.judge(make_moves(state="a", date="y"), outcomes)
    assert verdict.differences == []
    assert {d.where for d in verdict.settled} == {"stock_move.state", "stock_move.date"}
    verdict = compare.judge(make_moves(state="c", date="y"), outcomes)
    assert [d.place for d in verdict.differences] == [("stock_move", "state")]


def test_other_on_every_run():
    first = make_moves(2, name="WH/MO/00001", date="2026-01-01T10:00:00.89")
    second = make_moves(2, name="WH/MO/00017", date="2026-01-01T10:00:03")
    assert compare.compare(first, second) == []
    old = make_moves(2, name="WH/MO/00017", date="2025-01-01T10:00:03")
    assert {d.column for d in compare.compare(first, old)} == {"date"}


def test_own_columns_are_set_aside():
    first, second = make_moves(2), make_moves(2)
    for row in second.rows["stock_move"]:
        row["backflush_method"] = "completion"
    assert compare.compare(first, second) == []
