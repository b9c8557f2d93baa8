"""Submitted reports, posted by the job runners of two servers on one database.

QUEUE_REPORTS says how many reports are submitted, fifty or a hundred in a call.
"""

import os
import re
import signal
import time

import pytest

from .clients import Json2
from .factory import Factory
from .parallel import wait_until
from .server import Server
from .test_transports import MODEL

REPORTS = int(os.environ.get("QUEUE_REPORTS", "100"))
SIZE = min(REPORTS // 2, 100)
SHORT = 3
RUNNER = re.compile(r"WorkerJobRunner \((\d+)\) alive")
# one of a server's two workers is left to those who submit
CHANNELS = {"ODOO_QUEUE_JOB_CHANNELS": "root:1,root.backflush:1"}
OPTIONS = ("--load=base,web,queue_job", "--workers=2")


class Queue:
    """Two servers that run jobs; the one whose runner comes first gives them out."""

    def __init__(self, server, cluster):
        self.servers = [
            Server(
                server.database,
                f"{server.database}-queue-{number}",
                {**cluster.environment, **CHANNELS},
                OPTIONS,
            )
            for number in range(2)
        ]
        self.query = self.servers[0].query

    def start(self):
        for server in self.servers:
            server.start()

    def kill(self):
        for server in self.servers:
            server.kill()

    def count(self, state):
        """How many reports of this test are in a state."""
        counted = """
            SELECT count(*)
              FROM mrp_backflush_submitted
             WHERE state = %s
               AND reference LIKE 'QUEUE-%%'
        """
        return self.query(counted, state)[0][0]

    def kill_worker(self):
        """Kill a worker in the middle of a job."""
        busy = "SELECT worker_pid FROM queue_job WHERE state = 'started'"
        [[worker]] = wait_until(lambda: self.query(busy))
        os.kill(worker, signal.SIGKILL)

    def kill_runner(self):
        """Kill the process that gives out the jobs."""
        masters = wait_until(
            lambda: [
                log for log in self._read_logs() if "queue job runner ready" in log
            ]
        )
        os.kill(int(RUNNER.findall(masters[-1])[-1]), signal.SIGKILL)

    def _read_logs(self):
        return [server.read_log() for server in self.servers]

    def wait_until(self, condition):
        """Wait until something is so.

        A runner looks for jobs whose worker is gone whenever it hears of any job, else
        once a minute: it is made to hear of one.
        """

        def is_so():
            self.query("SELECT pg_notify('queue_job', 'none')")
            time.sleep(0.3)
            return condition()

        wait_until(is_so, seconds=120 + REPORTS)


@pytest.fixture
def queue(server, cluster):
    made = Queue(server, cluster)
    try:
        made.start()
        yield made
    finally:
        made.kill()


def test_posted_once_whatever_dies(cluster, queue):
    """A worker, the runner, the database: each report is posted, and once."""
    one, other = queue.servers
    factory = Factory(one)
    user = factory.make_user("submitter", "mrp.group_mrp_user")
    chair = factory.make_chair(boards=2 * REPORTS, bolts=4 * REPORTS)
    reports = [
        {"product_id": chair.id, "quantity": 1, "reference": f"QUEUE-{number}"}
        for number in range(REPORTS + SHORT)
    ]
    submits = [reports[start : start + SIZE] for start in range(0, len(reports), SIZE)]
    clients = (user.json2, Json2(other, user.key))
    answers = [
        clients[number % 2].call(MODEL, "backflush_submit", reports=submit)
        for number, submit in enumerate(submits)
    ]
    assert sum(answer["accepted"] for answer in answers) == len(reports)
    queue.kill_worker()
    queue.kill_runner()
    queue.wait_until(lambda: queue.count("posted"))
    cluster.stop(signal.SIGQUIT)
    cluster.start()
    started = time.monotonic()
    queue.wait_until(lambda: not queue.count("waiting"))
    print(f"over {time.monotonic() - started:.0f} s after the restart")
    assert (queue.count("posted"), queue.count("refused")) == (REPORTS, SHORT)
    posted = queue.query(
        "SELECT count(*), count(DISTINCT reference), sum(quantity) FROM mrp_backflush"
        " WHERE reference LIKE 'QUEUE-%%'"
    )
    assert posted == [(REPORTS, REPORTS, REPORTS)]
    assert chair.read_stock() == (REPORTS, 0, 0)
    failed = "SELECT exc_message FROM queue_job WHERE state = 'failed'"
    messages = [message for [message] in queue.query(failed)]
    assert len(messages) == SHORT
    assert all("2.00 Units needed" in message for message in messages)
    # The program repeats one of its calls, whose answer it has lost.
    jobs = "SELECT count(*) FROM queue_job"
    before = queue.query(jobs)
    again = call_until_answered(clients[1], "backflush_submit", reports=submits[0])
    assert again == answers[0]
    assert queue.query(jobs) == before
    job = answers[0]["job"]
    states = call_until_answered(clients[1], "backflush_status", job=job)
    assert [row["state"] for row in states] == ["posted"] * SIZE


def call_until_answered(client, method, **keywords):
    """Repeat a call while workers find that their connections are gone."""
    answers = []

    def is_answered():
        try:
            answers.append(client.call(MODEL, method, **keywords))
        except (ValueError, OSError):  # a page of HTML, or nothing
            return False
        return True

    wait_until(is_answered)
    return answers[0]
