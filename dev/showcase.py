"""`./run demo`: the addon with Odoo's demo data, to be looked at in a browser."""

import argparse
import hashlib
import socket
import threading
import time
import urllib.error
import urllib.request

from . import addons, console, database, locks, paths, server

NAME = "demo"
MODULES = ("mrp", "backflush_auto")
SCRIPT = paths.DEV / "demo.py"
STAMPS = paths.STATE / "demo"
FIRST_PORT = 8069


def main(arguments):
    """Prepare the demo database unless it is up to date, then serve it."""
    options = _parser().parse_args(arguments)
    if "backflush_auto" not in addons.names():
        raise console.Stop("This checkout has no addon yet: nothing to show.")
    port = 0 if options.no_serve else _port(options.port)
    with server.ready() as odoo:
        with locks.exclusive("demo", "it prepares the demo database"):
            _prepare(odoo)
        return _serve(odoo, port) if port else 0


def _parser():
    parser = argparse.ArgumentParser(prog="./run demo")
    parser.add_argument("--no-serve", action="store_true", help="only prepare it")
    parser.add_argument("--port", type=int, help=f"default: first from {FIRST_PORT}")
    return parser


def _prepare(odoo):
    wanted = {"addon": addons.fingerprint(["backflush_auto"]), "script": _script_hash()}
    if not _is_built(wanted["script"]):
        _build(odoo)
    elif _stamp("addon") != wanted["addon"]:
        with console.step("Updating backflush_auto in the demo database"):
            database.update(odoo, NAME, ["backflush_auto"])
    STAMPS.mkdir(exist_ok=True)
    for name, value in wanted.items():
        (STAMPS / name).write_text(value)


def _build(odoo):
    # a stamp of the database that is about to go would vouch for a half-made one
    (STAMPS / "script").unlink(missing_ok=True)
    template = database.template(odoo, ("mrp",), demo=True)
    with console.step("Making the demo database"):
        database.clone(template, NAME)
        database.install(odoo, NAME, MODULES, "--with-demo")
        if SCRIPT.exists():
            _run_script(odoo)


def _run_script(odoo):
    with SCRIPT.open() as script:
        code = odoo.call(
            "shell", "-d", NAME, "--no-http", "--log-level=warn", stdin=script
        )
    if code:
        raise console.Stop(f"{SCRIPT.relative_to(paths.ROOT)} ended with code {code}.")


def _is_built(script_hash):
    return database.exists(NAME) and _stamp("script") == script_hash


def _stamp(name):
    file = STAMPS / name
    return file.read_text() if file.is_file() else None


def _script_hash():
    content = SCRIPT.read_bytes() if SCRIPT.exists() else b""
    return hashlib.sha256(content).hexdigest()


def _port(asked):
    if asked and not _is_free(asked):
        raise console.Stop(f"Port {asked} is taken: name another with --port.")
    candidates = range(FIRST_PORT, FIRST_PORT + 100)
    return asked or next(port for port in candidates if _is_free(port))


def _is_free(port):
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _serve(odoo, port):
    address = f"http://localhost:{port}"
    threading.Thread(target=_announce, args=[address], daemon=True).start()
    options = [f"--database={NAME}", f"--db-filter=^{NAME}$", f"--http-port={port}"]
    return odoo.call(*options, "--log-level=warn")


def _announce(address):
    for _try in range(600):
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=60).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
        else:
            console.say(f"\n    {address}    login: admin    password: admin")
            console.say("    Ctrl-C ends it.\n")
            return
