"""What a transaction has written, read from every table of the database."""

from dataclasses import dataclass, field

# Wherever a savepoint was opened meanwhile, its number is a higher one.
MARK = "CREATE TEMPORARY TABLE bench_mark ON COMMIT DROP AS SELECT 1 AS one"


@dataclass
class Schema:
    """What the rows are read by.

    :param keys: table that a foreign key points to, by ``(table, column)``
    :param models: table of each model
    :param with_id: tables whose rows have an id
    """

    keys: dict
    models: dict
    with_id: set


@dataclass
class Written:
    """Rows of a transaction, each a dictionary of plain values.

    :param rows: the new rows of each table
    :param changed: rows that were there before, as they are now
    :param gone: how many that were there before each table has lost
    :param started: when, as PostgreSQL writes it
    """

    schema: Schema
    started: str
    rows: dict = field(default_factory=dict)
    changed: dict = field(default_factory=dict)
    gone: dict = field(default_factory=dict)

    def count(self):
        """How many rows were written."""
        tables = [*self.rows.values(), *self.changed.values()]
        return sum(map(len, tables))

    def keep_only(self, *tables):
        """Forget the rows of all other tables."""
        for rows in (self.rows, self.changed, self.gone):
            for table in rows.keys() - set(tables):
                del rows[table]


class Recorder:
    """Opens a savepoint, tells afterwards what was written in it, and takes it back."""

    def __init__(self, env):
        self.cr = env.cr
        self.schema = _read_schema(env)

    def __enter__(self):
        self.before = self._read_sizes()
        self.cr.execute("SAVEPOINT bench")
        self.cr.execute(MARK)
        [[self.mark, self.started]] = self._query(
            "SELECT xmin::text::bigint, (now() AT TIME ZONE 'UTC')::text"
            " FROM bench_mark"
        )
        return self

    def __exit__(self, *_error):
        self.cr.clear()
        self.cr.execute("ROLLBACK TO SAVEPOINT bench")

    def read(self):
        """Read what was written so far.

        :return: `Written`
        """
        written = Written(self.schema, self.started)
        for table in self._list_touched():
            rows = self._read_rows(table)
            known, count = self.before.get(table, (0, 0))
            new = [row for row in rows if row.get("id", known + 1) > known]
            changed = [row for row in rows if row.get("id", known + 1) <= known]
            lost = count - self._count(table, known) if count else 0
            found = {"rows": new, "changed": changed, "gone": lost}
            for name, value in found.items():
                if value:
                    getattr(written, name)[table] = value
        return written

    def _query(self, statement, parameters=None):
        self.cr.execute(statement, parameters)
        return self.cr.fetchall()

    def _read_sizes(self):
        """The highest id and the number of rows of each table that has ids."""
        parts = [
            f"SELECT '{table}', coalesce(max(id), 0), count(*) FROM \"{table}\""
            for table in sorted(self.schema.with_id)
        ]
        rows = self._query(" UNION ALL ".join(parts))
        return {table: (known, count) for table, known, count in rows}

    def _list_touched(self):
        rows = self._query(
            "SELECT relname FROM pg_stat_xact_user_tables WHERE schemaname = 'public'"
            " AND n_tup_ins + n_tup_upd + n_tup_del > 0 ORDER BY relname"
        )
        return [row[0] for row in rows]

    def _read_rows(self, table):
        rows = self._query(
            f'SELECT to_jsonb(t) FROM "{table}" t WHERE t.xmin::text::bigint >= %s',
            [self.mark],
        )
        return [row[0] for row in rows]

    def _count(self, table, known):
        [[count]] = self._query(f'SELECT count(*) FROM "{table}" WHERE id <= {known}')
        return count


def _read_schema(env):
    env.cr.execute(
        "SELECT conrelid::regclass::text, attname, confrelid::regclass::text"
        " FROM pg_constraint JOIN pg_attribute"
        " ON attrelid = conrelid AND attnum = conkey[1]"
        " WHERE contype = 'f' AND cardinality(conkey) = 1"
    )
    keys = {(table, column): target for table, column, target in env.cr.fetchall()}
    env.cr.execute(
        "SELECT table_name FROM information_schema.columns JOIN"
        " information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        " AND column_name = 'id' AND data_type IN ('integer', 'bigint')"
    )
    with_id = {row[0] for row in env.cr.fetchall()}
    models = {name: model._table for name, model in env.registry.items()}
    return Schema(keys, models, with_id)
