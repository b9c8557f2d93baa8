"""The virtual environment with the Python packages of Odoo and of the tests."""

import hashlib
import os
import subprocess
import sys
import sysconfig

from . import apt, paths
from .console import Stop, run_logged, step

PYTHON = paths.VENV / "bin" / "python"
REQUIREMENTS = paths.DEV / "requirements.txt"
ADDONS = paths.DEV / "addons.txt"
STAMP = paths.VENV / "complete"


def ensure():
    """Make the environment unless it is complete and up to date."""
    # scripts in the environment name its path, so a checkout that moved needs another
    content = REQUIREMENTS.read_bytes() + ADDONS.read_bytes() + bytes(paths.VENV)
    wanted = hashlib.sha256(content).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and _starts():
        return
    with step(f"Making a virtual environment, Python {sys.version.split()[0]}"):
        _create()
    with step("Installing Python packages"):
        install("-r", REQUIREMENTS)
        install("--no-deps", "-r", ADDONS)
    STAMP.write_text(wanted)


def install(*requirements):
    """Have pip install these into the environment, unless they are there."""
    options = ("--disable-pip-version-check", "--no-input", "--prefer-binary")
    command = [PYTHON, "-m", "pip", "install", *options, *requirements]
    run_logged(command, "pip.log", "Start again when the package index answers.")


def addons_folder():
    """Where the addons of others are that are installed into the environment."""
    return paths.Path(sysconfig.get_path("purelib")) / "odoo" / "addons"


def is_active():
    """Whether this process runs in the environment."""
    return paths.Path(sys.prefix).resolve() == paths.VENV.resolve()


def enter():
    """Start this command again in the environment; does not return."""
    os.execv(PYTHON, [str(PYTHON), "-B", "-m", "dev.cli", *sys.argv[1:]])


def _create():
    command = [sys.executable, "-m", "venv", "--clear", paths.VENV]
    try:
        run_logged(command, "venv.log")
    except Stop:  # Debian ships ensurepip apart from Python
        run_logged([*command, "--without-pip"], "venv.log")
        folder = paths.STATE / "pip"
        apt.fetch(["python3-pip-whl"], folder)
        wheel = next(folder.glob("usr/share/python-wheels/pip-*.whl"))
        command = [PYTHON, wheel / "pip", "install", "--no-index", wheel]
        run_logged(command, "pip-itself.log")


def _starts():
    # its Python may have been removed from the machine since
    command = [PYTHON, "-c", "import pip"]
    return PYTHON.exists() and not subprocess.call(command, stderr=subprocess.DEVNULL)
