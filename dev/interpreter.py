"""Finds a Python that Odoo 19 runs on.

This file is read by whatever `python3` is, so its syntax is kept to what old
versions understand.
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
        sys.exit(
            "Odoo 19 runs on Python %d.%d to %d.%d; this is %d.%d and no other was "
            "found on PATH. Install one of them, or start `run` with it: "
            "python%d.%d run ..." % (OLDEST + NEWEST + sys.version_info[:2] + NEWEST)
        )
    os.execv(other, [other] + sys.argv)


def find_supported():
    """The newest supported `python3.x` on PATH that really starts, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        path = shutil.which("python3.%d" % minor)
        if path and _starts(path):
            return path
    return None


def _starts(path):
    # a version manager puts names on PATH for versions that it then refuses to start
    with open(os.devnull, "w") as nowhere:
        command = [path, "-c", "import venv"]
        return subprocess.call(command, stdout=nowhere, stderr=nowhere) == 0
