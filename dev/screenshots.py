"""`./run screenshots`: the pictures of the documents, from a browser at work."""

import argparse
import os
import shutil

from . import browser, console, database, paths, server, showcase, testing, venv

PLAYWRIGHT = "playwright==1.65.2"
NAMES = ("case", "accuracy", "terminal")
CASES = [str(paths.DEV / f"screenshots_{name}.py") for name in NAMES]
FACTORY_CASE = paths.DEV / "screenshots_factory.py"
FACTORY = "backflush_pictures"
PICTURES = paths.ROOT / "docs" / "images"
# those that the list of apps shows, too
DESCRIPTION = paths.ROOT / "backflush_auto" / "static" / "description"
DESCRIBED = (
    *("order_done", "shortage", "report", "line_board", "correct", "bom_check"),
    "accuracy_proposal",
)


def main(arguments):
    """Take the pictures anew: in a database of the tests, and in one of the demo."""
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    only = "only those of docs/configuration.md"
    parser.add_argument("--factory", action="store_true", help=only)
    options = parser.parse_args(arguments)
    if not browser.ensure():
        raise console.Stop("There is no browser: install Chromium.")
    with console.step("Installing Playwright"):
        venv.install(PLAYWRIGHT)
    # one of them stands in Odoo's style sheets, and few machines have it
    os.environ["XDG_DATA_HOME"] = str(paths.STATE / "debian/usr/share")
    with server.ready() as odoo:
        code = 0 if options.factory else testing.main(["--reuse", *CASES])
        code = code or _take_factory(odoo)
    if not code:
        for name in DESCRIBED:
            shutil.copy(PICTURES / f"{name}.png", DESCRIPTION)
    return code


def _take_factory(odoo):
    showcase.build(odoo, FACTORY)
    code = testing.run_pytest(odoo, FACTORY, FACTORY_CASE)
    database.drop(FACTORY)
    return code
