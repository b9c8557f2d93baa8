"""Compares the rows that two sides have written, as sets.

New rows have other ids, names from a sequence and times on every run, and Odoo
completes orders in the order of a Python set: so a row is known by what is in it and by
the rows that it is tied to, and never by its place. Rows that were there before have
the same id on both sides.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

# ours
OWN_TABLE = re.compile(r"^(backflush|mrp_backflush)")
OWN_COLUMN = re.compile(r"^backflush")
# random, or of one connection
NOISE = {"mail_message.message_id", "bus_bus.message"}
NUMBERED = re.compile(r"\b[A-Z]\w*(?:/\w+)+/\d{5,}(?:-\d{3})?")
LINKED_ID = re.compile(r'(data-oe-id=\\?"|/)\d+')
TIME = re.compile(r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?$")
# a time so near to the run is a time of the run
NEAR = timedelta(days=2)
# names the model of `res_id`
MODEL_COLUMNS = ("model", "res_model")
# rows of a table that are matched with each other, to name what differs
MOST_MATCHED = 300
# how far apart rows may be that are told apart by what they are tied to
DEPTH = 4


@dataclass(frozen=True)
class Difference:
    """What differs in so many rows of a table.

    :param column: empty where a whole row is lacking
    :param first: the value on the first side
    :param second: the value on the second side
    """

    table: str
    column: str
    first: str
    second: str
    rows: int

    @property
    def place(self):
        """Table and column."""
        return self.table, self.column

    @property
    def where(self):
        """Table and column in words."""
        return f"{self.table}.{self.column}" if self.column else self.table

    def __str__(self):
        rows = f"{self.rows} row{'' if self.rows == 1 else 's'}"
        return f"{self.where}: {self.first} against {self.second} ({rows})"


@dataclass(frozen=True)
class Verdict:
    """What is to be said of our rows.

    :param differences: where they are as in none of the outcomes of stock Odoo
    :param settled: where stock Odoo has more than one outcome, and ours is one of them
    """

    differences: list
    settled: list


def judge(ours, outcomes):
    """Compare our rows with those of stock Odoo, which may have several outcomes.

    :param ours: `Written`
    :param outcomes: list of `Written`
    :return: `Verdict`
    """
    found = [{d.place: d for d in compare(outcome, ours)} for outcome in outcomes]
    common = set.intersection(*map(set, found))
    settled = {place: d for one in found for place, d in one.items()}
    settled = {place: d for place, d in settled.items() if place not in common}
    nearest = min(range(len(found)), key=lambda number: len(found[number]))
    left = compare(outcomes[nearest], ours, aside=settled)
    differences = [d for d in left if d.place not in settled]
    return Verdict(differences, list(settled.values()))


def compare(first, second, aside=()):
    """Find what differs between two transactions.

    :param first: `Written`
    :param second: `Written`
    :param aside: ``(table, column)`` that do not count
    :return: list of `Difference`; empty where they have written the same
    """
    sides = [_Side(first, aside), _Side(second, aside)]
    tables = sorted({row.table for side in sides for row in side.rows})
    found = _compare_lost(first, second)
    for table in tables:
        found += _compare_rows(table, *(side.get_values(table) for side in sides))
    return found or _compare_ties(tables, *sides)


class _Row:
    """A written row.

    :param values: of its columns, without those that differ on every run
    :param ties: the rows that its columns point to, by column
    """

    def __init__(self, table, key, values):
        self.table = table
        self.key = key
        self.values = values
        self.ties = {}
        self.digest = _digest(sorted(values.items()))


class _Side:
    """What one transaction has written, made comparable."""

    def __init__(self, written, aside):
        self.schema = written.schema
        self.aside = aside
        self.started = datetime.fromisoformat(written.started)
        self.new = {
            (table, row["id"])
            for table, rows in written.rows.items()
            for row in rows
            if "id" in row
        }
        self.rows = []
        for rows_of in (written.rows, written.changed):
            for table, rows in rows_of.items():
                if not OWN_TABLE.match(table):
                    self.rows += [self._read(table, row) for row in rows]
        self._tie()

    def get_values(self, table):
        """The rows of a table, as plain values."""
        return [row.values for row in self.rows if row.table == table]

    def get_digests(self, table, digests):
        """How often each digest occurs in a table."""
        return Counter(digests[row] for row in self.rows if row.table == table)

    def refine(self):
        """Digests of rows that tell them apart by all that they are tied to."""
        digests = {row: row.digest for row in self.rows}
        for _step in range(DEPTH):
            around = {row: [] for row in self.rows}
            for row in self.rows:
                for column, other in row.ties.items():
                    around[row].append((column, "to", digests[other]))
                    around[other].append((column, row.table, digests[row]))
            digests = {
                row: _digest([digests[row], sorted(around[row])]) for row in self.rows
            }
        return digests

    def _read(self, table, row):
        key = (table, row["id"]) if "id" in row else None
        values = {
            column: self._make_plain(table, row, column, value)
            for column, value in row.items()
            if not self._is_set_aside(table, column, key)
        }
        read = _Row(table, key, values)
        read.targets = {
            column: target
            for column in row
            if (target := self._get_target(table, row, column)) in self.new
        }
        return read

    def _is_set_aside(self, table, column, key):
        if column == "id":
            return key in self.new
        if (table, column) in self.aside:
            return True
        return bool(OWN_COLUMN.match(column)) or f"{table}.{column}" in NOISE

    def _get_target(self, table, row, column):
        """The row that a column points to, as ``(table, id)``; None if it does not."""
        target = self.schema.keys.get((table, column))
        if column == "res_id" and not target:
            model = next((row[name] for name in MODEL_COLUMNS if row.get(name)), None)
            target = self.schema.models.get(model)
        return (target, row[column]) if target and row[column] else None

    def _make_plain(self, table, row, column, value):
        target = self._get_target(table, row, column)
        if target in self.new:
            return f"a new {target[0]}"
        if isinstance(value, float):
            return round(value, 6)
        if isinstance(value, str):
            return self._make_plain_text(value)
        return repr(value) if isinstance(value, list | dict) else value

    def _make_plain_text(self, text):
        if TIME.match(text) and abs(datetime.fromisoformat(text) - self.started) < NEAR:
            return "a time of the run"
        return LINKED_ID.sub(r"\1…", NUMBERED.sub("a number", text))

    def _tie(self):
        by_key = {row.key: row for row in self.rows if row.key}
        for row in self.rows:
            row.ties = {
                column: by_key[target]
                for column, target in row.targets.items()
                if target in by_key
            }


def _digest(value):
    return sha256(repr(value).encode()).hexdigest()


def _compare_lost(first, second):
    return [
        Difference(table, "", f"{lost} old rows lost", f"{other} old rows lost", 1)
        for table in sorted({*first.gone, *second.gone})
        if (lost := first.gone.get(table, 0)) != (other := second.gone.get(table, 0))
    ]


def _compare_rows(table, first, second):
    """Find the columns in which the rows of a table differ."""
    ones, others = (_count(rows) for rows in (first, second))
    left, right = list((ones - others).elements()), list((others - ones).elements())
    found = Counter()
    for one, other in _match(left[:MOST_MATCHED], right[:MOST_MATCHED]):
        for column in sorted({*one, *other}):
            pair = (repr(one.get(column)), repr(other.get(column)))
            found[(column, *pair)] += pair[0] != pair[1]
    lacking = len(left) - len(right)
    differences = [
        Difference(table, *pair, rows) for pair, rows in found.items() if rows
    ]
    if lacking:
        numbers = (f"{len(rows)} rows" for rows in (first, second))
        differences.append(Difference(table, "", *numbers, abs(lacking)))
    return differences


def _count(rows):
    return Counter(tuple(sorted(row.items())) for row in rows)


def _match(left, right):
    """Pair the rows of two sides that have most in common."""
    right = [dict(row) for row in right]
    for one in map(dict, left):
        if not right:
            return
        best = max(right, key=lambda other: sum(one[c] == other.get(c) for c in one))
        right.remove(best)
        yield one, best


def _compare_ties(tables, first, second):
    """Find tables whose rows are the same each, and tied together otherwise."""
    digests = [first.refine(), second.refine()]
    found = []
    for table in tables:
        ones = first.get_digests(table, digests[0])
        others = second.get_digests(table, digests[1])
        if number := sum((ones - others).values()):
            words = _describe_ties(table, first, second)
            found.append(
                Difference(
                    table, words, "the same rows", "tied together otherwise", number
                )
            )
    return found


def _describe_ties(table, first, second):
    """The columns that point to other rows, as far as one step tells."""
    pairs = [_count_ties(side, table) for side in (first, second)]
    columns = {column for column, *_rest in (pairs[0] - pairs[1])}
    return ", ".join(sorted(columns))


def _count_ties(side, table):
    return Counter(
        (column, row.digest, other.digest)
        for row in side.rows
        if row.table == table
        for column, other in row.ties.items()
    )
