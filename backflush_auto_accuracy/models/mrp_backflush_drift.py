from odoo import fields, models
from odoo.tools import SQL


class MrpBackflushDrift(models.Model):
    """One row a posting and count: what of the difference falls to the posting.

    Where the count itself was wrong nothing has drifted.
    """

    _name = "mrp.backflush.drift"
    _inherit = ["mrp.backflush.private"]
    _description = "Drift by Posting"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "component_id"
    _depends = {
        "mrp.backflush": ["date", "product_id", "production_id", "user_id"],
        "mrp.backflush.count": ["cause", "company_id", "product_id", "set_aside"],
        "mrp.backflush.count.share": [
            *("backflush_id", "count_id", "expected_qty", "quantity"),
            "workcenter_id",
        ],
        "mrp.production": ["bom_id"],
        "product.product": ["standard_price"],
        "res.company": ["backflush_by_person", "currency_id"],
    }

    date = fields.Datetime(readonly=True, help="Of the posting.")
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    component_id = fields.Many2one("product.product", readonly=True)
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", readonly=True
    )
    product_id = fields.Many2one("product.product", "Finished Product", readonly=True)
    bom_id = fields.Many2one("mrp.bom", "Bill of Materials", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Reported By",
        readonly=True,
        help="Empty, unless the settings of the company allow figures by person.",
    )
    expected_value = fields.Monetary(
        "Expected", readonly=True, help="What the posting expected, at cost."
    )
    drift_value = fields.Monetary(
        "Drift",
        readonly=True,
        help="The share of the posting in what counts found missing, at cost; below "
        "zero, in what they found too much.",
    )

    @property
    def _table_query(self):
        cost = self.env["mrp.backflush.accuracy"]._get_cost("count")
        return SQL(
            """
            SELECT share.id, posting.date, count.company_id, company.currency_id,
                   count.product_id AS component_id, posting.production_id,
                   posting.product_id, production.bom_id, share.workcenter_id,
                   CASE WHEN company.backflush_by_person THEN posting.user_id END
                       AS user_id,
                   share.expected_qty * %(cost)s AS expected_value,
                   share.quantity * %(cost)s AS drift_value
              FROM mrp_backflush_count_share AS share
              JOIN mrp_backflush_count AS count ON count.id = share.count_id
              JOIN mrp_backflush AS posting ON posting.id = share.backflush_id
              JOIN mrp_production AS production
                ON production.id = posting.production_id
              JOIN product_product AS product ON product.id = count.product_id
              JOIN res_company AS company ON company.id = count.company_id
             WHERE count.set_aside IS NULL
               AND count.cause NOT IN ('miscount', 'unit') IS NOT FALSE
            """,
            cost=cost,
        )
