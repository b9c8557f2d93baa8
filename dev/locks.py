"""Locks between runs. The kernel drops them with the process, so none goes stale."""

import fcntl
from contextlib import contextmanager

from . import console, paths


@contextmanager
def exclusive(name, waiting_for=""):
    """Hold the lock `name` alone; say what is waited for if another run has it."""
    with _open(name) as handle:
        if not _try(handle, fcntl.LOCK_EX):
            if waiting_for:
                console.say(f"... waiting for another run: {waiting_for}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield handle


@contextmanager
def shared(name):
    """Hold the lock `name` together with other runs."""
    with _open(name) as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield handle


@contextmanager
def first_free(name):
    """Hold the first of the locks name_1, name_2, … that is free; yields its number."""
    number = 1
    while True:
        with _open(f"{name}_{number}") as handle:
            if _try(handle, fcntl.LOCK_EX):
                yield number
                return
        number += 1


def is_last(handle):
    """Turn a shared lock into an exclusive one if nobody else has it."""
    return _try(handle, fcntl.LOCK_EX)


def _open(name):
    paths.LOCKS.mkdir(parents=True, exist_ok=True)
    return (paths.LOCKS / name).open("a")


def _try(handle, kind):
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
