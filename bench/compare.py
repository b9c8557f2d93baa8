"""Compares the rows that two sides have written, as sets.

New rows have other ids, names from a sequence and times on every run, and Odoo
completes orders in the order of a Python set: so a row is known by what is in it and by
the rows that it is tied to, and never by its place. Rows that were there before have
the same id on both sides.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass

from .plain import Rows

# rows of a table that are matched by their likeness, to name what differs
MOST_MATCHED = 300


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
    sides = [Rows(first, aside), Rows(second, aside)]
    tables = sorted({row.table for side in sides for row in side.all})
    found = _compare_lost(first, second)
    for table in tables:
        found += _compare_rows(table, *(side.get_values(table) for side in sides))
    return found or _compare_ties(*sides)


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
    for one, other in _match(left, right):
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
    """Pair the rows of two sides: first those that differ where the sides do."""
    left, right = ([dict(row) for row in rows] for rows in (left, right))
    same = [name for name in (left or [{}])[0] if _is_same_column(name, left, right)]
    waiting = defaultdict(list)
    for other in right:
        waiting[_project(other, same)].append(other)
    alone = []
    for one in left:
        if partners := waiting[_project(one, same)]:
            yield one, partners.pop()
        else:
            alone.append(one)
    yield from _match_by_likeness(alone, sum(waiting.values(), []))


def _is_same_column(name, left, right):
    """Whether the same values stand in a column, in whatever rows."""
    ones, others = ([row.get(name) for row in rows] for rows in (left, right))
    return Counter(ones) == Counter(others)


def _project(row, names):
    return tuple(row.get(name) for name in names)


def _match_by_likeness(left, right):
    """Pair rows that have most in common, as far as there are not too many."""
    right = right[:MOST_MATCHED]
    for one in left[:MOST_MATCHED]:
        if not right:
            return
        best = max(right, key=lambda other: sum(one[c] == other.get(c) for c in one))
        right.remove(best)
        yield one, best


def _compare_ties(first, second):
    """Find rows that are the same each, and tied together otherwise.

    :return: the columns each of which explains it alone; else the tables
    """
    differing = _count_tied_otherwise(first, second)
    if not differing:
        return []
    columns = {(row.table, name) for row in first.all for name in row.ties}
    alone = [
        place
        for place in sorted(columns)
        if not _count_tied_otherwise(first, second, without=place)
    ]
    places = alone or [(table, "") for table in sorted(differing)]
    words = ("the same rows", "tied to others")
    return [Difference(*place, *words, differing[place[0]]) for place in places]


def _count_tied_otherwise(first, second, without=None):
    """How many rows of each table are tied otherwise on the second side."""
    tied = [Counter(rows.refine(without)) for rows in (first, second)]
    return Counter(table for table, _digest in (tied[0] - tied[1]).elements())
