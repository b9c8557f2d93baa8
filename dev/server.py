"""Odoo's command line, in the environment of this checkout."""

import os
import re
import signal
import subprocess
from contextlib import contextmanager

from . import console, odoo_tree, paths, postgres, venv

# Odoo does without the demo data of a module where it cannot load them
ERROR = re.compile(" ERROR | demo data failed to install")


class Server:
    """Starts Odoo as a child of this run."""

    def __init__(self, tree, kept_open, environment, *folders):
        self.tree = tree
        self.kept_open = kept_open
        self.interpreter = str(venv.python(environment))
        self.configuration = environment.with_suffix(".conf")
        _write_configuration(self.configuration, tree / "addons", *folders)

    def apart(self, environment, *folders):
        """The same Odoo by the packages of another environment.

        :param folders: with addons beside Odoo's own
        """
        return Server(self.tree, self.kept_open, environment, *folders)

    def call(self, *arguments, **popen):
        """Start Odoo with these arguments; its exit code."""
        return self.python("-m", "odoo", *arguments, **popen)

    def python(self, *arguments, **popen):
        """Start Python with Odoo importable; its exit code."""
        command = [self.interpreter, *map(str, arguments)]
        popen.update(self._get_options())
        with subprocess.Popen(command, **popen) as process:
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

        :return: its output
        :raises console.Stop: when Odoo fails, or logs an error on its way
        """
        command = [self.interpreter, "-m", "odoo", *arguments]
        popen.update(self._get_options())
        log = console.run_logged(command, log_name, **popen)
        errors = [line for line in log.splitlines() if ERROR.search(line)]
        if errors:
            raise console.Stop("\n".join(["Odoo logged errors:", *errors]))
        return log

    def _get_options(self):
        environ = {**os.environ, "ODOO_RC": str(self.configuration)}
        return {"pass_fds": self.kept_open, "env": environ}


@contextmanager
def ready():
    """Have Odoo, its configuration and its database server; yields a `Server`."""
    tree = odoo_tree.ensure()
    os.environ["PYTHONPATH"] = str(tree)
    _keep_bytecode_apart()
    _turn_signals_into_exceptions()
    with postgres.running() as kept_open:
        yield Server(tree, kept_open, paths.VENV, venv.addons_folder(), paths.ROOT)


def main(arguments):
    """`./run odoo`: everything is Odoo's, input, output and exit code."""
    with ready() as server:
        return server.call(*arguments)


def _write_configuration(file, *folders):
    path = [folder for folder in folders if folder.is_dir()]
    text = (
        "[options]\n"
        f"addons_path = {','.join(map(str, path))}\n"
        f"data_dir = {paths.DATA}\n"
        f"screenshots = {paths.SCREENSHOTS}\n"
        "http_interface = 127.0.0.1\n"
    )
    # another run may be reading it
    partial = file.with_suffix(f".{os.getpid()}")
    partial.write_text(text)
    partial.replace(file)


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
