from odoo.tools.sql import column_exists, rename_column

TABLE = "stock_move"
OLD, NEW = "backflush_covered_qty", "backflush_prior_covered_qty"


def migrate(cr, version):
    """What a component carries over from prior orders has a name of its own."""
    if column_exists(cr, TABLE, OLD) and not column_exists(cr, TABLE, NEW):
        rename_column(cr, TABLE, OLD, NEW)
