"""The ratios of a run as a picture, in plain SVG."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from . import figures

LABELS, BARS, FIGURES = 390, 420, 90
BAR, GAP, TOP = 13, 12, 76
# what the addon does; orders are created by Odoo, but for reports without one
STEP = "confirm + complete"
TIME, QUERIES = "#2f6f9f", "#e0a030"
TITLE = "To confirm and complete: stock Odoo as a multiple of the addon"
STYLE = (
    "text { font: 13px sans-serif; fill: #222; } .title { font-size: 16px;"
    " font-weight: bold; } .figure { font-size: 12px; stroke: #fff; stroke-width: 3px;"
    " paint-order: stroke; }"
)


@dataclass(frozen=True)
class Bar:
    """One ratio.

    :param ratio: stock Odoo's figure divided by ours
    """

    colour: str
    ratio: float


def draw(results):
    """Draw a bar for the time and one for the queries of every case.

    :param results: of `measure.measure` and `clients.measure`
    :return: the text of an SVG file
    """
    groups = [group for result in results for group in _get_groups(result)]
    longest = max((bar.ratio for _label, bars in groups for bar in bars), default=1)
    scale = BARS / max(longest, 1)
    shapes, texts, y = [], [], TOP
    for label, bars in groups:
        shapes += _draw_bars(bars, y, scale)
        texts += _write_group(label, bars, y, scale)
        y += len(bars) * BAR + GAP
    line = f'<path d="M{LABELS + scale:.1f} {TOP - 6}V{y - 6}" stroke="#222"/>'
    note = f'<text x="{LABELS + scale:.1f}" y="{y + 8}" text-anchor="middle">1 ×</text>'
    return _frame([*_draw_legend(), *shapes, line, *texts, note], y + 20)


def _get_groups(result):
    """Labels with their bars; none where a side could not do the work."""
    if result["flow"] == "clients":
        return _get_client_groups(result)
    runs, ours = (result["sides"][name]["runs"] for name in ("stock", "ours"))
    step = "" if result["flow"] == "batch" else STEP
    ratios = {
        colour: figures.get_ratio(runs, ours, name, step)
        for colour, name in ((TIME, "seconds"), (QUERIES, "queries"))
    }
    bars = [Bar(colour, ratio) for colour, ratio in ratios.items() if ratio]
    return [(result["title"], bars)] if bars else []


def _get_client_groups(result):
    throughput = {
        (row["clients"], row["side"]): row["throughput"] for row in result["rows"]
    }
    return [
        (
            f"{result['title']}: {number}",
            [Bar(TIME, throughput[number, "ours"] / throughput[number, "stock"])],
        )
        for number in sorted({number for number, _side in throughput})
        if throughput[number, "stock"]
    ]


def _draw_bars(bars, y, scale):
    for position, bar in enumerate(bars):
        yield (
            f'<rect x="{LABELS}" y="{y + position * BAR}" height="{BAR - 2}"'
            f' width="{bar.ratio * scale:.1f}" fill="{bar.colour}"/>'
        )


def _write_group(label, bars, y, scale):
    middle = y + len(bars) * BAR / 2
    yield (
        f'<text x="{LABELS - 10}" y="{middle + 4}" text-anchor="end">'
        f"{escape(label)}</text>"
    )
    for position, bar in enumerate(bars):
        x = LABELS + bar.ratio * scale + 6
        bottom = y + position * BAR + BAR - 3
        yield f'<text class="figure" x="{x:.1f}" y="{bottom}">{bar.ratio:.1f} ×</text>'


def _draw_legend():
    yield f'<text class="title" x="20" y="28">{TITLE}</text>'
    for x, colour, label in ((20, TIME, "time"), (90, QUERIES, "SQL queries")):
        yield f'<rect x="{x}" y="42" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 18}" y="53">{label}</text>'


def _frame(parts, height):
    width = LABELS + BARS + FIGURES
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}"'
            f' width="{width}" height="{height}" role="img" aria-label="{TITLE}">',
            f"<style>{STYLE}</style>",
            '<rect width="100%" height="100%" fill="#fff"/>',
            *parts,
            "</svg>\n",
        ]
    )
