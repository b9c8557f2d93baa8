"""`./run test`: the addons' own tests and those against a live server, by pytest."""

import argparse
import os

from . import addons, browser, console, database, locks, paths, pooler, postgres, server

# What the core does without the addon that only makes it fast: the ways to post, and
# the rows of stock Odoo.
WITHOUT_SPEED = (
    *("test_batch", "test_completion", "test_shortage", "test_parts"),
    *("test_operation", "test_lots", "test_serial_parts", "test_point_of_use"),
    "test_backorder",
)
SPEED = "backflush_auto_speed"
# each has a database and, at times, a server with its workers
MOST_PROCESSES = 4
EPILOG = """\
Any other argument is pytest's: a path, -k NAME, -x, --pdb, --odoo-log-level=info …
Without one, as many processes as there are processors share the tests.
"""


def main(arguments):
    """Install the addons into a fresh database and run their tests there."""
    options, for_pytest = _parser().parse_known_args(arguments)
    browser.ensure()
    pooler.ensure()
    with server.ready() as odoo, locks.first_free("test") as number:
        name = f"backflush_test_{number}"
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = str(paths.STATE / "hypothesis")
        if options.without_speed:
            name = f"{name}_plain"
            _prepare_without_speed(odoo, name, options.reuse)
            return run_pytest(odoo, name, *for_pytest, *_find_slow(for_pytest))
        _prepare_database(odoo, name, options.reuse, addons.names())
        # what a server commits stays, so the other tests shall not see it
        os.environ["LIVE_DATABASE"] = f"{name}_live"
        database.clone(name, f"{name}_live")
        required = ["--require-tours"] if options.require_tours else []
        return run_pytest(odoo, name, *required, *(for_pytest or _spread()))


def _find_slow(arguments):
    if any("/" in argument for argument in arguments):
        return []  # somebody names files
    tests = [f"backflush_auto/tests/{name}.py" for name in WITHOUT_SPEED]
    return [*tests, "bench/tests/test_identity.py"]


def run_pytest(odoo, name, *arguments):
    """Run pytest on a database; its exit code."""
    folders = ["live", "bench/tests", *(f"{addon}/tests" for addon in addons.names())]
    command = (
        *("-m", "pytest", "-p", "dev.pytest_report", "-rfEs"),
        *("-o", f"testpaths={' '.join(folders)}"),
        *("-o", f"cache_dir={paths.STATE / 'pytest'}"),
        *("--durations=10", "--durations-min=1"),
        *(f"--odoo-database={name}", "--odoo-http", "--odoo-log-level=error"),
    )
    # each process of pytest-xdist makes a database of its own by them
    os.environ["PATH"] = f"{postgres.programs()}{os.pathsep}{os.environ['PATH']}"
    return odoo.python(*command, *arguments, cwd=paths.ROOT)


def _spread():
    """Have as many processes as there are processors, each taking class after class.

    The live tests come first, in their order: they mostly wait, and one process of
    them and the others of Odoo would not bear each other.
    """
    processes = min(len(os.sched_getaffinity(0)), MOST_PROCESSES)
    distribution = ("--dist=loadscope", "--no-loadscope-reorder")
    # another in place of one that broke off would find a database half changed
    return f"-n{processes}", *distribution, "--max-worker-restart=0"


def _parser():
    parser = argparse.ArgumentParser(
        prog="./run test", epilog=EPILOG, allow_abbrev=False
    )
    parser.add_argument(
        "--reuse",
        action="store_true",
        help="update the addons in the database of the last run instead of a fresh one",
    )
    parser.add_argument(
        "--without-speed",
        action="store_true",
        help=f"a selection, or what is named, with {SPEED} uninstalled",
    )
    parser.add_argument(
        "--require-tours",
        action="store_true",
        default=os.environ.get("CI") == "true",
        help="fail if a test that needs a browser did not run (default where CI=true)",
    )
    return parser


def _prepare_without_speed(odoo, name, reuse):
    modules = [addon for addon in addons.names() if addon != SPEED]
    _prepare_database(odoo, name, reuse, modules)
    if SPEED in database.installed(name):
        with console.step(f"Uninstalling {SPEED}"):
            database.uninstall(odoo, name, SPEED)


def _prepare_database(odoo, name, reuse, modules):
    if reuse and database.exists(name) and set(modules) <= database.installed(name):
        with console.step(f"Updating {', '.join(modules)}"):
            database.update(odoo, name, modules)
        return
    template = database.template(odoo)
    with console.step(f"Installing {', '.join(modules)}"):
        database.clone(template, name)
        database.install(odoo, name, modules)
