from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..accuracy.estimator import BETA_SD, LINE_PRIOR, LOSS_PRIOR, LOSS_SD
from .mrp_backflush_count import UNTRUE

# What a recipe that was never compared with counts may be wrong by, as a variance
# relative to the square of what was used: the priors of the estimator.
RECIPE_VARIANCE = LINE_PRIOR * BETA_SD**2 + LOSS_PRIOR * LOSS_SD**2
# Components that were never counted and not used for so long are left out.
DAYS = 365
# What postings took of components, and corrections brought back.
COMPONENTS = SQL(
    "stock_move AS move JOIN stock_move_line AS line ON line.move_id = move.id"
    " JOIN stock_location AS source ON source.id = line.location_id"
)
IS_COMPONENT = SQL(
    "move.state = 'done' AND (move.raw_material_production_id IS NOT NULL"
    " OR move.production_id IS NULL AND source.usage = 'production')"
)


class MrpBackflushAgenda(models.Model):
    """What a count would take the most risk from.

    The record of a component may be off by the error of its last count, by the spread
    of what was used since, and by what its recipes may be wrong: the more counts these
    have been compared with, the less.
    """

    _name = "mrp.backflush.agenda"
    _description = "Component to Count"
    _auto = False
    _order = "risk_value desc, sd_qty desc, id"
    _rec_name = "product_id"

    product_id = fields.Many2one("product.product", "Component", readonly=True)
    location_id = fields.Many2one("stock.location", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    last_date = fields.Datetime(
        "Last Count", readonly=True, help="Empty: it has never been counted."
    )
    count_number = fields.Integer(
        "Counts",
        readonly=True,
        aggregator=None,
        help="That its recipes have been compared with.",
    )
    used_qty = fields.Float(
        "Used Since",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="By postings since the last count; within the last year where there is "
        "none.",
    )
    sd_qty = fields.Float(
        "May Be Off By",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="Standard deviation of the record: in two cases of three it is off by "
        "less.",
    )
    risk_value = fields.Monetary(
        "At Risk", readonly=True, help="What the record may be off by, at cost."
    )
    inventory_date = fields.Date(
        "Requested For", compute="_compute_inventory_date", help="Odoo's own request."
    )

    @property
    def _table_query(self):
        for name in ("mrp.backflush.count", "stock.move", "stock.move.line"):
            self.env[name].flush_model()
        return SQL(
            """
            SELECT place.*, place.sd_qty * COALESCE((product.standard_price
                       ->> place.company_id::text)::numeric, 0) AS risk_value
              FROM (SELECT known.*, SQRT(POWER(company.backflush_count_sd, 2)
                        + (POWER(company.backflush_process_sd / 100, 2)
                           + %(recipe)s / (1 + known.count_number))
                          * POWER(known.used_qty, 2)) AS sd_qty
                      FROM (%(counted)s UNION ALL %(uncounted)s) AS known
                      JOIN res_company AS company ON company.id = known.company_id
                   ) AS place
              JOIN product_product AS product ON product.id = place.product_id
             WHERE product.active
            """,
            recipe=RECIPE_VARIANCE,
            counted=self._select_counted(),
            uncounted=self._select_uncounted(),
        )

    def _select_counted(self):
        """SQL of components that were counted, with what was used since."""
        return SQL(
            """
            SELECT 2 * last.id AS id, last.product_id, last.location_id,
                   last.company_id, last.date AS last_date, last.count_number,
                   (SELECT COALESCE(SUM(line.quantity_product_uom
                           * ((line.location_id = last.location_id)::integer
                            - (line.location_dest_id = last.location_id)::integer)), 0)
                      FROM %(components)s
                     WHERE move.product_id = last.product_id
                       AND move.backflush_id > last.posting_mark
                       AND %(is_component)s) AS used_qty
              FROM (SELECT DISTINCT ON (product_id, location_id, company_id)
                           id, product_id, location_id, company_id, date, posting_mark,
                           COUNT(*) FILTER (WHERE set_aside IS NULL) OVER (
                               PARTITION BY product_id, location_id, company_id
                           ) AS count_number
                      FROM mrp_backflush_count
                     WHERE set_aside IS NULL OR set_aside NOT IN %(untrue)s
                  ORDER BY product_id, location_id, company_id, date DESC, id DESC
                   ) AS last
            """,
            components=COMPONENTS,
            is_component=IS_COMPONENT,
            untrue=UNTRUE,
        )

    def _select_uncounted(self):
        """SQL of components that postings took and nobody has counted."""
        return SQL(
            """
            SELECT 2 * MIN(move.id) + 1 AS id, line.product_id, place.id AS location_id,
                   move.company_id, NULL::timestamp AS last_date, 0 AS count_number,
                   SUM(line.quantity_product_uom
                       * CASE WHEN place.id = line.location_id THEN 1 ELSE -1 END
                   ) AS used_qty
              FROM %(components)s
              JOIN stock_location AS place ON place.usage = 'internal'
               AND place.id = CASE WHEN source.usage = 'production'
                       THEN line.location_dest_id ELSE line.location_id END
             WHERE move.backflush_id IS NOT NULL AND %(is_component)s
               AND move.date > NOW() AT TIME ZONE 'UTC' - %(days)s * INTERVAL '1 day'
               AND NOT EXISTS (
                    SELECT FROM mrp_backflush_count AS count
                     WHERE count.product_id = line.product_id
                       AND count.location_id = place.id
                       AND count.company_id = move.company_id
                       AND (set_aside IS NULL OR set_aside NOT IN %(untrue)s))
          GROUP BY line.product_id, place.id, move.company_id
            """,
            components=COMPONENTS,
            is_component=IS_COMPONENT,
            days=DAYS,
            untrue=UNTRUE,
        )

    def _compute_inventory_date(self):
        for row in self:
            dates = row.sudo()._find_quants().filtered("user_id")
            row.inventory_date = min(dates.mapped("inventory_date"), default=False)

    def _find_quants(self):
        """What Odoo's physical inventory shows of these components."""
        domain = Domain.OR(
            Domain("product_id", "=", row.product_id.id)
            & Domain("location_id", "=", row.location_id.id)
            for row in self
        )
        return self.env["stock.quant"].search(domain)

    def action_request_count(self):
        """Ask somebody to count these components, by Odoo's own request.

        :return: the action of Odoo's dialog
        :raises UserError: where stock has no record of one of them
        """
        quants = self._find_quants()
        unknown = self.product_id - quants.product_id
        if unknown:
            raise UserError(
                self.env._(
                    "Nothing is on record of %(products)s: count them in Inventory ‣ "
                    "Physical Inventory.",
                    products=", ".join(unknown.mapped("display_name")),
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.action_stock_request_count"
        )
        quant_ids = [Command.set(quants.ids)]
        return {**action, "context": {"default_quant_ids": quant_ids}}

    def action_count(self):
        """Count these components now, on Odoo's own screen.

        :return: the action of Odoo's physical inventory
        """
        action = self.env["stock.quant"].action_view_inventory()
        domain = [
            ("product_id", "in", self.product_id.ids),
            ("location_id", "in", self.location_id.ids),
        ]
        return {**action, "domain": domain, "context": _without_filters(action)}


def _without_filters(action):
    """The context of an action, without the filters that it begins with."""
    context = action.get("context") or {}
    return {
        key: value
        for key, value in context.items()
        if not key.startswith("search_default_")
    }
