"""Odoo's command line, in the environment of this checkout."""

import os
import signal
import subprocess
import sys
from contextlib import contextmanager

from . import addons, console, odoo_tree, paths, postgres

CONFIGURATION = paths.STATE / "odoo.conf"


class Server:
    """Starts Odoo as a child of this run."""

    def __init__(self, tree, kept_open):
        self.tree = tree
        self.kept_open = kept_open

    def call(self, *arguments, **popen):
        """Start Odoo with these arguments; its exit code."""
        return self.python("-m", "odoo", *arguments, **popen)

    def python(self, *arguments, **popen):
        """Start Python with Odoo importable; its exit code."""
        command = [sys.executable, *map(str, arguments)]
        with subprocess.Popen(command, pass_fds=self.kept_open, **popen) as process:
            return _wait(process)

    def logged(self, log_name, *arguments, **popen):
        """Start Odoo with its output in a log file, shown if it fails.

        :raises console.Stop: when Odoo fails, or logs an error on its way
        """
        command = [sys.executable, "-m", "odoo", *arguments]
        options = {"pass_fds": self.kept_open, **popen}
        log = console.run_logged(command, log_name, **options)
        errors = [line for line in log.splitlines() if " ERROR " in line]
        if errors:
            raise console.Stop("\n".join(["Odoo logged errors:", *errors]))


@contextmanager
def ready():
    """Have Odoo, its configuration and its database server; yields a `Server`."""
    tree = odoo_tree.ensure()
    _write_configuration(tree)
    os.environ.update(ODOO_RC=str(CONFIGURATION), PYTHONPATH=str(tree))
    _keep_bytecode_apart()
    _turn_signals_into_exceptions()
    with postgres.running() as kept_open:
        yield Server(tree, kept_open)


def main(arguments):
    """`./run odoo`: everything is Odoo's, input, output and exit code."""
    with ready() as server:
        return server.call(*arguments)


def _write_configuration(tree):
    path = [folder for folder in [tree / "addons"] if folder.is_dir()]
    if addons.names():
        path.append(paths.ROOT)
    options = {
        "addons_path": ",".join(map(str, path)),
        "data_dir": paths.DATA,
        "screenshots": paths.SCREENSHOTS,
        "http_interface": "127.0.0.1",
    }
    lines = [f"{name} = {value}\n" for name, value in options.items() if value]
    partial = CONFIGURATION.with_suffix(f".{os.getpid()}")
    partial.write_text("[options]\n" + "".join(lines))
    partial.replace(CONFIGURATION)


def _keep_bytecode_apart():
    # Odoo starts in a third of the time with it, and the checkout stays clean
    os.environ["PYTHONPYCACHEPREFIX"] = str(paths.STATE / "pycache")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _turn_signals_into_exceptions():
    def leave(number, _frame):
        raise SystemExit(128 + number)

    # so that the last run stops the database server however it ends
    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGHUP, leave)


def _wait(process):
    try:
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # the child has got it too, and may need time to end
            return code if code >= 0 else 128 - code
    except SystemExit:
        process.terminate()
        process.wait()
        raise
