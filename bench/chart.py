"""The ratios of a run as a picture."""

import pygal
from pygal.config import Config
from pygal.style import Style

from . import figures

# what the addon does; orders are created by Odoo, but for reports without one
STEP = "confirm + complete"
TITLE = "To confirm and complete: stock Odoo as a multiple of the addon"
# pygal writes a figure upon the end of its bar
BESIDE = "inline:.text-overlay text { text-anchor: start; translate: 5px }"
STYLE = Style(
    background="white",
    plot_background="white",
    colors=("#2f6f9f", "#e0a030"),
    font_family="sans-serif",
    opacity="1",
    label_font_size=13,
    legend_font_size=13,
    title_font_size=16,
    value_font_size=12,
)


def draw(results):
    """Draw a bar for the time and one for the queries of every case.

    :param results: of `measure.measure` and `clients.measure`
    :return: the text of an SVG file
    """
    rows = [row for result in results for row in _get_ratios(result)]
    rows.reverse()  # pygal begins at the bottom
    chart = pygal.HorizontalBar(
        style=STYLE,
        title=TITLE,
        width=900,
        height=150 + 36 * len(rows),
        js=[],
        css=(*Config.css.value, BESIDE),
        print_values=True,
        print_values_position="top",
        y_labels=[1],
        margin=20,
        legend_at_bottom=True,
        truncate_label=-1,
        range=(0, 1.1 * max([1, *(r for row in rows for r in row[1:] if r)])),
        value_formatter="{:.1f} ×".format,
    )
    chart.x_labels = [label for label, _time, _queries in rows]
    chart.add("time", [time for _label, time, _queries in rows])
    chart.add("SQL queries", [queries for _label, _time, queries in rows])
    return chart.render(is_unicode=True)


def _get_ratios(result):
    """Labels with a ratio of time and of queries; none where a side could not."""
    if result["flow"] == "clients":
        return _get_client_ratios(result)
    runs, ours = (result["sides"][name]["runs"] for name in ("stock", "ours"))
    step = "" if result["flow"] == "batch" else STEP
    ratios = [
        figures.get_ratio(runs, ours, name, step) for name in ("seconds", "queries")
    ]
    return [(result["title"], *ratios)] if any(ratios) else []


def _get_client_ratios(result):
    rows = {(row["clients"], row["side"]): row["throughput"] for row in result["rows"]}
    return [
        (f"{result['title']}: {number}", rows[number, "ours"] / stock, None)
        for (number, side), stock in sorted(rows.items())
        if side == "stock" and stock
    ]
