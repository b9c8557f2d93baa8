"""A PostgreSQL server of the tests' own, which nobody else misses."""

import os
import subprocess
import time
from pathlib import Path

import psycopg2

from dev import postgres

from .server import WITHOUT_LIMIT


class Cluster:
    """A PostgreSQL server that may be stopped at any moment.

    :param folder: for its data and its socket
    """

    def __init__(self, folder):
        self.folder = Path(folder)
        self.data = self.folder / "data"
        self.environment = {"PGHOST": str(self.folder), "PGPORT": "5432"}
        self.environment["PGUSER"] = postgres.USER
        self.process = None

    def make(self):
        postgres._give(self.folder)
        options = ("--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C")
        self._run("initdb", *options, f"--username={postgres.USER}", self.data)

    def start(self):
        settings = {**postgres.SETTINGS, "unix_socket_directories": self.folder}
        # what was answered must not be lost
        settings |= {"shared_buffers": "64MB", "synchronous_commit": "on"}
        options = [
            part
            for name, value in settings.items()
            for part in ("-c", f"{name}={value}")
        ]
        command = self._command("postgres", "-D", self.data, *options)
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                psycopg2.connect(dbname="postgres", **self._address()).close()
                return
            except psycopg2.OperationalError:
                time.sleep(0.05)
        raise AssertionError("PostgreSQL does not start.")

    def stop(self, way):
        """Stop it as a power cut or an administrator does: SIGQUIT or SIGINT."""
        if self.process:
            [pid] = (self.data / "postmaster.pid").read_text().split("\n", 1)[:1]
            os.kill(int(pid), way)
            self.process.wait()
            self.process = None

    def copy(self, database):
        """Copy a database of the other server."""
        dump = self.folder / "dump"
        self._run("pg_dump", "--format=custom", f"--file={dump}", database, other=True)
        self._run("createdb", database)
        self._run("pg_restore", "--no-owner", f"--dbname={database}", dump)

    def _address(self):
        return {"host": str(self.folder), "port": 5432, "user": postgres.USER}

    def _run(self, program, *arguments, other=False):
        environment = {} if other else self.environment
        subprocess.run(
            self._command(program, *arguments),
            cwd=self.folder,
            env={**os.environ, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def _command(self, program, *arguments):
        program = [postgres.programs() / program, *arguments]
        return [*WITHOUT_LIMIT, *postgres._as_server_user(), *map(str, program)]
