from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    _mend_numbers(cr)
    _join_split_components(cr)
    _plan_in_other_units(cr)


def _plan_in_other_units(cr):
    """Plan what stock can hold, where a component is in another unit than its product.

    Otherwise the demand of before would pass for an edit of the order.
    """
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        SQL(
            """
            SELECT move.id
              FROM stock_move AS move
              JOIN mrp_production AS production
                ON production.id = move.raw_material_production_id
              JOIN product_product AS product ON product.id = move.product_id
              JOIN product_template AS template ON template.id = product.product_tmpl_id
             WHERE production.backflush
               AND move.state NOT IN ('done', 'cancel')
               AND move.product_uom <> template.uom_id
            """
        )
    )
    moves = env["stock.move"].browse(row[0] for row in cr.fetchall())
    keep = {"do_not_unreserve": True, "no_procurement": True}
    moves.with_context(**keep)._filter_backflush_open()._plan_backflush()


def _join_split_components(cr):
    """Let the components of orders that were split from one know of each other.

    Odoo copies them in their order: the first one of a line of the bill of materials
    is the first one on each of the orders. Only families of which an order is open
    are read.
    """
    cr.execute(
        SQL(
            """
            WITH family AS (
                SELECT production_group_id AS id
                  FROM mrp_production
                 WHERE backflush AND production_group_id IS NOT NULL
              GROUP BY production_group_id
                HAVING count(*) > 1
                   AND bool_or(backflush_prior_qty > 0)
                   AND bool_or(state NOT IN ('done', 'cancel'))
            ), component AS (
                SELECT move.id, production.production_group_id AS family,
                       first_value(move.id) OVER lineage AS root
                  FROM (SELECT id, raw_material_production_id,
                               coalesce(bom_line_id, 0) AS line, product_id,
                               row_number() OVER (
                                   PARTITION BY raw_material_production_id,
                                                bom_line_id, product_id
                                       ORDER BY id) AS turn
                          FROM stock_move
                         WHERE backflush_origin_id IS NULL
                           AND backflush_ratio > 0
                           AND raw_material_production_id IN (
                               SELECT id FROM mrp_production
                                WHERE production_group_id IN (SELECT id FROM family))
                       ) AS move
                  JOIN mrp_production AS production
                    ON production.id = move.raw_material_production_id
                WINDOW lineage AS (
                       PARTITION BY production.production_group_id, move.line,
                                    move.product_id, move.turn
                           ORDER BY production.id)
            )
            UPDATE stock_move
               SET backflush_root_id = component.root
              FROM component
             WHERE component.id = stock_move.id
               AND component.root <> component.id
            """
        )
    )


def _mend_numbers(cr):
    """Replace numbers that nobody can calculate with: they could be written before.

    The ratio of an open component is what its demand means.
    """
    cr.execute(
        SQL(
            """
            UPDATE stock_move AS move
               SET backflush_ratio = CASE
                       WHEN move.backflush_basis = 'order' THEN move.product_uom_qty
                       ELSE move.product_uom_qty / production.product_uom_qty
                   END
              FROM mrp_production AS production
             WHERE production.id = move.raw_material_production_id
               AND production.product_uom_qty > 0
               AND move.backflush_ratio > 1e12
            """
        )
    )
    for table in ("stock_move", "mrp_bom_line"):
        for column in ("backflush_scrap", "backflush_rounding"):
            name = SQL.identifier(column)
            cr.execute(
                SQL(
                    "UPDATE %s SET %s = 0 WHERE %s > 1e12",
                    SQL.identifier(table),
                    name,
                    name,
                )
            )
