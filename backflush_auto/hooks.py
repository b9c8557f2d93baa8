from odoo.tools import SQL
from odoo.tools.sql import table_columns

# Columns whose value on existing rows is known without computing it: adding them here
# with a database default keeps the installation in seconds on a database with millions
# of orders, because the ORM computes a stored field only for a column that it creates.
KNOWN_COLUMNS = {
    "res_company": {
        "backflush_default": SQL("boolean DEFAULT false"),
        "backflush_shortage": SQL("varchar DEFAULT 'block'"),
        "backflush_reserve": SQL("boolean DEFAULT false"),
        "backflush_serial_auto": SQL("boolean DEFAULT false"),
    },
    "mrp_bom": {
        "backflush": SQL("boolean DEFAULT false"),
        "backflush_shortage": SQL("varchar DEFAULT 'block'"),
    },
    "mrp_production": {
        "backflush": SQL("boolean DEFAULT false"),
        "backflush_shortage": SQL("varchar DEFAULT 'block'"),
    },
}


def pre_init_hook(env):
    """Add the columns of KNOWN_COLUMNS; existing orders and BoMs stay switched off."""
    for table, columns in KNOWN_COLUMNS.items():
        existing = table_columns(env.cr, table)
        for column, definition in columns.items():
            if column not in existing:
                _add_column(env, table, column, definition)


def _add_column(env, table, column, definition):
    name = SQL.identifier(column)
    env.cr.execute(
        SQL("ALTER TABLE %s ADD COLUMN %s %s", SQL.identifier(table), name, definition)
    )
    env.cr.execute(
        SQL("ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", SQL.identifier(table), name)
    )


def uninstall_hook(env):
    """Give the open orders back to Odoo.

    Components whose work order consumes them are Odoo's manual ones again, and the
    confirmed orders are reserved as their operation type says.

    :raises UserError: where serial numbers are posted on an open order: without this
        addon it could not be completed
    """
    orders = env["mrp.production"]._search_backflush_open()
    orders._check_backflush_serials_posted()
    orders.filtered("backflush").write({"backflush": False})
