"""The programs of examples/, run as they are."""

import os
import shutil
import socket
import subprocess
import sys
import threading

import pytest

from dev import paths

from .server import WITHOUT_LIMIT

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


PAGE = b"<!doctype html><title>404 Not Found</title><h1>Not Found</h1>"


def _answer(status, body, kind="text/html", length=None):
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n"
    head += f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    return head.encode() + body


ODD_ANSWERS = {
    "no database": _answer("404 NOT FOUND", PAGE),
    "bad gateway": _answer("502 Bad Gateway", PAGE),
    "unavailable": _answer("503 Service Unavailable", b""),
    "gateway timeout": _answer("504 Gateway Timeout", PAGE),
    "page of an error": _answer("500 INTERNAL SERVER ERROR", PAGE),
    "empty": _answer("200 OK", b"", "application/json"),
    "cut off": _answer("200 OK", b'[{"ok": true,', "application/json", 1000),
    "cut error": _answer("404 NOT FOUND", b'{"mess', "application/json", 1000),
    "no object": _answer("404 NOT FOUND", b"[]", "application/json"),
    "no access": _answer(
        "403 FORBIDDEN",
        b'{"name": "odoo.exceptions.AccessDenied", "message": "Access Denied"}',
        "application/json",
    ),
    "page instead": _answer("200 OK", PAGE),
    "reset": b"",
}


@pytest.mark.parametrize("odd", ODD_ANSWERS)
def test_answer_that_is_none_of_ours(run, order_name, server, odd):
    """Nobody knows what became of the report: it is repeated."""
    with Odd(server.port, ODD_ANSWERS[odd]) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        output = run(order_name, 4, f"ODD-{order_name}", ODOO_URL=url)
    assert proxy.cut
    assert "again in 1 s" in output or (odd == "reset" and "ODOO_LOGIN" in run.access)
    assert output.strip().endswith(f": 6 remain on {order_name}")


def test_refused_with_404(run, server, order_name):
    """What Odoo itself says is final."""
    body = b'{"name": "werkzeug.exceptions.NotFound", "message": "No such thing"}'
    answer = _answer("404 NOT FOUND", body, "application/json")
    with Odd(server.port, answer) as proxy:
        url = f"http://127.0.0.1:{proxy.port}"
        output = run(order_name, 4, f"NO-{order_name}", ODOO_URL=url)
    if "ODOO_LOGIN" in run.access:
        assert "again in 1 s" in output  # no answer of XML-RPC
    else:
        assert output.strip() == "refused: No such thing"


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


class Odd(CutOff):
    """Gives the first report an answer of its own, and does not hand it on."""

    def __init__(self, port, answer):
        super().__init__(port)
        self.answer = answer

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self.target)) as server:
            request = _read_message(client)
            if b"backflush_post_batch" in request and not self.cut:
                self.cut = True
                client.sendall(self.answer)
                return
            server.sendall(request)
            client.sendall(_read_message(server))


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
