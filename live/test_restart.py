"""PostgreSQL goes away and comes back while programs report production.

It is one of its own, with a copy of the database, so that nobody else misses it.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading

import pytest

from .factory import Factory
from .parallel import wait_until
from .server import WITHOUT_LIMIT, Server
from .test_examples import EXAMPLES

CLIENTS, REPORTS = 3, 6


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
