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
    if not _found() and os.geteuid() == 0 and shutil.which("apt-get"):
        _install()
    return _found()


def _found():
    return any(shutil.which(name) for name in NAMES)


def _install():
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "-q", "-y", "install", "--no-install-recommends", "chromium"]
    try:
        with console.step("Installing Chromium for the tours"):
            console.run_logged(["apt-get", "-q", "update"], "chromium-update.log")
            console.run_logged(install, "chromium.log", env=environment)
    except console.Stop as stop:
        console.say(f"Chromium could not be installed: {stop}")
