"""Odoo's command line, in the environment of this checkout."""

import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

from . import console, odoo_tree, paths, postgres, venv

CONFIGURATION = paths.STATE / "odoo.conf"
# Odoo does without the demo data of a module where it cannot load them
ERROR = re.compile(" ERROR | demo data failed to install")


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
            while True:
                try:
                    code = process.wait()
                except KeyboardInterrupt:
                    continue  # the child has got it too, and may need time to end
                except SystemExit:
                    process.terminate()
                    raise
                return code if code >= 0 else 128 - code

    def logged(self, log_name, *arguments, **popen):
        """Start Odoo with its output in a log file, shown if it fails.

        :raises console.Stop: when Odoo fails, or logs an error on its way
        """
        command = [sys.executable, "-m", "odoo", *arguments]
        popen["pass_fds"] = self.kept_open
        log = console.run_logged(command, log_name, **popen)
        errors = [line for line in log.splitlines() if ERROR.search(line)]
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
    folders = (tree / "addons", venv.addons_folder(), paths.ROOT)
    path = [folder for folder in folders if folder.is_dir()]
    text = (
        "[options]\n"
        f"addons_path = {','.join(map(str, path))}\n"
        f"data_dir = {paths.DATA}\n"
        f"screenshots = {paths.SCREENSHOTS}\n"
        "http_interface = 127.0.0.1\n"
    )
    # another run may be reading it
    partial = CONFIGURATION.with_suffix(f".{os.getpid()}")
    partial.write_text(text)
    partial.replace(CONFIGURATION)


def _keep_bytecode_apart():
    # Odoo starts in a third of the time with it, and the checkout stays clean
    os.environ["PYTHONPYCACHEPREFIX"] = str(paths.STATE / "pycache")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _turn_signals_into_exceptions():
    signals = (signal.SIGTERM, signal.SIGHUP)

    def leave(number, _frame):
        for other in signals:  # the run is already about to end
            signal.signal(other, signal.SIG_IGN)
        raise SystemExit(128 + number)

    # so that the last run stops the database server however it ends
    for number in signals:
        signal.signal(number, leave)
