"""The tables and the picture of a run whose figures are known."""

import xml.etree.ElementTree as ElementTree

from bench import chart, figures, report


def make_run(seconds, queries):
    """A run of two steps, which take a half each."""
    half = {"seconds": seconds / 2, "processor": 0, "queries": queries / 2}
    return {"confirm": half, "complete": half}


def make_result(verdict="IDENTICAL", **changed):
    """A case that stock Odoo takes 4 s for, and ours 1 s."""
    runs = {"stock": (4.0, 3000), "manual": (3.0, 2000), "ours": (1.0, 1000)}
    sides = {
        name: {"runs": [make_run(*figure)] * 2, "refusal": ""}
        for name, figure in runs.items()
    }
    differences = ["stock_move.state: 'done' against 'cancel' (1 row)"]
    return {
        "name": "1x20",
        "title": "1 × 20",
        "flow": "orders",
        "sides": sides,
        "floor": {"seconds": 0.02, "rows": 90},
        "identity": {
            "verdict": verdict,
            "differences": differences if verdict == "DIFFERENT" else [],
            "settled": ["stock_move.reservation_date"],
            "rows": 90,
        },
        **changed,
    }


def make_clients(**changed):
    """What two sides did with two clients."""
    row = {"clients": 2, "throughput": 4.0, "done": 8, "refused": 0, "lost": 1}
    row |= {"retries": 7, "slowest": 9.5, "left": 3.0}
    return {
        "name": "clients",
        "title": "clients",
        "flow": "clients",
        "rows": [
            {**row, "side": "stock", "title": "stock Odoo"},
            {**row, "side": "ours", "title": "backflushed", "throughput": 8.0},
        ],
        **changed,
    }


def test_totals():
    line = report.write_tables([make_result()]).splitlines()[2]
    cells = [cell.strip() for cell in line.strip("|").split("|")]
    assert cells == [
        *("1 × 20", "4.00 s, 3 000", "3.00 s, 2 000", "1.00 s, 1 000"),
        *("4.00, 3.00", "3.00, 2.00", "0.02 s", "IDENTICAL"),
    ]


def test_difference_is_told():
    results = [make_result(), make_result("DIFFERENT", name="1x100")]
    assert report.find_differences(results) == ["1x100"]
    assert "DIFFERS: stock_move.state" in report.write_tables(results)


def test_side_that_could_not():
    result = make_result()
    result["sides"]["ours"] = {"runs": [], "refusal": "UserError: short"}
    assert report.find_differences([result]) == ["1x20"]
    assert "ours could not: UserError: short" in report.write_tables([result])
    ElementTree.fromstring(chart.draw([result]))


def test_clients():
    lines = report.write_tables([make_clients()]).splitlines()[2:]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert [row[3:5] for row in rows] == [["4.0", "1.00"], ["8.0", "2.00"]]
    assert report.find_differences([make_clients()]) == []


def test_debts():
    """What a receipt asks for is told for each debt."""
    result = make_result(flow="debts", orders=100, components=2)
    receive = {"seconds": 1, "processor": 0, "queries": 150}
    result["sides"]["ours"]["runs"] = [{"receive": receive}]
    assert "a debt is paid with 0.75 queries" in report.write_tables([result])


def test_ratio_pairs_neighbours():
    """A machine that slows down to a third changes no ratio."""
    stock = [make_run(4, 10), make_run(12, 10)]
    ours = [make_run(1, 5), make_run(3, 5)]
    assert figures.get_ratio(stock, ours, "seconds") == 4
    assert figures.get_ratio(stock, ours, "queries", "confirm") == 2
    assert figures.get_ratio(stock, [], "queries") is None


def test_chart():
    root = ElementTree.fromstring(chart.draw([make_result(), make_clients()]))
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "1 × 20" in texts
    assert {"4.0 ×", "3.0 ×", "2.0 ×"} <= set(texts)


def test_steps_together():
    run = make_run(4, 10)
    assert figures.get_median([run], "seconds", "confirm + complete") == 4
    assert figures.get_median([run], "seconds", "create + confirm") is None


def test_growth_of_parts():
    """The first part is left out, and one that was disturbed decides nothing."""
    seconds = [9, 1, 1, 7, 1, 1, *[5] * 20, 2, 2, 8, 2, 2]
    step = {"seconds": sum(seconds), "processor": 0, "queries": 0}
    step["requests"] = [{"seconds": second, "queries": 3} for second in seconds]
    runs = [{"complete": step}]
    assert figures.get_growth(runs, "seconds", "complete") == (1, 2)
    result = make_result(flow="parts")
    result["sides"]["ours"]["runs"] = runs
    result["sides"]["stock"]["runs"] = []
    text = report.write_tables([result])
    assert "a part, ours: 1.00 s, 3 at first, 2.00 s, 3 at last" in text
