"""The programs of examples/, run as they are."""

import os
import shutil
import socket
import subprocess
import sys
import threading

import pytest

from dev import paths

# Odoo limits the memory of this process, and Node wants to reserve more
WITHOUT_LIMIT = ("sh", "-c", 'ulimit -S -v unlimited; exec "$@"', "sh")
EXAMPLES = paths.ROOT / "examples"
CLIENTS = {
    "Python, JSON-2": [sys.executable, EXAMPLES / "report_production.py"],
    "Python, XML-RPC": [sys.executable, EXAMPLES / "report_production.py"],
    "Node, JSON-2": ["node", EXAMPLES / "report_production.mjs"],
}


@pytest.fixture(params=CLIENTS)
def run(request, server, worker):
    """Runs an example: its output, or its message where it fails."""
    command = CLIENTS[request.param]
    if not shutil.which(command[0]):
        pytest.skip(f"There is no {command[0]} on this machine.")
    access = {
        "ODOO_URL": server.url,
        "ODOO_DATABASE": server.database,
        "ODOO_KEY": worker.key,
        **({"ODOO_LOGIN": worker.login} if "XML" in request.param else {}),
    }

    def call(*arguments, **changed):
        done = subprocess.run(
            [*WITHOUT_LIMIT, *command, *map(str, arguments)],
            env={**os.environ, **access, **changed},
            capture_output=True,
            text=True,
        )
        if done.returncode:
            return done.stderr
        return done.stderr + done.stdout

    call.access = access
    return call


@pytest.fixture
def order_name(factory):
    """An order of ten chairs, with boards for eight."""
    [order] = factory.make_chair(boards=16).order(10)
    return factory.read("mrp.production", [order], "name")[0]["name"]


def test_report(run, order_name):
    line = order_name, 4, f"MES-{order_name}"
    assert run(*line).strip().endswith(f": 6 remain on {order_name}")
    assert run(*line).strip().endswith(f"6 remain on {order_name}, reported before")
    refused = run(order_name, 6, f"MES-{order_name}-2")
    assert refused.startswith("shortage: ")
    assert "12.00 Units needed, 8.00 free" in refused


def test_wrong_key(run, order_name):
    message = run(order_name, 4, "KEY", ODOO_KEY="0" * 40)
    assert message.startswith("refused: ")


def test_lost_connection(run, order_name, server, factory):
    """The answer is lost on the way, so the report is repeated."""
    with CutOff(server.port) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        output = run(order_name, 4, f"LOST-{order_name}", ODOO_URL=url)
    assert proxy.cut
    # Python's client of XML-RPC has repeated the call already, and told nobody
    assert "again in 1 s" in output or "ODOO_LOGIN" in run.access
    assert output.strip().endswith(f"6 remain on {order_name}, reported before")


class CutOff(threading.Thread):
    """Stands before the server and hands requests on, but loses the first answer
    that tells of a posting."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.target = port
        self.cut = False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.listener.close()

    def run(self):
        while True:
            try:
                client, _address = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            request = _read_message(client)
            server.sendall(request)
            answer = _read_message(server)
            if b"backflush_post_batch" in request and not self.cut:
                self.cut = True
                return
            client.sendall(answer)


def _read_message(connection):
    """Read one message of HTTP to its end."""
    message = b""
    while b"\r\n\r\n" not in message:
        message += connection.recv(65536)
    head, _separator, body = message.partition(b"\r\n\r\n")
    [length] = [
        int(line.split(b":")[1])
        for line in head.split(b"\r\n")
        if line.lower().startswith(b"content-length:")
    ]
    while len(body) < length:
        part = connection.recv(65536)
        body += part
        message += part
    return message
