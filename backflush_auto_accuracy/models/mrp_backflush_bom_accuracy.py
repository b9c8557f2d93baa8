from odoo import fields, models
from odoo.tools import SQL


class MrpBackflushBomAccuracy(models.Model):
    """One row a bill of materials and month: how right it was, as counts have shown.

    A bill of materials is as right as its worst line: what a line is known to be wrong
    by, whatever its sign, is compared with what it expected.
    """

    _name = "mrp.backflush.bom.accuracy"
    _description = "Accuracy of Bills of Materials"
    _auto = False
    _order = "date desc, accuracy, id"
    _rec_name = "bom_id"
    _depends = {
        "mrp.backflush.count": ["company_id", "date", "set_aside"],
        "mrp.backflush.count.line": [
            *("bom_line_id", "count_id", "expected_qty", "wrong_qty"),
        ],
        "mrp.bom.line": ["backflush_epoch", "bom_id", "product_id"],
        "product.product": ["standard_price"],
        "res.company": ["backflush_right_bom", "currency_id"],
    }

    date = fields.Date("Month", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    bom_id = fields.Many2one("mrp.bom", "Bill of Materials", readonly=True)
    accuracy = fields.Float(
        "Right (%)",
        readonly=True,
        aggregator="avg",
        help="Of what its worst line expected, less what that is known to be wrong by.",
    )
    is_right = fields.Float(
        "Right Bills of Materials (%)",
        readonly=True,
        aggregator="avg",
        help="The part of the bills of materials that are as right as the company "
        "wants them.",
    )
    wrong_value = fields.Monetary(
        "Used Beyond", readonly=True, help="What its lines are wrong by, at cost."
    )

    @property
    def _table_query(self):
        return self._select_boms(SQL("TRUE"))

    def _select_boms(self, condition):
        """SQL of each bill of materials and month.

        :param condition: SQL about ``count``, the one ``before`` it, and ``line``
        """
        return SQL(
            """
            SELECT row.id, row.date, row.company_id, row.currency_id, row.bom_id,
                   row.wrong_value, row.accuracy,
                   CASE WHEN row.accuracy >= row.backflush_right_bom
                        THEN 100.0 ELSE 0.0 END AS is_right
              FROM (SELECT MIN(part.id) AS id, part.date, part.company_id, part.bom_id,
                           company.currency_id, company.backflush_right_bom,
                           SUM(ABS(part.wrong) * part.cost) AS wrong_value,
                           100 - LEAST(100, 100 * MAX(ABS(part.wrong)
                               / part.expected)) AS accuracy
                      FROM (%s) AS part
                      JOIN res_company AS company ON company.id = part.company_id
                     WHERE part.expected > 0
                  GROUP BY part.date, part.company_id, part.bom_id, company.id) AS row
            """,
            self._select_lines(condition),
        )

    def _select_lines(self, condition):
        """SQL of each line and month: expected, and wrong by."""
        cost = self.env["mrp.backflush.accuracy"]._get_cost("count")
        return SQL(
            """
            SELECT MIN(part.id) AS id, line.id AS line_id, line.bom_id,
                   count.company_id, date_trunc('month', count.date)::date AS date,
                   SUM(part.expected_qty) AS expected,
                   SUM(COALESCE(part.wrong_qty, 0)) AS wrong, MIN(%(cost)s) AS cost
              FROM mrp_backflush_count_line AS part
              JOIN mrp_backflush_count AS count ON count.id = part.count_id
               AND count.set_aside IS NULL
              JOIN mrp_backflush_count AS before ON before.id = count.previous_id
              JOIN mrp_bom_line AS line ON line.id = part.bom_line_id
              JOIN product_product AS product ON product.id = count.product_id
             WHERE %(condition)s
          GROUP BY line.id, count.company_id, date_trunc('month', count.date)
            """,
            cost=cost,
            condition=condition,
        )
