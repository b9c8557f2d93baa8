"""The tables of a run, in Markdown."""

from tabulate import tabulate

from . import figures

STOCKS = ("stock", "manual")
STEPS = (
    *("create", "confirm", "report", "look", "complete", "receive"),
    "confirm + complete",
)
# of some cases only
OPTIONAL = ("report", "look", "receive")
NOTHING = "–"


def write_tables(results):
    """All that is to be read of a run.

    :param results: of `measure.measure` and `clients.measure`
    """
    cases = [result for result in results if result["flow"] != "clients"]
    shared = [result for result in results if result["flow"] == "clients"]
    tables = []
    if cases:
        tables += [_write_totals(cases), _write_steps(cases), _write_findings(cases)]
    if shared:
        tables.append(_write_clients(shared))
    return "\n\n".join(table for table in tables if table)


def find_differences(results):
    """The cases whose rows are not the same, or whose orders ours did not complete."""
    return [
        result["name"]
        for result in results
        if result["flow"] != "clients"
        and (
            result["identity"]["verdict"] != "IDENTICAL"
            or result["sides"]["ours"]["refusal"]
        )
    ]


def _write_totals(results):
    titles = [
        *("orders × components", "stock Odoo", "manual reservation", "backflushed"),
        *("× stock", "× manual", "floor", "rows"),
    ]
    return _write_table(titles, [_get_totals(result) for result in results])


def _get_totals(result):
    runs = {name: side["runs"] for name, side in result["sides"].items()}
    floor = result["floor"]
    return [
        result["title"],
        *(_describe(result["sides"][name]) for name in (*STOCKS, "ours")),
        *(_describe_ratio(runs[name], runs["ours"]) for name in STOCKS),
        f"{_round(floor['seconds'])} s" if floor else NOTHING,
        result["identity"]["verdict"],
    ]


def _write_steps(results):
    rows = [
        [
            result["title"],
            step,
            *(_describe(result["sides"][name], step) for name in (*STOCKS, "ours")),
            *(_describe_ratio(runs[name], runs["ours"], step) for name in STOCKS),
        ]
        for result in results
        if result["flow"] != "batch"
        for runs in [{name: side["runs"] for name, side in result["sides"].items()}]
        for step in STEPS
        if step not in OPTIONAL or any(step in run for run in runs["ours"])
    ]
    titles = [
        *("orders × components", "step", "stock Odoo", "manual reservation"),
        *("backflushed", "× stock", "× manual"),
    ]
    return _write_table(titles, rows) if rows else ""


def _write_findings(results):
    """What the comparison of the rows and the sides themselves had to say."""
    lines = []
    for result in results:
        identity = result["identity"]
        rows = f", {identity['rows']} rows" if identity["rows"] else ""
        lines.append(f"- {result['title']}: {identity['verdict']}{rows}")
        if result["flow"] == "parts":
            lines += _describe_growth(result)
        if result["flow"] == "debts":
            lines += _describe_debts(result)
        lines += [f"  - DIFFERS: {text}" for text in identity["differences"]]
        lines += [
            f"  - {name} could not: {side['refusal']}"
            for name, side in result["sides"].items()
            if side["refusal"]
        ]
    settled = {text for result in results for text in result["identity"]["settled"]}
    if settled:
        places = ", ".join(sorted(settled))
        lines.append(f"- stock Odoo itself differs by its reservation in {places}")
    return "\n".join(lines)


def _describe_growth(result):
    """What a part costs, one of the first and one of the last."""
    for name in ("stock", "ours"):
        runs = result["sides"][name]["runs"]
        if runs:
            seconds, queries = (
                figures.get_growth(runs, figure, "complete")
                for figure in ("seconds", "queries")
            )
            parts = [
                f"{_round(s)} s, {q:.0f}" for s, q in zip(seconds, queries, strict=True)
            ]
            yield f"  - a part, {name}: {parts[0]} at first, {parts[1]} at last"


def _describe_debts(result):
    """What a receipt does for each debt that it pays."""
    queries = figures.get_median(result["sides"]["ours"]["runs"], "queries", "receive")
    if queries is not None:
        debts = result["orders"] * result["components"]
        yield f"  - a debt is paid with {queries / debts:.2f} queries"


def _write_clients(results):
    titles = [
        *("case", "clients", "side", "orders a second", "× stock", "done", "refused"),
        *("lost", "retries", "slowest request", "stock left"),
    ]
    rows = [
        [
            result["title"],
            str(row["clients"]),
            row["title"],
            f"{row['throughput']:.1f}",
            _describe_throughput(row, result["rows"]),
            *(str(row[name]) for name in ("done", "refused", "lost", "retries")),
            f"{_round(row['slowest'])} s",
            f"{row['left']:g}",
        ]
        for result in results
        for row in result["rows"]
    ]
    return _write_table(titles, rows)


def _describe_throughput(row, rows):
    """How many times as many orders a second as stock Odoo with as many clients."""
    of_stock = {r["clients"]: r["throughput"] for r in rows if r["side"] == "stock"}
    stock = of_stock.get(row["clients"])
    return _round(row["throughput"] / stock) if stock else NOTHING


def _describe(side, step=""):
    seconds = figures.get_median(side["runs"], "seconds", step)
    if seconds is None:
        return NOTHING
    queries = figures.get_median(side["runs"], "queries", step)
    thousands = f"{queries:,.0f}".replace(",", " ")
    return f"{_round(seconds)} s, {thousands}"


def _describe_ratio(runs, ours, step=""):
    ratios = [
        figures.get_ratio(runs, ours, name, step) for name in ("seconds", "queries")
    ]
    return ", ".join(
        NOTHING if ratio is None else f"{_round(ratio)}" for ratio in ratios
    )


def _round(number):
    """Three digits at most, without a needless zero."""
    digits = 0 if number >= 100 else 1 if number >= 10 else 2
    return f"{number:.{digits}f}"


def _write_table(titles, rows):
    return tabulate(rows, titles, "github", disable_numparse=True)
