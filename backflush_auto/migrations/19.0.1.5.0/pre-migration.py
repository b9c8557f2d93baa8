from odoo.tools import SQL


def migrate(cr, version):
    _measure_postings(cr)


def _measure_postings(cr):
    """Fill the measures of all postings at once; Odoo would go one by one."""
    cr.execute(
        SQL(
            """
            ALTER TABLE mrp_backflush
              ADD COLUMN IF NOT EXISTS produced_qty numeric,
              ADD COLUMN IF NOT EXISTS operation_qty numeric
            """
        )
    )
    cr.execute(
        SQL(
            """
            UPDATE mrp_backflush AS posting
               SET produced_qty = CASE posting.trigger
                       WHEN 'completion' THEN measured.quantity ELSE 0 END,
                   operation_qty = CASE posting.trigger
                       WHEN 'operation' THEN measured.quantity ELSE 0 END
              FROM (SELECT reported.id,
                           round((reported.quantity * own.factor
                                  / kept.factor)::numeric, digits.digits) AS quantity
                      FROM mrp_backflush AS reported
                      JOIN uom_uom AS own ON own.id = reported.product_uom_id
                      JOIN product_product AS product
                        ON product.id = reported.product_id
                      JOIN product_template AS template
                        ON template.id = product.product_tmpl_id
                      JOIN uom_uom AS kept ON kept.id = template.uom_id
                      JOIN decimal_precision AS digits
                        ON digits.name = 'Product Unit') AS measured
             WHERE measured.id = posting.id
            """
        )
    )
