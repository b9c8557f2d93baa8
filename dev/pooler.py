"""pgbouncer, for the test of a pooler before the database: Debian's, not installed."""

import os
import shutil

from . import apt, console, locks, paths

FOLDER = paths.STATE / "pgbouncer"
WRAPPER = """\
#!/bin/sh
folder=$(dirname -- "$0")
LD_LIBRARY_PATH=$(echo "$folder"/usr/lib/*-linux-gnu*)
export LD_LIBRARY_PATH
exec "$folder/usr/sbin/pgbouncer" "$@"
"""


def ensure():
    """Put pgbouncer on PATH; without it, its test is skipped."""
    if shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin"):
        return
    try:
        with locks.exclusive("setup", "it fetches programs, too"):
            apt.fetch(["pgbouncer"], FOLDER, suite="", finish=_write_wrapper)
    except console.Stop as stop:
        console.say(f"There is no pgbouncer: {stop}")
    os.environ["PATH"] += f"{os.pathsep}{FOLDER}"


def _write_wrapper(folder):
    program = folder / "pgbouncer"
    program.write_text(WRAPPER)
    program.chmod(0o755)
