"""An Odoo server of its own: started, killed and started again by the tests."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import psycopg2

from dev import paths

PROGRAM = paths.LIVE / "odoo_bin.py"
WORKERS = 4
# Odoo limits the memory of this process, and others want to reserve more
WITHOUT_LIMIT = ("sh", "-c", 'ulimit -S -v unlimited; exec "$@"', "sh")


class Server:
    """Odoo with several worker processes, as it is run in production.

    :param database: the one database that it serves
    :param name: of its log, where it is another than the database
    :param environment: variables that it gets besides those of this process
    :param options: of Odoo's command line, besides those of every server
    """

    def __init__(self, database, name="", environment=None, options=()):
        self.database = database
        self.environment = environment or {}
        self.options = options
        self.port = _free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = paths.LOGS / f"live-{name or database}.log"
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.log.unlink(missing_ok=True)
        self.process = None

    def start(self):
        """Start it and wait until it answers."""
        command = [
            *(sys.executable, str(PROGRAM), f"--database={self.database}"),
            *(f"--db-filter=^{self.database}$", f"--http-port={self.port}"),
            *(f"--gevent-port={_free_port()}", f"--workers={WORKERS}"),
            *("--max-cron-threads=0", f"--logfile={self.log}", "--log-level=info"),
            *self.options,
        ]
        # a session of its own, so that it can be killed with all its workers
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, **self.environment},
        )
        self._wait_until_it_answers()

    def stop(self):
        """Stop it as a person would."""
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                pass
            self.kill()

    def kill(self):
        """Kill it and all its workers at once, whatever they are doing."""
        if self.process:
            try:
                os.killpg(self.process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            self.process.wait()
            self.process = None

    def read_log(self, start=0):
        """What it has logged since a place in the log."""
        with self.log.open(errors="replace") as log:
            log.seek(start)
            return log.read()

    def mark_log(self):
        """The place in the log where it stands now."""
        return self.log.stat().st_size

    def query(self, statement, *parameters):
        """Ask the database itself, beside the server."""
        connection = self.connect()
        try:
            with connection.cursor() as cursor:
                cursor.execute(statement, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def connect(self):
        """A connection to the database, each statement its own transaction."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
        given = self.environment
        address = {name: given[key] for key, name in names.items() if key in given}
        connection = psycopg2.connect(dbname=self.database, **address)
        connection.autocommit = True
        return connection

    def read_held_locks(self):
        """The advisory locks that somebody holds or waits for.

        :return: list of ``(first key, second key, granted, query)``
        """
        return self.query(
            "SELECT lock.classid, lock.objid, lock.granted, activity.query"
            " FROM pg_locks lock JOIN pg_stat_activity activity USING (pid)"
            " WHERE lock.locktype = 'advisory' AND lock.objsubid = 2"
            " AND activity.datname = %s ORDER BY 1, 2, 3",
            self.database,
        )

    def wait_until_idle(self, seconds=20):
        """Wait until no connection of the database is in a transaction."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            [[busy]] = self.query(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
                " AND pid <> pg_backend_pid() AND state <> 'idle'",
                self.database,
            )
            if not busy:
                return
            time.sleep(0.05)
        raise AssertionError("The server is still busy.")

    def _wait_until_it_answers(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).close()
                return
            except (OSError, urllib.error.URLError):
                time.sleep(0.1)
        raise AssertionError(f"Odoo does not start, see {self.log}")


def _free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
