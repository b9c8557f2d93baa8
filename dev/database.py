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
    _execute("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY", name, source)
    _mark(name)
    if (FILESTORE / source).is_dir():
        # Odoo never changes a file there, it only adds and removes some
        shutil.copytree(FILESTORE / source, FILESTORE / name, copy_function=os.link)


def exists(name):
    """Whether there is a database of this name."""
    found = "SELECT 1 FROM pg_database WHERE datname = %s"
    return bool(_execute(found, parameters=[name]))


def drop(name):
    """Remove a database that was made here, and its files."""
    if exists(name):
        _refuse_if_not_ours(name)
        _execute("DROP DATABASE {} WITH (FORCE)", name)
    shutil.rmtree(FILESTORE / name, ignore_errors=True)


def install(server, name, modules, *options):
    """Install modules into a database, which is made if it does not exist."""
    _load(server, name, "-i", modules, *options)
    if missing := set(modules) - installed(name):
        raise Stop(f"Odoo did not install {', '.join(sorted(missing))} into {name}.")


def update(server, name, modules):
    """Update modules in a database to what their files are now."""
    _load(server, name, "-u", modules)


def uninstall(server, name, module):
    """Uninstall a module, as from the list of apps."""
    os.environ["UNINSTALL"] = module
    arguments = ("shell", "-d", name, "--no-http")
    with (paths.DEV / "uninstall.py").open() as script:
        server.logged(f"uninstall-{name}.log", *arguments, stdin=script)
    if module in installed(name):
        raise Stop(f"Odoo did not uninstall {module} from {name}.")


def installed(name):
    """Names of the modules installed in a database."""
    query = "SELECT name FROM ir_module_module WHERE state = 'installed'"
    return {row[0] for row in _execute(query, database=name)}


def _load(server, name, option, modules, *options):
    arguments = ("-d", name, option, ",".join(modules), "--stop-after-init")
    server.logged(f"load-{name}.log", *arguments, "--no-http", *options)


def _build(server, name, modules, demo):
    building = f"{name}_new"
    drop(building)
    _execute("CREATE DATABASE {} TEMPLATE template0", building)
    _mark(building)
    install(server, building, modules, *(["--with-demo"] if demo else []))
    shutil.rmtree(FILESTORE / name, ignore_errors=True)
    if (FILESTORE / building).is_dir():
        (FILESTORE / building).rename(FILESTORE / name)
    _execute("ALTER DATABASE {} RENAME TO {}", building, name)


def _mark(name):
    _execute("COMMENT ON DATABASE {} IS %s", name, parameters=[MARK])


def _refuse_if_not_ours(name):
    query = (
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        "WHERE datname = %s"
    )
    if postgres.is_own_server() and _execute(query, parameters=[name])[0][0] != MARK:
        raise Stop(f"The database {name} is not ours: rename or drop it yourself.")


def _execute(statement, *names, parameters=None, database="postgres"):
    """Execute a statement, with the names of databases in place of its braces."""
    query = sql.SQL(statement).format(*map(sql.Identifier, names))
    connection = postgres.connect(database)
    try:
        with connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
