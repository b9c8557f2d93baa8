def migrate(cr, version):
    """Say of what was moved in parts when it moved.

    Odoo gave all moves of an order its dates: the planned ones after each part, and in
    the end the last. What somebody has dated back stays as it is.
    """
    cr.execute(
        """
        WITH moved AS (
            UPDATE stock_move AS move
               SET date = posting.date
              FROM mrp_backflush AS posting
             WHERE move.backflush_id = posting.id
               AND move.state = 'done'
               AND move.backflush_deferred IS NOT TRUE
               AND move.date > posting.date + interval '1 minute'
         RETURNING move.id, move.date
        )
        UPDATE stock_move_line AS line
           SET date = moved.date
          FROM moved
         WHERE line.move_id = moved.id
        """
    )
