"""docs/integration.md: its calls are run, and its answers compared.

LIVE_WRITE=1 writes the answers as they come into the document.
"""

import json
import os
import re
import shutil
import subprocess

import pytest

from odoo.addons.backflush_auto.errors import KINDS

from dev import paths

DOCUMENT = paths.ROOT / "docs" / "integration.md"
EXAMPLES = paths.ROOT / "examples"
WRITE = bool(os.environ.get("LIVE_WRITE"))
WIDTH = 92
BLOCK = re.compile(r"```(sh|python|json)\n(.*?)```", re.DOTALL)
# what differs from one database to the next
NUMBERED = {"id", "move_id", "product_id", "lot_id", "job"}
NAMED = re.compile(r"\b(BF|WH/MO)/\d+")
# the reference of the call before the five
FIRST = "MES-1000"


@pytest.fixture(scope="module")
def goods(factory):
    """The products of the document; their stock is counted anew by each test."""
    make = factory.make_product
    chair = make("Chair", default_code="CHAIR")
    board = make("Board")
    chair_parts = {board: 2, make("Bolt"): 4}
    factory.make_bom(chair, chair_parts)
    table = make("Table")
    table_parts = {make("Top"): 1, make("Leg"): 4}
    factory.make_bom(table, table_parts)
    factory.make_routing(table, "Cut", "Sand")
    stool = make("Stool")
    foot = make("Foot")
    factory.make_bom(stool, {foot: 3}, backflush_shortage="defer")
    lamp = make("Lamp", tracking="serial")
    [metre] = factory.find("uom.uom", [["name", "=", "m"]])
    cable = make("Cable", default_code="CABLE", tracking="lot", uom_id=metre)
    bulb = make("Bulb", default_code="BULB")
    factory.make_bom(lamp, {cable: 1.5, bulb: 2})
    lots = [{"name": name, "product_id": cable} for name in ("C-6", "C-7")]
    lot_ids = factory.create("stock.lot", *lots)

    def count_again():
        for product_id in (*chair_parts, *table_parts):
            factory.add_stock(product_id, 1000)
        for lot_id in lot_ids:
            factory.add_stock(cable, 50, lot_id=lot_id)
        factory.add_stock(bulb, 100)
        factory.add_stock(foot, 12)

    if not factory.find("stock.scrap.reason.tag", [["name", "=", "Dent"]]):
        factory.create("stock.scrap.reason.tag", {"name": "Dent"})
    return {
        "board": board,
        "chair": chair,
        "lamp": lamp,
        "stool": stool,
        "table": table,
        "count_again": count_again,
    }


@pytest.fixture
def names(factory, goods, server, worker, monkeypatch):
    """The variables of the document's samples."""
    goods["count_again"]()
    monkeypatch.syspath_prepend(EXAMPLES)
    order, other = factory.make_orders(goods["chair"], [100, 10])
    [table_order] = factory.make_orders(goods["table"], [10])
    [cut, _sand] = factory.find(
        "mrp.workorder", [["production_id", "=", table_order]], order="sequence"
    )
    scrap = _make_scrap_orders(factory, goods)
    [lamp_order] = factory.make_orders(goods["lamp"], [5])
    [stool_order] = factory.make_orders(goods["stool"], [5])
    [named] = factory.read("mrp.production", [other], "name")
    return {
        "order_id": order,
        "other_name": named["name"],
        "lamp_order_id": lamp_order,
        "stool_order_id": stool_order,
        "table_order_id": table_order,
        "cut_id": cut,
        **scrap,
        "url": server.url,
        "database": server.database,
        "login": worker.login,
        "key": worker.key,
    }


def _make_scrap_orders(factory, goods):
    """The orders of which some fails."""
    [order] = factory.make_orders(goods["chair"], [100])
    [table_order] = factory.make_orders(goods["table"], [10])
    domain = [["production_id", "=", table_order]]
    [cut, _sand] = factory.find("mrp.workorder", domain, order="sequence")
    return {
        "board_id": goods["board"],
        "scrap_order_id": order,
        "scrap_table_order_id": table_order,
        "scrap_cut_id": cut,
    }


def read_blocks():
    """The samples: ``(kind, text)``."""
    return BLOCK.findall(DOCUMENT.read_text())


def split_samples():
    """The samples without an answer, and the calls, each with its answer."""
    blocks = [*read_blocks(), ("", "")]
    plain, calls = [], []
    for (kind, text), (next_kind, answer) in zip(blocks, blocks[1:], strict=False):
        if kind == "python" and next_kind == "json":
            calls.append((text, answer))
        elif kind != "json":
            plain.append((kind, text))
    return plain, calls


def run_call(text, names):
    return eval(text.strip(), names)  # noqa: S307  our own document


def mask(value, key=""):
    """Leave out what differs from one database to the next, but not its type."""
    if isinstance(value, dict):
        return {name: mask(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [mask(inner) for inner in value]
    if key in NUMBERED:
        return type(value)
    return NAMED.sub(r"\1/…", value) if isinstance(value, str) else value


@pytest.mark.parametrize("way", ["Json2", "XmlRpc"])
def test_calls_and_answers(names, way):
    """Each transport gives each answer of the document, to the letter."""
    plain, calls = split_samples()
    assert len(calls) == 14
    imported = plain[-1][1]
    assert "import Json2, XmlRpc" in imported
    exec(imported, names)  # noqa: S102  our own document
    assert type(names["odoo"]).__name__ == "Json2"
    if way == "XmlRpc":
        line = re.search(r"^odoo = XmlRpc.*$", imported, re.MULTILINE).group()
        exec(line, names)  # noqa: S102
    for number, (text, answer) in enumerate(calls):
        ours = f"MES-{names['order_id']}-"
        result = run_call(
            text.replace("MES-", ours).replace("LAMP-", f"L{ours}"), names
        )
        written = json.dumps(result).replace(f"L{ours}", "LAMP-").replace(ours, "MES-")
        result = json.loads(written)
        if WRITE and way == "Json2":
            write_answer(number, result)
            continue
        assert mask(result) == mask(json.loads(answer)), text


def test_first_calls(names):
    """The samples of both transports as they are on the wire."""
    (_sh, in_shell), (_python, in_python), _clients = split_samples()[0]
    reference = f"FIRST-{names['order_id']}"
    exec(in_python.replace(FIRST, reference), names)  # noqa: S102  our own document
    if not shutil.which("curl"):
        pytest.skip("There is no curl on this machine.")
    command = in_shell.replace("[42]", f"[{names['order_id']}]")
    access = {"URL": names["url"], "KEY": names["key"], "DATABASE": names["database"]}
    output = subprocess.check_output(
        ["sh", "-c", command.replace(FIRST, reference)],
        env={**os.environ, **{f"ODOO_{name}": text for name, text in access.items()}},
        text=True,
    )
    result = json.loads(output)
    assert result["replayed"]  # posted by the other
    assert result["production"]["qty_remaining"] == 70


def test_types_of_errors():
    types = re.findall(r"^\| `(\w+)` +\|.*\|.*\|$", DOCUMENT.read_text(), re.MULTILINE)
    assert tuple(types[-len(KINDS) :]) == KINDS


def write_answer(number, result):
    """Write an answer into the document, in the place of the one that is there."""
    text = DOCUMENT.read_text()
    old = [found for found in BLOCK.finditer(text) if found[1] == "json"][number]
    new = f"```json\n{format_json(result)}\n```"
    DOCUMENT.write_text(text[: old.start()] + new + text[old.end() :])


def format_json(value, indent=""):
    """JSON in lines of some 90 characters, small values side by side."""
    line = json.dumps(value, ensure_ascii=False)
    if len(indent) + len(line) <= WIDTH or not isinstance(value, dict | list):
        return line
    inner = indent + "  "
    if isinstance(value, dict):
        pairs = value.items()
        parts = [f"{json.dumps(k)}: {format_json(v, inner)}" for k, v in pairs]
        start, end = "{", "}"
    else:
        parts = [format_json(part, inner) for part in value]
        start, end = "[", "]"
    lines = [inner]
    for part in parts:
        if lines[-1] != inner:
            lines[-1] += ","
            if len(lines[-1]) + len(part) + 2 <= WIDTH and "\n" not in part:
                lines[-1] += f" {part}"
                continue
            lines.append(inner)
        lines[-1] += part
    return "\n".join([start, *lines, indent + end])
