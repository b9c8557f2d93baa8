from odoo.tools.sql import column_exists, create_column


def migrate(cr, version):
    """Keep what failed units cost on the move to the scrap location."""
    if not column_exists(cr, "stock_scrap", "backflush_expensed"):
        return
    create_column(cr, "stock_move", "backflush_expensed", "jsonb")
    cr.execute(
        """
        UPDATE stock_move AS move
           SET backflush_expensed = scrap.backflush_expensed
          FROM stock_scrap AS scrap
         WHERE move.scrap_id = scrap.id
           AND scrap.backflush_expensed IS NOT NULL
        """
    )
    cr.execute("ALTER TABLE stock_scrap DROP COLUMN backflush_expensed")
