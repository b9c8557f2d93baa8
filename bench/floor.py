"""The floor: the rows of a side, written by SQL alone, a statement for each table."""

import json
import time


def write(cr, written):
    """Write rows as another transaction had written them.

    :param written: `Written`
    :return: seconds
    """
    tables = _sort(written)
    batches = [(table, json.dumps(written.rows[table])) for table in tables]
    changes = [(table, json.dumps(rows)) for table, rows in written.changed.items()]
    started = time.perf_counter()
    later = []
    for position, (table, rows) in enumerate(batches):
        forward = _list_forward(written, table, tables[position + 1 :])
        _insert(cr, table, rows, written.rows[table][0], forward)
        later += [(table, rows, forward)] if forward else []
    for table, rows, columns in later:
        _update(cr, table, rows, columns)
    for table, rows in changes:
        columns = [name for name in written.changed[table][0] if name != "id"]
        _update(cr, table, rows, columns)
    return time.perf_counter() - started


def _sort(written):
    """The tables with new rows, those first that others point to."""
    left, done = set(written.rows), []
    while left:
        waiting = {
            table: len(_list_forward(written, table, left - {table})) for table in left
        }
        done.append(min(sorted(left), key=waiting.get))
        left.remove(done[-1])
    return done


def _list_forward(written, table, later):
    """Columns of a table that point to tables which are written later."""
    keys = written.schema.keys
    columns = written.rows[table][0]
    return [name for name in columns if keys.get((table, name)) in later]


def _insert(cr, table, rows, columns, empty):
    values = ", ".join("NULL" if name in empty else f'"{name}"' for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    cr.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values}'
        f' FROM jsonb_populate_recordset(NULL::"{table}", %s)',
        [rows],
    )


def _update(cr, table, rows, columns):
    changes = ", ".join(f'"{name}" = new."{name}"' for name in columns)
    cr.execute(
        f'UPDATE "{table}" old SET {changes}'
        f' FROM jsonb_populate_recordset(NULL::"{table}", %s) new'
        " WHERE old.id = new.id",
        [rows],
    )
