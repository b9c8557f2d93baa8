"""Let what exists be checked as it was: not at all.

New companies, and the bills of materials made in them, begin with an over-completion of
10 %.
"""

from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    for table in ("res_company", "mrp_bom"):
        if not column_exists(cr, table, "backflush_over_completion"):
            create_column(cr, table, "backflush_over_completion", "double precision")
            cr.execute(
                SQL(
                    "UPDATE %s SET backflush_over_completion = 0",
                    SQL.identifier(table),
                )
            )
