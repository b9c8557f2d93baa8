"""The virtual environment with the Python packages of Odoo and of the tests."""

import hashlib
import os
import shutil
import subprocess
import sys

from . import apt, paths
from .console import Stop, run_logged, step

PYTHON = paths.VENV / "bin" / "python"
REQUIREMENTS = paths.DEV / "requirements.txt"
STAMP = paths.VENV / "complete"


def ensure():
    """Make the environment unless it is complete and up to date."""
    wanted = _fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted and _starts():
        return
    _create()
    with step("Installing Python packages"):
        command = [*_pip(), "install", "--prefer-binary", "-r", REQUIREMENTS]
        advice = "Start again when the package index answers."
        run_logged(command, "pip.log", advice, env=_environment())
    STAMP.write_text(wanted)


def is_active():
    """Whether this process runs in the environment."""
    return paths.Path(sys.prefix).resolve() == paths.VENV.resolve()


def enter():
    """Start this command again in the environment; does not return."""
    os.execv(PYTHON, [str(PYTHON), str(paths.ROOT / "run"), *sys.argv[1:]])


def _fingerprint():
    # scripts in the environment name its path, so a checkout that moved needs another
    content = REQUIREMENTS.read_bytes() + bytes(paths.VENV)
    return hashlib.sha256(content).hexdigest()


def _create():
    with step(f"Making a virtual environment, Python {sys.version.split()[0]}"):
        shutil.rmtree(paths.VENV, ignore_errors=True)
        try:
            import ensurepip  # noqa: F401  Debian ships it apart from Python

            run_logged([sys.executable, "-m", "venv", paths.VENV], "venv.log")
        except (ImportError, Stop):
            _create_without_ensurepip()


def _create_without_ensurepip():
    shutil.rmtree(paths.VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", "--without-pip", paths.VENV]
    run_logged(command, "venv.log")
    unpacked = paths.STATE / "apt" / "pip"
    apt.unpack(apt.download(["python3-pip-whl"]), unpacked)
    wheel = next(unpacked.glob("usr/share/python-wheels/pip-*.whl"))
    command = [PYTHON, wheel / "pip", "install", "--no-index", wheel]
    run_logged(command, "pip-itself.log", env=_environment())


def _starts():
    # its Python may have been removed from the machine since
    nowhere = subprocess.DEVNULL
    command = [PYTHON, "-c", "import pip"]
    return PYTHON.exists() and not subprocess.call(
        command, stdout=nowhere, stderr=nowhere
    )


def _pip():
    return [PYTHON, "-m", "pip", "--disable-pip-version-check", "--no-input"]


def _environment():
    # a PYTHONPATH meant for another Python would shadow what is installed here
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
