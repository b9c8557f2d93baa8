"""PostgreSQL goes away and comes back while programs report production.

It is one of its own, with a copy of the database, so that nobody else misses it.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psycopg2
import pytest

from dev import postgres

from .factory import Factory
from .server import Server
from .test_examples import EXAMPLES, WITHOUT_LIMIT

CLIENTS, REPORTS = 3, 6


class Cluster:
    """A PostgreSQL server that may be stopped at any moment.

    :param folder: for its data and its socket
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.environment = {"PGHOST": str(self.folder), "PGPORT": "5432"}
        self.environment["PGUSER"] = postgres.USER
        self.process = None

    def make(self):
        postgres._give(self.folder)
        options = ("--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
        self._run("initdb", *options, f"--username={postgres.USER}", self.data)

    def start(self):
        settings = {**postgres.SETTINGS, "unix_socket_directories": self.folder}
        # what was answered must not be lost
        settings |= {"shared_buffers": "64MB", "synchronous_commit": "on"}
        options = [
            part
            for name, value in settings.items()
            for part in ("-c", f"{name}={value}")
        ]
        command = self._command("postgres", "-D", self.data, *options)
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                psycopg2.connect(dbname="postgres", **self._address()).close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.05)
        raise AssertionError("PostgreSQL does not start.")

    def stop(self, way):
        """Stop it as a power cut or an administrator does: SIGQUIT or SIGINT."""
        if self.process:
            [pid] = (self.data / "postmaster.pid").read_text().split("\n", 1)[:1]
            os.kill(int(pid), way)
            self.process.wait()
            self.process = None

    def copy(self, database):
        """Copy a database of the other server."""
        dump = self.folder / "dump"
        self._run("pg_dump", "--format=custom", f"--file={dump}", database, other=True)
        self._run("createdb", database)
        self._run("pg_restore", "--no-owner", f"--dbname={database}", dump)

    def _address(self):
        return {"host": str(self.folder), "port": 5432, "user": postgres.USER}

    def _run(self, program, *arguments, other=False):
        environment = {} if other else self.environment
        subprocess.run(
            self._command(program, *arguments),
            cwd=self.folder,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _command(self, program, *arguments):
        program = [postgres.programs() / program, *arguments]
        return [*WITHOUT_LIMIT, *postgres._as_server_user(), *map(str, program)]


@pytest.fixture(scope="module")
def cluster(server):
    """A server with a copy of the tests' database."""
    with tempfile.TemporaryDirectory() as folder:
        made = Cluster(folder)
        made.make()
        made.start()
        try:
            made.copy(server.database)
            yield made
        finally:
            made.stop(signal.SIGQUIT)


@pytest.fixture(scope="module")
def odoo(server, cluster):
    """Odoo on that server."""
    name = f"{server.database}-restarted"
    running = Server(server.database, name, cluster.environment)
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture(scope="module")
def made(odoo):
    """A chair, and a user who reports on its orders."""
    factory = Factory(odoo)
    user = factory.make_user("restarted", "mrp.group_mrp_user")
    return factory.make_chair(boards=10_000, bolts=10_000), user


class Reporter(threading.Thread):
    """Runs an example for one report after the other."""

    def __init__(self, command, environment, order):
        super().__init__()
        self.command = [*WITHOUT_LIMIT, *map(str, command)]
        self.environment = {**os.environ, **environment}
        self.order = order
        self.lines = []
        self.outputs = []

    def run(self):
        for number in range(REPORTS):
            process = subprocess.Popen(
                [*self.command, self.order, "1", f"{self.order}-{number}"],
                env={**self.environment, "PYTHONUNBUFFERED": "1"},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            first = len(self.lines)
            with process:
                self.lines.extend(process.stdout)
            self.outputs.append("".join(self.lines[first:]))

    def count_failures(self):
        """How often it was not told that its report is posted."""
        return sum(" remain on " not in line for line in list(self.lines))


def wait_until(condition):
    deadline = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def restart(cluster, reporters, way):
    """Leave Odoo without PostgreSQL until all who report have called it in vain."""
    failures = [reporter.count_failures() for reporter in reporters]
    cluster.stop(way)

    def is_noticed():
        # The first failure may be of a call that had begun before.
        return all(
            not reporter.is_alive() or reporter.count_failures() >= before + 2
            for reporter, before in zip(reporters, failures, strict=True)
        )

    wait_until(is_noticed)
    cluster.start()


COMMANDS = {
    "Python, JSON-2": [sys.executable, EXAMPLES / "report_production.py"],
    "Python, XML-RPC": [sys.executable, EXAMPLES / "report_production.py"],
    "Node, JSON-2": ["node", EXAMPLES / "report_production.mjs"],
}


@pytest.mark.parametrize("example", COMMANDS)
def test_reports_while_it_restarts(cluster, odoo, made, example):
    """Each is posted once, and none is given up."""
    command = COMMANDS[example]
    if not shutil.which(command[0]):
        pytest.skip(f"There is no {command[0]} on this machine.")
    chair, user = made
    before, boards, _bolts = chair.read_stock()
    orders = chair.order(*[REPORTS] * CLIENTS)
    environment = {
        "ODOO_URL": odoo.url,
        "ODOO_DATABASE": odoo.database,
        "ODOO_KEY": user.key,
        **({"ODOO_LOGIN": user.login} if "XML" in example else {}),
    }
    read = chair.factory.read("mrp.production", orders, "name")
    names = [row["name"] for row in read]
    reporters = [Reporter(command, environment, name) for name in names]
    for reporter in reporters:
        reporter.start()
    for turn, way in enumerate((signal.SIGQUIT, signal.SIGINT), start=1):
        answered = turn * CLIENTS
        wait_until(lambda n=answered: sum(len(r.outputs) for r in reporters) >= n)
        restart(cluster, reporters, way)
    for reporter in reporters:
        reporter.join()
    outputs = [output for reporter in reporters for output in reporter.outputs]
    assert all(" remain on " in output for output in outputs), outputs
    assert any("again in" in output for output in outputs)
    made_now = CLIENTS * REPORTS
    assert chair.read_stock()[:2] == (before + made_now, boards - 2 * made_now)
    rows = odoo.query(
        "SELECT count(*), count(DISTINCT reference), sum(quantity)"
        " FROM mrp_backflush WHERE production_id = ANY(%s)",
        orders,
    )
    assert rows == [(made_now, made_now, made_now)]
