import threading
from contextlib import contextmanager
from unittest.mock import patch

import psycopg2

from odoo import api
from odoo.modules.registry import Registry
from odoo.service.server import thread_local
from odoo.tests import BaseCase, get_db_name, tagged

from ..reporting import locks

ENTRY = "mrp.production.button_mark_done"
KINDS = (locks.PRODUCTS, locks.REFERENCES)


@tagged("post_install", "-at_install")
class TestLocks(BaseCase):
    """What holds the locks of a posting, and that nothing else does.

    On connections of their own, as requests have them; nothing is committed.
    """

    def setUp(self):
        super().setUp()
        if Registry._lock._is_owned():
            self.skipTest("Odoo's own test runner lets no other thread work.")
        self.registry = Registry(get_db_name())
        self.enterContext(
            patch.object(thread_local, "rpc_model_method", ENTRY, create=True)
        )
        self.enterContext(patch.object(locks.Connections, "are_kept", True))
        cr = self.enterContext(self.registry.cursor())
        self.work = api.Environment(cr, api.SUPERUSER_ID, {})
        # only their ids count, whether there are such products or not
        self.products = self.work["product.product"].browse(range(1, 6))

    def _hold(self, env=None):
        env = env or self.work
        locks.lock_postings(env, [ENTRY], self.products.with_env(env), ["R-1"])

    def _read_locks(self):
        """Who holds locks of postings in this database: a set of processes."""
        with self.registry.cursor() as cr:
            cr.execute(
                "SELECT DISTINCT pid FROM pg_locks "
                "JOIN pg_stat_activity USING (pid) WHERE locktype = 'advisory' "
                "AND classid IN %s AND granted AND datname = current_database()",
                [KINDS],
            )
            return {pid for (pid,) in cr.fetchall()}

    def _read(self, statement):
        self.work.cr.execute(statement)
        return self.work.cr.fetchone()[0]

    def test_the_transaction_begins_anew(self):
        """On the same connection, with the same settings, and reads what is new."""
        cr = self.work.cr
        backend = self._read("SELECT pg_backend_pid()")
        begun, now = self._read("SELECT now()"), cr.now()
        self._hold()
        self.assertEqual(self._read("SELECT pg_backend_pid()"), backend)
        self.assertGreater(self._read("SELECT now()"), begun)
        self.assertGreater(cr.now(), now)
        self.assertEqual(self._read("SHOW transaction_isolation"), "repeatable read")
        self.assertEqual(self._read_locks(), {backend})

    def test_the_locks_end_with_the_transaction(self):
        self._hold()
        self.work.cr.rollback()
        self.assertEqual(self._read_locks(), set())
        self._assert_no_notice()

    def _assert_no_notice(self):
        """PostgreSQL gives one for each lock that is let go of and not held."""
        notices = self.work.cr.connection.notices
        self.assertFalse([notice for notice in notices if "lock" in notice])

    def test_no_moment_without_a_transaction(self):
        """In which a pooler could hand the connection to somebody else."""
        cr = self.work.cr
        self._read("SELECT 1")
        with patch.object(type(cr), "rollback") as rollback:
            self._hold()
        rollback.assert_not_called()

    @contextmanager
    def _held_by_another(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            keys = [(locks.PRODUCTS, self.products.ids[-1] % locks.BUCKETS)]
            locks._lock(env, "pg_advisory_xact_lock", keys)
            yield cr

    def test_an_error_while_it_waits(self):
        """It holds some of the locks already."""
        with self._held_by_another() as other:
            other.execute("SELECT pg_backend_pid()")
            holder = other.fetchone()[0]
            self.work.cr.execute("SET lock_timeout = '100ms'")
            self.work.cr.commit()
            with self.assertLogs("odoo.sql_db"):
                with self.assertRaises(psycopg2.errors.LockNotAvailable):
                    self._hold()
            self.assertEqual(self._read_locks(), {holder})
        self._assert_no_notice()
        self.work.cr.execute("RESET lock_timeout")

    def _fail(self, turn, original):
        """A function that is interrupted at one of its calls."""
        calls = []

        def fail(*args):
            calls.append(args)
            if len(calls) == turn:
                raise psycopg2.OperationalError("Interrupted")
            return original(*args)

        return fail

    def test_an_error_before_the_transaction_has_the_locks(self):
        for name, turn in (("_begin_anew", 1), ("_lock", 2)):
            with self.subTest(name):
                fail = self._fail(turn, getattr(locks, name))
                with patch.object(locks, name, fail):
                    with self.assertRaises(psycopg2.OperationalError):
                        self._hold()
                self.assertEqual(self._read_locks(), set())

    def test_a_connection_that_breaks(self):
        cr = self.registry.cursor()
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        original = locks._begin_anew

        def break_connection(cr):
            with self.registry.cursor() as other:
                pid = cr.connection.get_backend_pid()
                other.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
            return original(cr)

        with patch.object(locks, "_begin_anew", break_connection):
            with self.assertLogs("odoo.sql_db"), self.assertRaises(psycopg2.Error):
                self._hold(env)
        self.assertTrue(cr.closed)
        self.assertEqual(self._read_locks(), set())

    def test_another_connection_afterwards(self):
        """It says so, leaves no lock on the one before, and does so no more."""
        cr = self.work.cr
        first = self._read("SELECT pg_backend_pid()")
        spare = self.registry.cursor()
        original = locks._begin_anew

        def change(cr):
            # what a pooler does between two transactions
            original(cr)
            cr._cnx, spare._cnx = spare._cnx, cr._cnx
            cr._obj, spare._obj = spare._obj, cr._obj

        with patch.object(locks, "_begin_anew", change):
            with self.assertLogs(locks.__name__, "WARNING") as log:
                self._hold()
        self.assertIn("pooler", log.output[0])
        second = self._read("SELECT pg_backend_pid()")
        self.assertNotEqual(first, second)
        self._wait_until_gone(first)
        self.assertEqual(self._read_locks(), {second})
        with self.assertRaises(psycopg2.OperationalError):
            spare._obj.execute("SELECT 1")
        with patch.object(locks, "_lock_and_begin_anew") as begin, self.assertNoLogs():
            self._hold()
        begin.assert_not_called()
        self.assertEqual(self._read_locks(), {second})
        cr.rollback()
        self.assertEqual(self._read_locks(), set())
        spare._cnx.close()

    def _wait_until_gone(self, pid):
        with self.registry.cursor() as cr:
            cr.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])

    def test_one_after_the_other(self):
        """Whoever waits reads what the one before has done."""
        read = []
        sequence = self.work["ir.sequence"].create({"name": "Locks"})
        self.work.cr.commit()
        self.addCleanup(self._delete, sequence)

        def count():
            thread_local.rpc_model_method = ENTRY
            with self.registry.cursor() as cr:
                env = api.Environment(cr, api.SUPERUSER_ID, {})
                cr.execute("SELECT 1")  # an early snapshot
                self._hold(env)
                record = env["ir.sequence"].browse(sequence.id)
                record.padding += 1
                read.append(record.padding)

        threads = [threading.Thread(target=count) for _number in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sorted(read), [1, 2, 3, 4, 5])

    def _delete(self, record):
        with self.registry.cursor() as cr:
            record.with_env(api.Environment(cr, api.SUPERUSER_ID, {})).unlink()
