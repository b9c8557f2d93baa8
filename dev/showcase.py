"""`./run demo`: the addon at work on real orders, then in a browser.

The database is made once and kept, with Odoo's demo data and the addon's. Each run
shows the orders of `demo.py` on it.
"""

import argparse
import socket
import threading
import time
import urllib.request

from . import addons, console, database, locks, paths, server

NAME = "demo"
ADDON = "backflush_auto"
ACCURACY = "backflush_auto_accuracy"
SCRIPTS = (paths.DEV / "demo.py", paths.DEV / "demo_accuracy.py")
STAMP = paths.STATE / "demo.stamp"
FIRST_PORT = 8069


def main(arguments):
    """Prepare the demo database unless it is up to date, show the orders, serve it."""
    options = _parser().parse_args(arguments)
    port = 0 if options.no_serve else _port(options.port)
    with server.ready() as odoo:
        with locks.exclusive("demo", "it prepares the demo database"):
            _prepare(odoo, options.fresh)
            with console.step("Producing in the demo database"):
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
    # an update leaves demo data as it is
    wanted = [addons.fingerprint("demo/*"), addons.fingerprint("**/*")]
    built = STAMP.read_text().split() if STAMP.is_file() else []
    # the stamp of a database that is about to go would vouch for a half-made one
    STAMP.unlink(missing_ok=True)
    if fresh or built[:1] != wanted[:1] or not database.exists(NAME):
        build(odoo, NAME)
    elif built != wanted:
        with console.step("Updating the addons in the demo database"):
            database.update(odoo, NAME, [ADDON])
    STAMP.write_text(" ".join(wanted))


def build(odoo, name):
    """Make a database with the demo data of Odoo and the addon."""
    template = database.template(odoo, ("mrp",), demo=True)
    with console.step("Making a database with demo data"):
        database.clone(template, name)
        database.install(odoo, name, ("mrp", ADDON, ACCURACY), "--with-demo")


def _show(odoo):
    options = ("-d", NAME, "--no-http", "--log-level=warn")
    for path in SCRIPTS:
        with path.open() as script:
            if odoo.call("shell", *options, stdin=script):
                advice = "./run demo --fresh makes the database anew."
                raise console.Stop(f"The orders did not go as expected. {advice}")


def _port(asked):
    candidates = [asked] if asked else range(FIRST_PORT, FIRST_PORT + 100)
    for port in candidates:
        try:
            socket.create_server(("127.0.0.1", port)).close()
            return port
        except OSError:
            continue
    raise console.Stop(
        f"Port {asked or FIRST_PORT} is taken: name another with --port."
    )


def _serve(odoo, port):
    address = f"http://localhost:{port}"
    threading.Thread(target=_announce, args=[address], daemon=True).start()
    options = [f"--database={NAME}", f"--db-filter=^{NAME}$", f"--http-port={port}"]
    return odoo.call(*options, "--log-level=warn")


def _announce(address):
    for _try in range(600):
        try:
            urllib.request.urlopen(f"{address}/web/login", timeout=60).close()
        except OSError:
            time.sleep(0.2)
        else:
            console.say(f"\n    {address}    login: admin    password: admin")
            console.say("    Ctrl-C ends it.\n")
            return
