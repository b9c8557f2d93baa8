"""Locks between runs. The kernel drops them with the process, so none goes stale."""

import fcntl
from contextlib import contextmanager
from itertools import count

from . import console, paths


@contextmanager
def exclusive(name, waiting_for=""):
    """Hold the lock `name` alone; say what is waited for if another run has it."""
    with _open(name) as handle:
        if not try_exclusive(handle):
            if waiting_for:
                console.say(f"... waiting for another run: {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextmanager
def shared(name):
    """Hold the lock `name` together with other runs; yields its open file."""
    with _open(name) as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield handle


@contextmanager
def first_free(name):
    """Hold the first of the locks name_1, name_2, … that is free; yields its number."""
    for number in count(1):
        with _open(f"{name}_{number}") as handle:
            if try_exclusive(handle):
                yield number
                return


def try_exclusive(handle):
    """Take a lock alone, also one that is held with others; False if it is not free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(name):
    paths.LOCKS.mkdir(parents=True, exist_ok=True)
    return (paths.LOCKS / name).open("a")
