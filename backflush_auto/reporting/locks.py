"""Who posts what: reports that share products or a reference wait for each other.

Odoo reads the database as it was when the request began. Whoever waits for a row that
another request holds cannot write it afterwards: the request fails and Odoo repeats it
after a random pause, a few times. So postings wait before they read, and then read the
database as the one before them left it.

The locks are advisory locks of PostgreSQL. There are few of them, whatever the number
of orders, they are always taken in the same order, and they end with the transaction.
"""

import logging
from zlib import crc32

import psycopg2

from odoo.sql_db import Cursor
from odoo.tools import SQL

from .rpc import get_called_method

_logger = logging.getLogger(__name__)

BUCKETS = 128
# The first half of an advisory lock's key: any two numbers nobody else uses.
PRODUCTS, REFERENCES, SUBMITTED = KINDS = range(1_650_550_368, 1_650_550_371)


class Connections:
    """What is known of the connections to the database.

    :param are_kept: whether a transaction that follows another on the same cursor is
        on the same connection of PostgreSQL; no more once it was seen otherwise
    """

    are_kept = True


def lock_postings(env, entries, products, references=(), alone=False):
    """Wait until no other posting of these products or references is under way.

    :param env: the environment of the request
    :param entries: each ``model.method`` that a request for this posting begins with
    :param products: ``product.product`` recordset, finished goods and components
    :param references: of the reports, with the company: hashable plain values
    :param alone: whether the transaction was begun for this posting, by no call
    """
    keys = {(PRODUCTS, product_id % BUCKETS) for product_id in products.ids}
    keys |= {(REFERENCES, _get_bucket(reference)) for reference in references}
    _wait(env, entries, keys, alone)


def lock_submitted(env, entries, references):
    """Wait until nobody else hands over reports with these references.

    Whoever posts with one of them is not waited for.

    :param entries: each ``model.method`` that a request begins with
    :param references: of the reports, with the company: hashable plain values
    """
    _wait(env, entries, {(SUBMITTED, _get_bucket(one)) for one in references})


def _wait(env, entries, keys, alone=False):
    keys = sorted(keys)
    if not keys or env.cr.readonly:
        return
    env.flush_all()
    if _is_beginning(env, entries, alone):
        _lock_and_begin_anew(env, keys)
    else:
        _lock(env, "pg_advisory_xact_lock", keys)


def share_postings(env, products):
    """Let postings of these products wait until this transaction is over.

    Stock that comes takes the locks of its products together with whatever else comes,
    and waits for nobody.

    :param products: ``product.product`` recordset
    :return: False where a posting of one is under way: it does not see what has come
    """
    return _is_shared(env, "pg_try_advisory_xact_lock_shared", products)


def wait_for_postings(env, products):
    """Wait until postings and arrivals of these products that are under way are over.

    The locks end with the transaction; the next one sees what they did.

    :param products: ``product.product`` recordset
    """
    keys = sorted({(PRODUCTS, product_id % BUCKETS) for product_id in products.ids})
    if keys:
        _lock(env, "pg_advisory_xact_lock", keys)


def _is_shared(env, function, products):
    keys = sorted({(PRODUCTS, product_id % BUCKETS) for product_id in products.ids})
    rows = SQL(", ").join(SQL("(%s, %s)", *key) for key in keys)
    found = env.execute_query(
        SQL(
            "SELECT %s(kind, bucket) FROM (VALUES %s) AS wanted (kind, bucket)",
            SQL.identifier(function),
            rows,
        )
    )
    return all(is_held for (is_held,) in found)


def _get_bucket(reference):
    # Python's hash of a text differs between processes.
    return crc32(repr(reference).encode()) % BUCKETS


def _is_beginning(env, entries, alone):
    """Whether the request is one of these calls, and has done nothing but read so far.

    Anything else may have begun a savepoint, or count on what it has read.
    """
    cr = env.cr
    if not (Connections.are_kept and isinstance(cr, Cursor)):
        return False
    is_own = alone or get_called_method() in entries
    if not is_own or cr.precommit or cr.postcommit:
        return False
    [[writes]] = env.execute_query(
        SQL("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
    )
    return not writes


def _lock_and_begin_anew(env, keys):
    """Take the locks, then begin the transaction anew, still holding them.

    They are locks of the connection for that moment, which outlive the transaction.
    """
    try:
        before = _lock(env, "pg_advisory_lock", keys)
        _begin_anew(env.cr)
        # The connection already holds the locks, so this never fails.
        backend = _lock(env, "pg_try_advisory_xact_lock", keys)
        if backend != before:
            _lock_elsewhere(env, keys, before)
            return
    except BaseException:
        _let_go(env.cr)
        raise
    _lock(env, "pg_advisory_unlock", keys)


def _begin_anew(cr):
    """Roll the transaction back and begin the next one, in one statement.

    Between two statements, a pooler might give the next one another connection.
    """
    cr.clear()
    cr.postcommit.clear()
    cr.prerollback.run()
    cr.execute("ROLLBACK AND CHAIN")
    cr._now = None
    cr.postrollback.run()


def _let_go(cr):
    """Roll back, and give up the locks that the connection holds already."""
    try:
        _begin_anew(cr)
        cr.execute(
            SQL(
                "SELECT pg_advisory_unlock(classid::int, objid::int) FROM pg_locks"
                " WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
                " AND objsubid = 2 AND classid IN %s",
                tuple(KINDS),
            )
        )
    except psycopg2.Error:
        cr.connection.close()  # its locks end with it


def _lock_elsewhere(env, keys, before):
    """Take the locks although the transaction goes on with another connection.

    The one before would keep its locks for good: it is closed. From now on, postings
    wait within their transaction, and Odoo repeats what has read too early.

    :param before: the process of PostgreSQL that served the connection before
    """
    Connections.are_kept = False
    _logger.warning(
        "Something between Odoo and PostgreSQL gives each transaction, or a part of "
        "one, a connection of its own. Postings of the same products now wait within "
        "their transaction, and Odoo repeats them more often. Use a pooler by session."
    )
    env.cr.execute(
        SQL(
            "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE pid = %s AND granted"
            " AND locktype = 'advisory' AND (classid, objid, objsubid) = (%s, %s, 2)",
            before,
            *keys[0],
        )
    )
    _lock(env, "pg_advisory_xact_lock", keys)


def _lock(env, function, keys):
    """Call a function of PostgreSQL for each lock, in their order.

    :return: the process of PostgreSQL that served it
    """
    rows = SQL(", ").join(SQL("(%s, %s)", *key) for key in keys)
    env.cr.execute(
        SQL(
            "SELECT %s(lock.kind, lock.bucket), pg_backend_pid()"
            " FROM (SELECT * FROM (VALUES %s) AS wanted (kind, bucket)"
            " ORDER BY kind, bucket) AS lock",
            SQL.identifier(function),
            rows,
        )
    )
    return env.cr.fetchone()[1]


def repeat_transaction(env):
    """Let whoever runs this transaction repeat it: what it needs is committed unseen.

    PostgreSQL itself raises the error, so that it is one for everybody: Odoo repeats a
    request, and OCA's queue_job a job, for serialization errors of PostgreSQL only.

    :raises psycopg2.errors.SerializationFailure: always
    """
    env.cr.execute(
        SQL(
            "DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = 'serialization_failure',"
            " MESSAGE = 'the same report was posted at the same moment'; END $$"
        ),
        log_exceptions=False,
    )
