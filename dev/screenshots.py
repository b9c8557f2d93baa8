"""`./run screenshots`: the pictures of the documents, from a browser at work."""

import argparse
import os
import shutil

from . import browser, console, odoo_tree, paths, testing

CASE = paths.DEV / "screenshots_case.py"
PICTURES = paths.ROOT / "docs" / "images"
# those that the list of apps shows, too
DESCRIPTION = paths.ROOT / "backflush_auto" / "static" / "description"
DESCRIBED = ("order_done.png", "shortage.png")


def main(arguments):
    """Take every picture anew, in a database of the tests."""
    parser = argparse.ArgumentParser(prog="./run screenshots", description=__doc__)
    parser.parse_args(arguments)
    if not browser.ensure():
        raise console.Stop("There is no browser: install Chromium.")
    _use_fonts_of_odoo()
    PICTURES.mkdir(parents=True, exist_ok=True)
    code = testing.main(["--reuse", str(CASE)])
    if not code:
        for name in DESCRIBED:
            shutil.copy(PICTURES / name, DESCRIPTION / name)
    return code


def _use_fonts_of_odoo():
    # one of them stands in Odoo's style sheets, and few machines have it
    fonts = odoo_tree.FETCHED / "usr" / "share"
    if fonts.is_dir():
        os.environ["XDG_DATA_HOME"] = str(fonts)
