"""Finds a Python that Odoo 19 runs on.

Whatever `python3` is reads this file, so it keeps to what old versions understand.
"""

import os
import shutil
import subprocess
import sys

OLDEST = (3, 10)
NEWEST = (3, 13)


def ensure_supported():
    """Carry on in a supported Python, or end with a message that says which."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return
    other = find_supported()
    if not other:
        this = _dotted(sys.version_info[:2])
        sys.exit(
            f"Odoo 19 runs on Python {_dotted(OLDEST)} to {_dotted(NEWEST)}; this is "
            f"{this}, and no other is on PATH. Install one of them "
            f"and start: python{_dotted(NEWEST)} run …"
        )
    os.execv(other, [other] + sys.argv)


def find_supported():
    """The newest supported `python3.x` on PATH that really starts, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which(f"python3.{minor}")
        if path and _starts(path):
            return path
    return None


def _dotted(version):
    return ".".join(map(str, version))


def _starts(path):
    # a version manager puts names on PATH for versions that it then refuses to start
    with open(os.devnull, "w") as nowhere:
        command = [path, "-c", "import venv"]
        return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
