"""The browser for tours. Odoo finds it on PATH, and skips its tests without one."""

import os
import shutil

from . import console

# the names Odoo looks for
NAMES = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


def ensure():
    """Install Debian's Chromium where there is no browser and we may.

    :return: whether there is a browser
    """
    if not find() and os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        install = ("install", "-y", "--no-install-recommends", "chromium")
        try:
            with console.step("Installing Chromium for the tours"):
                for command in (["update"], install):
                    command = ["apt-get", "-q", *command]
                    console.run_logged(command, "chromium.log", env=environment)
        except console.Stop as stop:
            console.say(f"Chromium could not be installed: {stop}")
    return bool(find())


def find():
    """The path of the browser, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
