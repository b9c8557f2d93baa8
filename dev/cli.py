"""The commands of `./run`."""

import errno
import importlib
import sys

from . import console, locks, odoo_tree, paths, venv

USAGE = """\
usage: ./run COMMAND [ARGUMENTS]

  demo                the addon with demo data, in a browser (./run demo --help)
  odoo ARGUMENTS      Odoo's own command line: ./run odoo shell -d demo
  test [ARGUMENTS]    the addon's tests; ARGUMENTS are pytest's (./run test --help)
  bench               the same orders by stock Odoo and by the addon, timed
                      (./run bench --help)
  upstream            Odoo's own suites with the addon (./run upstream --help)
  lifecycle           install on an old database and uninstall, timed
  lint [--fix]        style and slips, of the addons and of dev/
  screenshots         the pictures of the documents, taken anew
  translations        the terms of the addons, exported by Odoo, merged into i18n/
  neighbours          addons of others beside ours, and the tests of both
  wheels              each addon as a package, installed apart and tested there
  help                this text

Everything it fetches or makes is in .odoo/, which may be removed at any time.
ODOO_DIR names an Odoo 19 tree, and PGHOST, PGPORT, PGUSER, PGPASSWORD a PostgreSQL
server, to be used instead of those it fetches.
"""

# the modules of the commands
COMMANDS = {"demo": "showcase", "odoo": "server", "test": "testing"} | {
    name: name
    for name in (
        "bench lifecycle lint neighbours screenshots translations upstream wheels"
    ).split()
}


def main(arguments):
    """Run one command; its exit code."""
    command, *rest = arguments or ["help"]
    if command not in COMMANDS:
        asked = command in ("help", "-h", "--help")
        print(USAGE, end="", file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        _prepare(command)
        return importlib.import_module(f"dev.{COMMANDS[command]}").main(rest)
    except (console.Stop, OSError) as problem:
        if isinstance(problem, OSError) and problem.errno != errno.ENOSPC:
            raise
        console.say(f"run: {problem}")
        return 1
    except KeyboardInterrupt:
        return 130


def _prepare(command):
    if venv.is_active():
        return
    paths.STATE.mkdir(exist_ok=True)
    with locks.exclusive("setup", "it fetches Odoo and Python packages"):
        if command != "lint":
            odoo_tree.ensure()
        venv.ensure()
    venv.enter()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
