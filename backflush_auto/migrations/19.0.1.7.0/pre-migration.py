from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    _check_as_before(cr)
    _leave_all(cr)


def _check_as_before(cr):
    """Let what exists be checked as it was: not at all.

    New companies, and the bills of materials made in them, begin with an
    over-completion of 10 %.
    """
    for table in ("res_company", "mrp_bom"):
        if not column_exists(cr, table, "backflush_over_completion"):
            create_column(cr, table, "backflush_over_completion", "double precision")
            cr.execute(
                SQL(
                    "UPDATE %s SET backflush_over_completion = 0",
                    SQL.identifier(table),
                )
            )


def _leave_all(cr):
    """Say of each posting that all of it is left: nothing was corrected before.

    Odoo would work it out posting by posting.
    """
    if not column_exists(cr, "mrp_backflush", "quantity_left"):
        create_column(cr, "mrp_backflush", "quantity_left", "double precision")
        cr.execute("UPDATE mrp_backflush SET quantity_left = quantity")
