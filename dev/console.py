"""What the person sees: steps, messages, and the output of commands that failed."""

import shutil
import subprocess
import sys
import time
from contextlib import contextmanager

from . import paths


class Stop(Exception):
    """Something the person has to know about; its text is printed, nothing else."""


def say(text):
    """Print one line beside the output of the command itself."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def step(title):
    """Announce a step that may take long, and say afterwards how long it took."""
    say(f"==> {title}")
    started = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - started:.1f} s")


def run_logged(command, log_name, hint="", **popen):
    """Run a command with its output in a log file, shown only where it fails.

    :param command: the command and its arguments
    :param log_name: file name in the log folder
    :param hint: what to do about a failure; or a function of the output that says it
    :return: the output
    :raises Stop: when the command cannot be started or ends with an error
    """
    paths.LOGS.mkdir(parents=True, exist_ok=True)
    log = paths.LOGS / log_name
    command = [str(part) for part in command]
    options = {"stdin": subprocess.DEVNULL, "stderr": subprocess.STDOUT, **popen}
    with log.open("w") as output:
        try:
            code = subprocess.call(command, stdout=output, **options)
        except FileNotFoundError as error:
            raise Stop(f"{command[0]} is not on this machine. {hint}") from error
    text = log.read_text(errors="replace")
    if code:
        tail = "\n".join("    " + line for line in text.splitlines()[-25:])
        advice = disk_is_full() or (hint(text) if callable(hint) else hint)
        place = log.relative_to(paths.ROOT)
        failure = f"{command[0]} ended with code {code}:\n{tail}\n"
        raise Stop(f"{failure}(all of it in {place})\n{advice}")
    return text


def disk_is_full():
    """A message if it is; a full disk may keep its own message out of a log."""
    free = shutil.disk_usage(paths.ROOT).free
    if free > 100e6:
        return ""
    return f"The disk is full: {free / 1e6:.0f} MB are left, 3 GB are needed in all."
