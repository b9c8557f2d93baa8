from odoo import api, fields, models
from odoo.tools import SQL

from ..accuracy.causes import CAUSES

# What was used in so many days says how much a component is worth watching.
CLASS_DAYS = 365


class MrpBackflushAccuracy(models.Model):
    """One row a count: whether the record was right, and what the difference was worth.

    A component is of class A, B or C by the value of what was used of it in a year,
    between counts, in the order of that value.
    """

    _name = "mrp.backflush.accuracy"
    _description = "Record Accuracy"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "product_id"
    _depends = {
        "mrp.backflush.count": [
            *("adjusted_qty", "cause", "company_id", "counted_qty", "date"),
            *("difference_qty", "expected_qty", "explained_qty", "location_id"),
            *("product_id", "set_aside"),
        ],
        "product.product": ["product_tmpl_id", "standard_price"],
        "product.template": ["categ_id"],
        "res.company": [
            *("backflush_class_a", "backflush_class_b", "backflush_count_sd"),
            *("backflush_right_a", "backflush_right_b", "backflush_right_c"),
            "currency_id",
        ],
    }

    date = fields.Datetime(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    product_id = fields.Many2one("product.product", "Component", readonly=True)
    categ_id = fields.Many2one("product.category", "Category", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    value_class = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C")],
        readonly=True,
        help="By the value of what is used in a year: A are the few that make up most "
        "of it, C the many that make up little.",
    )
    cause = fields.Selection(CAUSES, readonly=True)
    accuracy = fields.Float(
        "Record Accuracy (%)",
        readonly=True,
        aggregator="avg",
        help="The part of the counts whose record was right: off by no more than the "
        "company allows components of its class, or twice the error of a count.",
    )
    difference_value = fields.Monetary(
        "Difference",
        readonly=True,
        help="What was used beyond the record, at cost. Above and below zero add up to "
        "nothing.",
    )
    explained_value = fields.Monetary(
        "Explained",
        readonly=True,
        help="The part of the difference whose cause is known, at cost, whatever its "
        "sign. Where the count itself was wrong nothing is missing.",
    )
    unexplained_value = fields.Monetary(
        "Unexplained",
        readonly=True,
        help="The part of the difference whose cause is not known, at cost, whatever "
        "its sign.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT row.id, row.date, row.company_id, row.currency_id, row.product_id,
                   row.categ_id, row.location_id, row.value_class, row.cause,
                   CASE WHEN ABS(row.drift) <= GREATEST(row.allowed / 100
                            * ABS(row.counted_qty), 2 * row.backflush_count_sd)
                        THEN 100.0 ELSE 0.0 END AS accuracy,
                   row.drift * row.cost AS difference_value,
                   row.explained * row.cost * row.is_drift AS explained_value,
                   ABS(row.drift - row.signed) * row.cost * row.is_drift
                       AS unexplained_value
              FROM (%s) AS row
            """,
            self._select_counts(),
        )

    def _select_counts(self):
        """SQL of the counts, with their class and what it allows."""
        return SQL(
            """
            SELECT count.id, count.date, count.company_id, company.currency_id,
                   count.product_id, template.categ_id, count.location_id, count.cause,
                   count.counted_qty, company.backflush_count_sd, %(cost)s AS cost,
                   count.difference_qty + count.adjusted_qty AS drift,
                   CASE WHEN count.cause IN ('noise', 'unclear') IS NOT FALSE
                        THEN 0 ELSE count.explained_qty END AS signed,
                   CASE WHEN count.cause IN ('noise', 'unclear') IS NOT FALSE
                        THEN 0 ELSE LEAST(ABS(count.explained_qty),
                             ABS(count.difference_qty + count.adjusted_qty))
                        END AS explained,
                   CASE WHEN count.cause IN ('miscount', 'unit') THEN 0 ELSE 1 END
                       AS is_drift,
                   class.value_class,
                   CASE class.value_class WHEN 'a' THEN company.backflush_right_a
                        WHEN 'b' THEN company.backflush_right_b
                        ELSE company.backflush_right_c END AS allowed
              FROM mrp_backflush_count AS count
              JOIN res_company AS company ON company.id = count.company_id
              JOIN product_product AS product ON product.id = count.product_id
              JOIN product_template AS template
                ON template.id = product.product_tmpl_id
         LEFT JOIN (%(classes)s) AS class ON class.product_id = count.product_id
               AND class.company_id = count.company_id
             WHERE count.set_aside IS NULL
            """,
            classes=self._select_classes(),
            cost=self._get_cost("count"),
        )

    @api.model
    def _get_cost(self, table):
        return SQL(
            "COALESCE((product.standard_price->>%s::text)::numeric, 0)",
            SQL.identifier(table, "company_id"),
        )

    def _select_classes(self):
        """SQL of the class of each component that was counted and used."""
        return SQL(
            """
            SELECT product_id, company_id,
                   CASE WHEN before < company.backflush_class_a / 100 * whole THEN 'a'
                        WHEN before < company.backflush_class_b / 100 * whole THEN 'b'
                        ELSE 'c' END AS value_class
              FROM (SELECT used.*,
                           SUM(value) OVER (PARTITION BY company_id
                               ORDER BY value DESC, product_id) - value AS before,
                           SUM(value) OVER (PARTITION BY company_id) AS whole
                      FROM (SELECT count.product_id, count.company_id,
                                   SUM(GREATEST(count.expected_qty, 0) * %s) AS value
                              FROM mrp_backflush_count AS count
                              JOIN product_product AS product
                                ON product.id = count.product_id
                             WHERE count.set_aside IS NULL AND count.date
                                   > NOW() AT TIME ZONE 'UTC' - %s * INTERVAL '1 day'
                          GROUP BY count.product_id, count.company_id) AS used
                   ) AS ranked
              JOIN res_company AS company ON company.id = ranked.company_id
            """,
            self._get_cost("count"),
            CLASS_DAYS,
        )
