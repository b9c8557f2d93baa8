"""`./run test`: the addons' own tests and those against a live server, by pytest."""

import argparse
import os
import subprocess

from . import addons, browser, console, database, locks, paths, pooler, server

# What the core does without the addon that only makes it fast: each capability, and the
# rows of stock Odoo.
WITHOUT_SPEED = (
    *("test_batch", "test_completion", "test_shortage", "test_parts"),
    *("test_parts_unbuild", "test_operation", "test_lots", "test_serial_parts"),
    *("test_units", "test_point_of_use", "test_backorder", "test_api"),
)
SPEED = "backflush_auto_speed"
EPILOG = """\
Any other argument is pytest's: a path, -k NAME, -x, --pdb, --odoo-log-level=info …
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
        if for_pytest:
            return run_pytest(odoo, name, *required, *for_pytest)
        return _run_side_by_side(odoo, name, *required)


def _find_slow(arguments):
    if any("/" in argument for argument in arguments):
        return []  # somebody names files
    tests = [f"backflush_auto/tests/{name}.py" for name in WITHOUT_SPEED]
    return [*tests, "bench/tests/test_identity.py"]


def run_pytest(odoo, name, *arguments):
    """Run pytest on a database; its exit code."""
    folders = [*_get_folders(), "live"]
    return odoo.python(*_get_command(name, folders, arguments), cwd=paths.ROOT)


def _run_side_by_side(odoo, name, *arguments):
    """Run the tests against a live server, which mostly wait, beside the others.

    Their output comes after that of the others.

    :return: exit code
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / "live.log"
    live = _get_command(name, ["live"], arguments)
    others = _get_command(name, _get_folders(), arguments)
    popen = {"cwd": paths.ROOT, "stdin": subprocess.DEVNULL}
    with (
        log.open("w") as output,
        odoo.beside(*live, stdout=output, stderr=output, **popen) as process,
    ):
        code = odoo.python(*others, cwd=paths.ROOT)
        live_code = process.wait()
    print(log.read_text(errors="replace"))
    return code or live_code


def _get_folders():
    return [*(f"{addon}/tests" for addon in addons.names()), "bench/tests"]


def _get_command(name, folders, arguments):
    return (
        *("-m", "pytest", "-p", "dev.pytest_report", "-rfEs"),
        *("-o", f"testpaths={' '.join(folders)}"),
        *("-o", f"cache_dir={paths.STATE / 'pytest'}"),
        *("--durations=10", "--durations-min=1"),
        *(f"--odoo-database={name}", "--odoo-http", "--odoo-log-level=error"),
        *arguments,
    )


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
