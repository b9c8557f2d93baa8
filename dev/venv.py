"""The virtual environment with the Python packages of Odoo and of the tests."""

import hashlib
import os
import subprocess
import sys
import sysconfig

from . import apt, paths
from .console import Stop, run_logged, step

REQUIREMENTS = paths.DEV / "requirements.txt"
STAMP = paths.VENV / "complete"


def ensure():
    """Make the environment unless it is complete and up to date."""
    # scripts in the environment name its path, so a checkout that moved needs another
    content = REQUIREMENTS.read_bytes() + bytes(paths.VENV)
    wanted = hashlib.sha256(content).hexdigest()
    if STAMP.is_file() and STAMP.read_text() == wanted and _starts():
        return
    with step(f"Making a virtual environment, Python {sys.version.split()[0]}"):
        create(paths.VENV)
        claim_odoo(paths.VENV)
    with step("Installing Python packages"):
        install("-r", REQUIREMENTS)
    STAMP.write_text(wanted)


def python(environment=paths.VENV):
    """The interpreter of an environment."""
    return environment / "bin" / "python"


def install(*requirements, environment=paths.VENV):
    """Have pip install these into an environment, unless they are there."""
    options = ("--disable-pip-version-check", "--no-input", "--prefer-binary")
    command = [python(environment), "-m", "pip", "install", *options, *requirements]
    run_logged(command, "pip.log", "Start again when the package index answers.")


def addons_folder(environment=paths.VENV):
    """Where the addons are that are installed into an environment."""
    return _packages(environment) / "odoo" / "addons"


def claim_odoo(environment):
    """Tell pip that Odoo is there: addons ask for a package of it, which none is."""
    folder = _packages(environment) / "odoo-19.0.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n"
    )


def _packages(environment):
    scheme = ("purelib", "posix_prefix", {"base": str(environment)})
    return paths.Path(sysconfig.get_path(*scheme))


def is_active():
    """Whether this process runs in the environment."""
    return paths.Path(sys.prefix).resolve() == paths.VENV.resolve()


def enter():
    """Start this command again in the environment; does not return."""
    own = str(python())
    os.execv(own, [own, "-B", "-m", "dev.cli", *sys.argv[1:]])


def create(environment):
    """Make an empty environment, in place of what was there."""
    command = [sys.executable, "-m", "venv", "--clear", environment]
    try:
        run_logged(command, "venv.log")
    except Stop:  # Debian ships ensurepip apart from Python
        run_logged([*command, "--without-pip"], "venv.log")
        folder = paths.STATE / "pip"
        apt.fetch(["python3-pip-whl"], folder)
        wheel = next(folder.glob("usr/share/python-wheels/pip-*.whl"))
        pip = [wheel / "pip", "install", "--no-index", wheel]
        command = [python(environment), *pip]
        run_logged(command, "pip-itself.log")


def _starts():
    # its Python may have been removed from the machine since
    command = [python(), "-c", "import pip"]
    return python().exists() and not subprocess.call(command, stderr=subprocess.DEVNULL)
