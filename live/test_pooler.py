"""A pooler that gives each transaction whatever connection is free.

It needs the program pgbouncer (Debian's package of that name), and is skipped without.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg2
import pytest

from .clients import Json2
from .parallel import run_together
from .server import Server
from .test_transports import MODEL

PGBOUNCER = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
CLIENTS, REPORTS = 4, 8
SETTINGS = """\
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr =
listen_port = 6432
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = 2
ignore_startup_parameters = extra_float_digits, options
"""


@pytest.fixture
def pooler(live_database):
    """A running pooler; the variables that lead to it."""
    if not PGBOUNCER:
        pytest.skip("pgbouncer is not installed")
    with tempfile.TemporaryDirectory() as folder:
        settings = Path(folder) / "pgbouncer.ini"
        settings.write_text(
            SETTINGS.format(
                host=os.environ["PGHOST"],
                port=os.environ.get("PGPORT", "5432"),
                user=os.environ.get("PGUSER") or pwd.getpwuid(os.geteuid()).pw_name,
                folder=folder,
            )
        )
        process = _start(folder, settings, live_database)
        try:
            yield {"PGHOST": folder, "PGPORT": "6432"}
        finally:
            process.terminate()
            process.wait()


def _start(folder, settings, database):
    command = [PGBOUNCER, "-q", str(settings)]
    if os.geteuid() == 0:  # which it refuses
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        capabilities = ("--inh-caps=+dac_override", "--ambient-caps=+dac_override")
        user = (f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}")
        keep = ("--securebits=+no_setuid_fixup", "--clear-groups")
        command = ["setpriv", *keep, *user, *capabilities, "--", *command]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        try:
            psycopg2.connect(dbname=database, host=folder, port=6432).close()
            return process
        except psycopg2.OperationalError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError("pgbouncer does not start.")


@pytest.fixture
def pooled(server, pooler):
    """Another Odoo on the same database, behind the pooler."""
    running = Server(server.database, f"{server.database}-pooled", pooler)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def test_many_clients(factory, worker, server, pooled):
    """All is posted, nobody waits for ever, and no connection keeps a lock."""
    chair = factory.make_chair(boards=10000, bolts=10000)
    orders = chair.order(*([REPORTS] * CLIENTS))
    odoo = Json2(pooled, worker.key)

    open_orders = set(orders)

    def report(order):
        for _number in range(REPORTS):
            odoo.call(MODEL, "backflush_post", [order], quantity=1)
        open_orders.discard(order)

    def read(order):
        """Others, who take the connections in between."""
        while open_orders:
            odoo.call(MODEL, "read", [order], fields=["state"])

    start = pooled.mark_log()
    readers = [(read, order) for order in orders[:3]]
    run_together([*((report, order) for order in orders), *readers])
    made = CLIENTS * REPORTS
    assert chair.read_stock() == (made, 10000 - 2 * made, 10000 - 4 * made)
    log = pooled.read_log(start)
    assert "pooler" not in log
    assert "tries left" not in log  # nobody has read before it had the locks
    assert server.read_held_locks() == []
