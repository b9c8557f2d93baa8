"""Who posts what: reports that share products or a reference wait for each other.

Odoo reads the database as it was when the request began. Whoever waits for a row that
another request holds cannot write it afterwards: the request fails and Odoo repeats it
after a random pause, a few times. So postings wait before they read, and then read the
database as the one before them left it.

The locks are advisory locks of PostgreSQL. There are few of them, whatever the number
of orders, they are always taken in the same order, and they end with the transaction.
"""

from zlib import crc32

from odoo.tools import SQL

from .program import get_called_method

BUCKETS = 128
# The first half of an advisory lock's key: any two numbers nobody else uses.
PRODUCTS, REFERENCES = 1_650_550_368, 1_650_550_369


def hold_postings(env, entries, products, references=()):
    """Wait until no other posting of these products or references is under way.

    :param env: the environment of the request
    :param entries: each ``model.method`` that a request for this posting begins with
    :param products: ``product.product`` recordset, finished goods and components
    :param references: of the reports, with the company: hashable plain values
    """
    keys = {(PRODUCTS, product_id % BUCKETS) for product_id in products.ids}
    keys |= {(REFERENCES, _get_bucket(reference)) for reference in references}
    keys = sorted(keys)
    if not keys or env.cr.readonly:
        return
    env.flush_all()
    if _is_beginning(env, entries):
        _begin_holding(env, keys)
    else:
        _lock(env, "pg_advisory_xact_lock", keys)


def _get_bucket(reference):
    # Python's own hash of a text differs from process to process.
    return crc32(repr(reference).encode()) % BUCKETS


def _is_beginning(env, entries):
    """Whether the request is one of these calls, and has done nothing but read so far.

    Anything else may have begun a savepoint, or count on what it has read.
    """
    cr = env.cr
    if get_called_method() not in entries or cr.precommit or cr.postcommit:
        return False
    [[writes]] = env.execute_query(
        SQL("SELECT pg_current_xact_id_if_assigned() IS NOT NULL")
    )
    return not writes


def _begin_holding(env, keys):
    """Take the locks, then begin the transaction anew, still holding them.

    They are locks of the connection for that moment, which outlive the transaction.
    """
    cr = env.cr
    try:
        _lock(env, "pg_advisory_lock", keys)
        cr.rollback()
        _lock(env, "pg_advisory_xact_lock", keys)
    except BaseException:
        cr.rollback()
        raise
    finally:
        _lock(env, "pg_advisory_unlock", keys)


def _lock(env, function, keys):
    rows = SQL(", ").join(SQL("(%s, %s)", *key) for key in keys)
    env.cr.execute(
        SQL(
            "SELECT %s(lock.kind, lock.bucket)"
            " FROM (SELECT * FROM (VALUES %s) AS wanted (kind, bucket)"
            " ORDER BY kind, bucket) AS lock",
            SQL.identifier(function),
            rows,
        )
    )
