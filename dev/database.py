"""Databases: built once, then cloned."""

import hashlib
import os
import shutil

from psycopg2 import sql

from . import locks, odoo_tree, paths, postgres
from .console import Stop, step

TESTED = ("mrp", "mrp_account", "mrp_subcontracting", "mrp_product_expiry")
FILESTORE = paths.DATA / "filestore"
MARK = f"made by {paths.ROOT}/run"


def template(server, modules=TESTED, demo=False):
    """Build a database with just these modules, to be cloned, unless it exists.

    :return: its name
    """
    key = f"{odoo_tree.version(server.tree)} {server.tree} {sorted(modules)} {demo}"
    name = "backflush_base_" + hashlib.sha256(key.encode()).hexdigest()[:8]
    with locks.exclusive(name, "it builds the database that this one needs, too"):
        if not exists(name):
            with step(f"Building a database with {', '.join(modules)}"):
                _build(server, name, modules, demo)
    return name


def clone(source, name):
    """Make `name` a copy of `source`, in place of what it was."""
    drop(name)
    copied = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
    _execute(copied.format(sql.Identifier(name), sql.Identifier(source)))
    _mark(name)
    if (FILESTORE / source).is_dir():
        # Odoo never changes a file there, it only adds and removes some
        shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=os.link)


def exists(name):
    """Whether there is a database of this name."""
    found = _execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
    return bool(found)


def drop(name):
    """Remove a database that was made here, and its files."""
    if exists(name):
        _refuse_if_not_ours(name)
        statement = sql.SQL("DROP DATABASE {} WITH (FORCE)")
        _execute(statement.format(sql.Identifier(name)))
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def install(server, name, modules, *options):
    """Install modules into a database, which is made if it does not exist."""
    arguments = ["-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    server.logged(f"install-{name}.log", *arguments, *options)
    missing = set(modules) - installed(name)
    if missing:
        raise Stop(f"Odoo did not install {', '.join(sorted(missing))} into {name}.")


def update(server, name, modules):
    """Update modules in a database to what their files are now."""
    arguments = ["-d", name, "-u", ",".join(modules), "--stop-after-init", "--no-http"]
    server.logged(f"update-{name}.log", *arguments)


def installed(name):
    """Names of the modules installed in a database."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return {row[0] for row in _execute(query, database=name)}


def _build(server, name, modules, demo):
    building = f"{name}_new"
    drop(building)
    _execute(
        sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(
            sql.Identifier(building)
        )
    )
    _mark(building)
    install(server, building, modules, *(["--with-demo"] if demo else []))
    shutil.rmtree(FILESTORE / name, ignore_errors=True)
    if (FILESTORE / building).is_dir():
        (FILESTORE / building).rename(FILESTORE / name)
    renamed = sql.SQL("ALTER DATABASE {} RENAME TO {}")
    _execute(renamed.format(sql.Identifier(building), sql.Identifier(name)))


def _mark(name):
    comment = sql.SQL("COMMENT ON DATABASE {} IS {}")
    _execute(comment.format(sql.Identifier(name), sql.Literal(MARK)))


def _refuse_if_not_ours(name):
    query = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s"
    )
    if postgres.is_own_server() and _execute(query, [name])[0][0] != MARK:
        raise Stop(f"The database {name} is not ours: rename or drop it yourself.")


def _execute(statement, parameters=None, database="postgres"):
    connection = postgres.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
