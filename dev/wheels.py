"""`./run wheels`: each addon as a package for pip, installed apart and tested there."""

import argparse
import re
import shutil
import sys

from . import addons, console, database, locks, paths, server, venv

BUILDER = "whool==1.3.1"
WHEELS = paths.STATE / "wheels"
APART = paths.STATE / "wheels-venv"
NAME = "backflush_wheels"
# some of what each addon is for, by Odoo's own runner
TESTS = {
    "backflush_auto": ("TestCompletion", "TestPost"),
    "backflush_auto_account": ("TestScrapCost",),
    "backflush_auto_accuracy": ("TestVariance",),
    "backflush_auto_bom_check": ("TestCalls",),
    "backflush_auto_queue": ("TestSubmit",),
    "backflush_auto_recall": ("TestRecall",),
    "backflush_auto_speed": ("TestPendingQuants",),
    "backflush_auto_terminal": ("TestCards", "TestScans"),
}
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")


def main(arguments):
    """Build the wheels into `.odoo/wheels`; see them work where nothing else is."""
    parser = argparse.ArgumentParser(prog="./run wheels", description=__doc__)
    parser.add_argument("--build-only", action="store_true", help="do not install them")
    options = parser.parse_args(arguments)
    with console.step("Building the wheels"):
        venv.install(BUILDER)
        wheels = _build()
    for wheel in wheels:
        print(wheel.relative_to(paths.ROOT))
    if not options.build_only:
        with console.step("Installing them into an environment of their own"):
            _install(wheels)
        with server.ready() as odoo, locks.exclusive(NAME, "it tests the wheels"):
            _test(odoo)
    return 0


def _build():
    shutil.rmtree(WHEELS, ignore_errors=True)
    options = ("--no-deps", "--no-build-isolation", "-q", "-w", WHEELS)
    for name in addons.names():
        command = [sys.executable, "-m", "pip", "wheel", *options, paths.ROOT / name]
        console.run_logged(command, f"wheel-{name}.log")
    wheels = sorted(WHEELS.glob("*.whl"))
    if len(wheels) != len(addons.names()):
        raise console.Stop(f"Of {len(addons.names())} wheels {len(wheels)} were built.")
    return wheels


def _install(wheels):
    venv.create(APART)
    venv.claim_odoo(APART)
    venv.install("-r", venv.REQUIREMENTS, *wheels, environment=APART)


def _test(odoo):
    apart = odoo.apart(APART, venv.addons_folder(APART))
    # mrp_account and queue_job bring those that install themselves beside them
    modules = ("mrp_account", "queue_job", *addons.names())
    with console.step("Testing them there"):
        database.clone(database.template(odoo), NAME)
        tests = [f"/{name}:{it}" for name in addons.names() for it in TESTS[name]]
        arguments = ("-d", NAME, "-i", ",".join(modules))
        arguments += ("--test-tags", ",".join(tests))
        # some tests have the database refuse what they write
        quiet = "--log-handler=odoo.sql_db:CRITICAL"
        options = ("--stop-after-init", "--no-http", quiet)
        log = apart.logged("wheels.log", *arguments, *options, cwd=APART)
        found = RESULT.search(log)
        if not found or found.group(1, 2) != ("0", "0") or not int(found.group(3)):
            raise console.Stop(f"The tests did not run: {found and found.group()}")
        database.drop(NAME)
    print(found.group())
