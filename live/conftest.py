"""The server and what is in its database, made once for all the tests.

Both end with this folder's tests: Odoo's own test classes stop whatever other process
they find.
"""

import os
import signal
import tempfile

import pytest

from dev import database

from .cluster import Cluster
from .factory import Factory
from .server import Server


@pytest.fixture(scope="package")
def live_database(worker_id):
    """Its name; where pytest runs several processes, each has a copy."""
    name = os.environ["LIVE_DATABASE"]
    if worker_id == "master":
        yield name
        return
    copy = f"{name}-{worker_id}"
    database.clone(name, copy)
    yield copy
    database.drop(copy)


@pytest.fixture(scope="package")
def server(live_database):
    """Odoo as it runs in production, on a database of its own."""
    running = Server(live_database)
    try:
        running.start()
        yield running
    finally:
        running.kill()


@pytest.fixture(scope="package")
def cluster(server):
    """A PostgreSQL server with a copy of the tests' database."""
    with tempfile.TemporaryDirectory() as folder:
        made = Cluster(folder)
        made.make()
        made.start()
        try:
            made.copy(server.database)
            yield made
        finally:
            made.stop(signal.SIGQUIT)


@pytest.fixture(scope="package")
def factory(server):
    """Makes records as the administrator."""
    return Factory(server)


@pytest.fixture(scope="package")
def worker(factory):
    """A plain manufacturing user."""
    return factory.make_user("worker", "mrp.group_mrp_user")


@pytest.fixture(params=["json2", "xmlrpc"])
def transport(request, worker):
    """Both ways in, one after the other, for the manufacturing user."""
    return getattr(worker, request.param)


@pytest.fixture(autouse=True)
def no_lock_left(server):
    """Fail a test after which somebody still holds a lock."""
    yield
    server.wait_until_idle()
    assert server.read_held_locks() == []


def pytest_generate_tests(metafunc):
    """LIVE_ROUNDS repeats every test, to find what goes wrong only at times."""
    rounds = int(os.environ.get("LIVE_ROUNDS", "1"))
    if rounds > 1:
        metafunc.fixturenames.append("_round")
        metafunc.parametrize("_round", range(rounds))
