"""`./run lint`: the hooks of .pre-commit-config.yaml, on what git does not ignore."""

import argparse
import os
import shutil
import subprocess
import sys

from . import console, paths


def main(arguments):
    """Run every hook, also after one has failed; 0 if all of them pass."""
    parser = argparse.ArgumentParser(prog="./run lint")
    parser.add_argument("--fix", action="store_true", help="correct what can be")
    options = parser.parse_args(arguments)
    environment = {**os.environ, "PRE_COMMIT_HOME": str(paths.STATE / "pre-commit")}
    if not shutil.which("npm"):
        console.say("There is no npm: the format of XML and JavaScript is not checked.")
        environment["SKIP"] = "prettier,prettier-fix"
    command = [sys.executable, "-m", "pre_commit", "run", "--files", *_list_files()]
    if options.fix:
        manual = [*command, "--hook-stage=manual"]
        subprocess.call(manual, cwd=paths.ROOT, env=environment)
    return subprocess.call(command, cwd=paths.ROOT, env=environment)


def _list_files():
    """The files that git knows, or would if they were added."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listing = subprocess.check_output(command, cwd=paths.ROOT, text=True)
    return [name for name in listing.split("\0") if (paths.ROOT / name).is_file()]
