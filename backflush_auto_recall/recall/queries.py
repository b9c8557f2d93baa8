"""Pieces of the queries by which lots are followed."""

from odoo.tools import SQL

# Who named a lot is sure of it, and who entered it on an order that was not
# backflushed; all else was chosen by the posting, or by the reservation before it.
IS_SURE = SQL(
    "(move.backflush_id IS NULL OR COALESCE(line.backflush_lot_source, '') = 'named')"
)
# What a correction has given back is not contained any more.
IS_KEPT = SQL(
    """(
        line.quantity_product_uom > (
            SELECT COALESCE(SUM(back.quantity_product_uom), 0)
              FROM stock_move AS returned
              JOIN stock_move_line AS back ON back.move_id = returned.id
             WHERE returned.origin_returned_move_id = move.id
               AND returned.state = 'done'
               AND back.lot_id IS NOT DISTINCT FROM line.lot_id
        )
    )"""
)
# What came to a place and left it; needs a relation `reach` of products and places.
FLOW = SQL(
    """
    SELECT reach.number, line.lot_id, line.company_id, line.date,
           line.quantity_product_uom AS quantity
      FROM reach
      JOIN stock_move_line AS line
        ON line.product_id = reach.product_id
       AND line.location_dest_id = reach.location_id
     WHERE line.state = 'done'
     UNION ALL
    SELECT reach.number, line.lot_id, line.company_id, line.date,
           -line.quantity_product_uom
      FROM reach
      JOIN stock_move_line AS line
        ON line.product_id = reach.product_id
       AND line.location_id = reach.location_id
     WHERE line.state = 'done'
    """
)
# By which it is certain what lies, or lay, in a place of `reach`: lots were counted, or
# somebody named one.
CERTAIN_MOVES = SQL(
    """
    SELECT reach.number, line.date
      FROM reach
      JOIN stock_move_line AS line
        ON line.product_id = reach.product_id
       AND reach.location_id IN (line.location_id, line.location_dest_id)
      JOIN stock_move AS move ON move.id = line.move_id
     WHERE line.state = 'done'
       AND line.lot_id IS NOT NULL
       AND (
           move.is_inventory
           OR line.location_id = reach.location_id
           AND line.backflush_lot_source = 'named'
       )
    """
)
