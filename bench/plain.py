"""Makes rows comparable: what is another on every run is left out of them."""

import re
from datetime import datetime, timedelta
from hashlib import sha256

# ours
OWN_TABLE = re.compile(r"^(backflush|mrp_backflush)")
OWN_COLUMN = re.compile(r"^backflush")
# what the log of an order says of our postings
OWN_MESSAGE = 'data-oe-model="mrp.backflush"'
# random, or of one connection
NOISE = {"mail_message.message_id", "bus_bus.message"}
NUMBERED = re.compile(r"\b[A-Z]\w*(?:/\w+)+/\d{5,}(?:-\d{3})?")
LINKED_ID = re.compile(r'(data-oe-id=\\?"|/)\d+')
TIME = re.compile(r"^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d:\d\d.*)?$")
# a time so near to the run is a time of the run
NEAR = timedelta(days=2)
# names the model of `res_id`
MODEL_COLUMNS = ("model", "res_model")
# how far apart rows may be that are told apart by what they are tied to
DEPTH = 4


class Row:
    """A written row.

    :param key: table and id; None where the table has no ids
    :param values: of its columns, without those that differ on every run
    :param targets: keys of the new rows that its columns point to, by column
    """

    def __init__(self, table, key, values, targets):
        self.table = table
        self.key = key
        self.values = values
        self.targets = targets
        self.ties = {}
        self.digest = _digest(sorted(values.items()))


class Rows:
    """What one transaction has written, made comparable.

    :param written: `Written`
    :param aside: ``(table, column)`` that are left out
    """

    def __init__(self, written, aside=()):
        self.schema = written.schema
        self.aside = aside
        self.started = _read_time(written.started)
        self.new = {
            (table, row["id"])
            for table, rows in written.rows.items()
            for row in rows
            if "id" in row
        }
        messages = _leave_out_own(written.rows.get("mail_message", []))
        self.all = [
            self._read(table, row)
            for rows_of in ({**written.rows, "mail_message": messages}, written.changed)
            for table, rows in rows_of.items()
            if not OWN_TABLE.match(table)
            for row in rows
        ]
        self._tie()

    def get_values(self, table):
        """The rows of a table, as plain values."""
        return [row.values for row in self.all if row.table == table]

    def refine(self, without=None):
        """Tell rows apart by all that they are tied to.

        :param without: table and column of ties that do not count
        :return: table and digest of each row
        """
        ties = [
            (row, column, other)
            for row in self.all
            for column, other in row.ties.items()
            if (row.table, column) != without
        ]
        digests = {row: row.digest for row in self.all}
        for _step in range(DEPTH):
            around = {row: [] for row in self.all}
            for row, column, other in ties:
                around[row].append((column, "to", digests[other]))
                around[other].append((column, row.table, digests[row]))
            digests = {
                row: _digest([digests[row], sorted(around[row])]) for row in self.all
            }
        return [(row.table, digest) for row, digest in digests.items()]

    def _read(self, table, row):
        key = (table, row["id"]) if "id" in row else None
        targets = {column: self._get_target(table, row, column) for column in row}
        targets = {
            name: target for name, target in targets.items() if target in self.new
        }
        values = {
            column: self._make_plain(value, targets.get(column))
            for column, value in row.items()
            if not self._is_set_aside(table, column, key)
        }
        return Row(table, key, values, targets)

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

    def _make_plain(self, value, target):
        if target:
            return f"a new {target[0]}"
        if isinstance(value, bool):
            return value
        if isinstance(value, int | float):
            # a sum of floats depends on the order of what is added up
            rounded = round(value, 6)
            return int(rounded) if rounded == int(rounded) else rounded
        if isinstance(value, str):
            return self._make_plain_text(value)
        return repr(value) if isinstance(value, list | dict) else value

    def _make_plain_text(self, text):
        if TIME.match(text) and abs(_read_time(text) - self.started) < NEAR:
            return "a time of the run"
        return LINKED_ID.sub(r"\1…", NUMBERED.sub("a number", text))

    def _tie(self):
        by_key = {row.key: row for row in self.all if row.key}
        for row in self.all:
            row.ties = {
                column: by_key[target]
                for column, target in row.targets.items()
                if target in by_key
            }


def _leave_out_own(messages):
    """The messages without ours; what answers one of these answers what is before it.

    :param messages: list of rows
    """
    own = {row["id"]: row for row in messages if OWN_MESSAGE in (row["body"] or "")}
    kept = [dict(row) for row in messages if row["id"] not in own]
    for row in kept:
        if mine := own.get(row["parent_id"]):
            before = [
                other["id"]
                for other in kept
                if other["id"] < mine["id"]
                and (other["model"], other["res_id"]) == (mine["model"], mine["res_id"])
            ]
            row["parent_id"] = max(before, default=None)
    return kept


def _read_time(text):
    # to the second: Python 3.10 reads no fraction of less than three digits
    return datetime.fromisoformat(text[:19])


def _digest(value):
    return sha256(repr(value).encode()).hexdigest()
