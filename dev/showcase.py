"""`./run demo`: the addon at work on real orders, then in a browser.

The database is made once and kept, with Odoo's demo data and the addon's. Each run
shows the orders of `demo.py` and the factory of `demo_factory.py` on it.
"""

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
SCRIPTS = (paths.DEV / "demo.py", paths.DEV / "demo_factory.py")
STAMPS = paths.STATE / "demo"
FIRST_PORT = 8069


def main(arguments):
    """Prepare the demo database unless it is up to date, show the orders, serve it."""
    options = _parser().parse_args(arguments)
    if "backflush_auto" not in addons.names():
        raise console.Stop("This checkout has no addon yet: nothing to show.")
    port = 0 if options.no_serve else _port(options.port)
    with server.ready() as odoo:
        with locks.exclusive("demo", "it prepares the demo database"):
            _prepare(odoo, options.fresh)
            _show(odoo)
        return _serve(odoo, port) if port else 0


def _parser():
    parser = argparse.ArgumentParser(prog="./run demo")
    add = parser.add_argument
    add("--fresh", action="store_true", help="make the database anew")
    add("--no-serve", action="store_true", help="end after the table")
    add("--port", type=int, help=f"default: the first free one from {FIRST_PORT}")
    return parser


def _prepare(odoo, fresh):
    wanted = {"addon": addons.fingerprint(), "data": _data_hash()}
    if fresh or not _is_built(wanted["data"]):
        _build(odoo)
    elif _stamp("addon") != wanted["addon"]:
        with console.step("Updating backflush_auto in the demo database"):
            database.update(odoo, NAME, ["backflush_auto"])
    STAMPS.mkdir(exist_ok=True)
    for name, value in wanted.items():
        (STAMPS / name).write_text(value)


def _build(odoo):
    # a stamp of the database that is about to go would vouch for a half-made one
    (STAMPS / "data").unlink(missing_ok=True)
    build(odoo, NAME)


def build(odoo, name):
    """Make a database with the demo data of Odoo and the addon."""
    template = database.template(odoo, ("mrp",), demo=True)
    with console.step("Making a database with demo data"):
        database.clone(template, name)
        database.install(odoo, name, MODULES, "--with-demo")


def _show(odoo):
    options = ("-d", NAME, "--no-http", "--log-level=warn")
    with console.step("Producing in the demo database"):
        for path in SCRIPTS:
            with path.open() as script:
                code = odoo.call("shell", *options, stdin=script)
            if code:
                advice = "./run demo --fresh makes the database anew."
                raise console.Stop(f"The orders did not go as expected. {advice}")


def _is_built(data_hash):
    return database.exists(NAME) and _stamp("data") == data_hash


def _stamp(name):
    file = STAMPS / name
    return file.read_text() if file.is_file() else None


def _data_hash():
    # an update leaves demo data as it is
    digest = hashlib.sha256()
    for file in sorted(paths.ROOT.glob("*/demo/*")):
        digest.update(file.read_bytes())
    return digest.hexdigest()


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
