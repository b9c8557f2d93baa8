"""`./run lifecycle`: installed on an old database, and uninstalled again."""

import argparse
import os
import time

from . import console, database, locks, paths, server

NAME = "backflush_lifecycle"
# with mrp_account, the addon's glue to it comes and goes with it
MODULES = ("mrp", "mrp_account")
ADDON = "backflush_auto"
CHECK = "backflush_auto_bom_check"
SPEED = "backflush_auto_speed"
ACCURACY = "backflush_auto_accuracy"
QUEUE = "backflush_auto_queue"


def main(arguments):
    """Measure the installation on a filled database; uninstall; see Odoo work."""
    options = _parser().parse_args(arguments)
    os.environ["LIFECYCLE_MOVES"] = str(options.moves)
    with server.ready() as odoo, locks.exclusive(NAME, "it fills the same database"):
        template = database.template(odoo, MODULES)
        with console.step(f"Making a database with {options.moves} components"):
            database.clone(template, NAME)
            _script(odoo, "fill")
        empty = _timed_installation(odoo, template)
        filled = _timed_installation(odoo, NAME, keep=True)
        console.say(f"installation: {empty:.1f} s on an empty database")
        console.say(f"installation: {filled:.1f} s with {options.moves} components")
        with console.step("Producing with the addon"):
            _script(odoo, "use")
            _script(odoo, "bom_check")
        with console.step("Upgrading from before there were addons beside it"):
            _script(odoo, "upgrade")
            database.update(odoo, NAME, [ADDON])
            _script(odoo, "upgrade")
        with console.step("Uninstalling what makes it fast, alone"):
            database.uninstall(odoo, NAME, SPEED)
            _script(odoo, "no_speed")
        with console.step("Uninstalling the BoM check alone"):
            database.uninstall(odoo, NAME, CHECK)
            _script(odoo, "no_check")
        with console.step("Installing the BoM check again"):
            database.install(odoo, NAME, [CHECK])
            _script(odoo, "bom_check")
        # the queue installs itself beside the addon that it needs
        _come_and_go(odoo, ACCURACY, ACCURACY)
        _come_and_go(odoo, QUEUE, "queue_job")
        with console.step("Uninstalling"):
            database.uninstall(odoo, NAME, ADDON)
        with console.step("Producing without the addon"):
            _script(odoo, "check")
        database.drop(NAME)
    return 0


def _come_and_go(odoo, addon, installed):
    """Install an addon, uninstall it alone, and have it again."""
    name = addon.removeprefix(f"{ADDON}_")
    for again in ("", " again"):
        with console.step(f"Installing {addon}{again}"):
            database.install(odoo, NAME, [addon if again else installed])
            _script(odoo, name)
        if not again:
            with console.step("Uninstalling it alone"):
                database.uninstall(odoo, NAME, addon)
                _script(odoo, f"no_{name}")


def _parser():
    parser = argparse.ArgumentParser(prog="./run lifecycle")
    parser.add_argument(
        "--moves", type=int, default=100_000, help="components in the old database"
    )
    return parser


def _timed_installation(odoo, name, keep=False):
    if not keep:
        source, name = name, f"{NAME}_empty"
        database.clone(source, name)
    start = time.monotonic()
    with console.step(f"Installing {ADDON} into {name}"):
        database.install(odoo, name, [ADDON])
    if not keep:
        database.drop(name)
    return time.monotonic() - start


def _script(odoo, name):
    with (paths.DEV / f"lifecycle_{name}.py").open() as script:
        odoo.logged(
            f"lifecycle-{name}.log", "shell", "-d", NAME, "--no-http", stdin=script
        )
