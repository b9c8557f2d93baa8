from odoo import api, fields, models
from odoo.tools import SQL

# What a correction gave back is no component of the order any more.
IS_BACK = SQL("move.raw_material_production_id IS NULL")
# Whom the company allows to be known.
REPORTED_BY = SQL(
    "CASE WHEN company.backflush_by_person THEN posting.user_id END AS user_id"
)
# The value of a move is kept where stock is valued.
VALUE = "value"


class MrpBackflushVariance(models.Model):
    """One row a component of a posting: expected, consumed, and what lies between.

    Every table but that of the moves is joined by its key and from the left: PostgreSQL
    leaves out those that a question needs no column of.
    """

    _name = "mrp.backflush.variance"
    _inherit = ["mrp.backflush.private"]
    _description = "Backflush Variance"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "component_id"
    _depends = {
        "mrp.backflush": "date product_id production_id trigger user_id state".split(),
        "mrp.production": ["bom_id"],
        "mrp.workorder": ["workcenter_id"],
        "product.product": ["standard_price"],
        "product.template": ["uom_id", "categ_id"],
        "res.company": ["currency_id", "backflush_by_person"],
        "stock.location": ["usage"],
        "stock.move": [
            *("backflush_expected_qty", "backflush_id", "bom_line_id", "company_id"),
            *("backflush_deferred", "backflush_issued_qty", "location_dest_id"),
            *("backflush_undeferred_qty", "location_id", "operation_id", "scrap_id"),
            *("origin_returned_move_id", "product_id", "product_uom", "production_id"),
            *("raw_material_production_id", "quantity", "state", "workorder_id"),
            "product_uom_qty",
        ],
        "stock.scrap": [
            *("backflush_id", "backflush_qty", "scrap_reason_tag_ids", "workorder_id"),
        ],
        "uom.uom": ["factor"],
    }

    backflush_id = fields.Many2one("mrp.backflush", readonly=True)
    date = fields.Datetime(readonly=True)
    hour = fields.Integer(
        "Hour of Day",
        readonly=True,
        aggregator=None,
        help="Of the posting, in the time zone of whoever looks.",
    )
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", readonly=True
    )
    product_id = fields.Many2one("product.product", "Finished Product", readonly=True)
    bom_id = fields.Many2one("mrp.bom", "Bill of Materials", readonly=True)
    bom_line_id = fields.Many2one("mrp.bom.line", "BoM Line", readonly=True)
    component_id = fields.Many2one("product.product", readonly=True)
    categ_id = fields.Many2one(
        "product.category", "Category of the Component", readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    operation_id = fields.Many2one("mrp.routing.workcenter", readonly=True)
    workcenter_id = fields.Many2one("mrp.workcenter", "Work Center", readonly=True)
    location_id = fields.Many2one(
        "stock.location",
        "Taken From",
        readonly=True,
        help="Of what a correction gave back: where it went.",
    )
    user_id = fields.Many2one(
        "res.users",
        "Reported By",
        readonly=True,
        help="Empty, unless the settings of the company allow figures by person.",
    )
    trigger = fields.Selection(
        selection=lambda self: self.env["mrp.backflush"]._fields["trigger"].selection,
        readonly=True,
    )
    expected_qty = fields.Float(
        "Expected",
        digits="Product Unit",
        readonly=True,
        help="In the component's own unit. What a correction took back counts against "
        "it.",
    )
    consumed_qty = fields.Float(
        "Consumed",
        digits="Product Unit",
        readonly=True,
        help="In the component's own unit. What a correction gave back counts against "
        "it.",
    )
    deferred_qty = fields.Float(
        "Deferred",
        digits="Product Unit",
        readonly=True,
        help="What was short, and is still to be consumed.",
    )
    variance_qty = fields.Float(
        "Variance",
        digits="Product Unit",
        readonly=True,
        help="Consumed and deferred minus expected: above zero, more was used than the "
        "bill of materials says.",
    )
    variance_value = fields.Monetary(
        readonly=True,
        help="The variance at the value with which the component left stock; where it "
        "has none, at its cost.",
    )

    damaged_qty = fields.Float(
        "Damaged",
        digits="Product Unit",
        readonly=True,
        help="Components that were spoilt beside what was built in, in their own unit. "
        "They are explained, and no part of the variance.",
    )
    damaged_value = fields.Monetary(
        readonly=True, help="What was damaged, at the value of the variance."
    )
    scrapped_qty = fields.Float(
        "Scrapped",
        digits="Product Unit",
        readonly=True,
        help="Units of the finished product that failed, in its own unit. What they "
        "took of components was expected, and is no part of the variance.",
    )
    scrap_reason_id = fields.Many2one(
        "stock.scrap.reason.tag",
        readonly=True,
        help="Why units failed, or components were spoilt.",
    )

    @api.model
    def _is_backflush_valued(self):
        """Whether moves keep the value that they had."""
        field = self.env["stock.move"]._fields.get(VALUE)
        return bool(field and field.store)

    @property
    def _table_query(self):
        return SQL(
            "SELECT %s FROM (SELECT %s FROM %s WHERE %s"
            " UNION ALL SELECT %s FROM %s WHERE %s) AS part",
            SQL(", ").join(self._select_backflush_variance()),
            SQL(", ").join(self._select_backflush_parts()),
            self._from_backflush_variance(),
            self._where_backflush_variance(),
            SQL(", ").join(self._select_backflush_scrap()),
            self._from_backflush_scrap(),
            self._where_backflush_scrap(),
        )

    def _select_backflush_variance(self):
        """Columns that are worked out from those of :meth:`_select_backflush_parts`."""
        variance = SQL("(consumed_qty + deferred_qty - expected_qty)")
        return [
            SQL("part.*"),
            SQL("%s AS variance_qty", variance),
            SQL("%s * unit_value AS variance_value", variance),
            SQL("damaged_qty * unit_value AS damaged_value"),
        ]

    def _select_backflush_parts(self):
        """The columns of a component of a posting, in its own unit."""
        factor = self._get_backflush_factor()
        sign = SQL("CASE WHEN %s THEN -1 ELSE 1 END", IS_BACK)
        moved, deferred = self._select_backflush_taken()
        return [
            *self._select_backflush_posting("move"),
            SQL("move.product_id AS component_id"),
            SQL("template.categ_id, template.uom_id AS product_uom_id"),
            SQL("COALESCE(move.bom_line_id, origin.bom_line_id) AS bom_line_id"),
            SQL("COALESCE(move.operation_id, origin.operation_id) AS operation_id"),
            SQL("COALESCE(own.workcenter_id, called.workcenter_id) AS workcenter_id"),
            SQL(
                "CASE WHEN %s THEN move.location_dest_id"
                " ELSE move.location_id END AS location_id",
                IS_BACK,
            ),
            # Whatever its sign on the move: what comes back was expected before.
            SQL(
                "CASE WHEN %s THEN -ABS(COALESCE(move.backflush_expected_qty, 0))"
                " ELSE COALESCE(move.backflush_expected_qty, 0) END"
                " * %s AS expected_qty",
                *(IS_BACK, factor),
            ),
            SQL("%s * %s * %s AS consumed_qty", sign, moved, factor),
            SQL("%s * %s AS deferred_qty", deferred, factor),
            SQL("%s AS unit_value", self._get_backflush_unit_value(factor)),
            SQL("NULL::integer AS scrap_reason_id"),
            SQL("0::numeric AS damaged_qty, 0::numeric AS scrapped_qty"),
        ]

    def _select_backflush_posting(self, source):
        """The columns of the posting, alike for components and for what failed.

        :param source: the table that names the posting
        """
        return [
            SQL("move.id, %s", SQL.identifier(source, "backflush_id")),
            SQL("move.company_id, company.currency_id"),
            SQL("posting.date, posting.production_id, posting.product_id"),
            REPORTED_BY,
            SQL("posting.trigger"),
            SQL(
                "EXTRACT(HOUR FROM posting.date AT TIME ZONE 'UTC' AT TIME ZONE %s)"
                "::integer AS hour",
                str(self.env.tz),
            ),
            SQL("production.bom_id"),
        ]

    def _get_backflush_factor(self):
        """What one unit of a move is in the unit of its product."""
        return SQL(
            "CASE WHEN move.product_uom = template.uom_id THEN 1"
            " ELSE move_uom.factor / product_uom.factor END"
        )

    def _select_backflush_scrap(self):
        """The same columns, of what failed or was spoilt."""
        factor = self._get_backflush_factor()
        failed = SQL("COALESCE(scrap.backflush_qty, 0) <> 0")
        return [
            *self._select_backflush_posting("scrap"),
            SQL("CASE WHEN %s THEN NULL ELSE move.product_id END", failed),
            SQL("CASE WHEN %s THEN NULL ELSE template.categ_id END", failed),
            SQL("template.uom_id, NULL::integer"),
            SQL("called.operation_id, called.workcenter_id"),
            SQL("CASE WHEN %s THEN NULL ELSE move.location_id END", failed),
            SQL("0::numeric, 0::numeric, 0::numeric"),
            self._get_backflush_unit_value(factor),
            SQL(
                "(SELECT MIN(stock_scrap_reason_tag_id)"
                " FROM stock_scrap_stock_scrap_reason_tag_rel"
                " WHERE stock_scrap_id = scrap.id)"
            ),
            SQL("CASE WHEN %s THEN 0 ELSE move.quantity * %s END", failed, factor),
            SQL("CASE WHEN %s THEN move.quantity * %s ELSE 0 END", failed, factor),
        ]

    def _select_backflush_taken(self):
        """What was taken of a component, and what is still owed, in its move's unit."""
        taken = SQL(
            "CASE WHEN move.state = 'done' THEN move.quantity"
            " ELSE COALESCE(move.backflush_issued_qty, 0) END"
        )
        # A debt shrinks with a correction, whose own row says by how much.
        owed = SQL(
            "CASE WHEN move.backflush_deferred THEN"
            " CASE WHEN move.state IN ('done', 'cancel') THEN 0"
            " ELSE move.product_uom_qty END + COALESCE((SELECT"
            " SUM(back.backflush_undeferred_qty) FROM stock_move AS back"
            " WHERE back.origin_returned_move_id = move.id), 0)"
            " ELSE -COALESCE(move.backflush_undeferred_qty, 0) END"
        )
        return taken, owed

    def _get_backflush_unit_value(self, factor):
        """The value of one unit of the component, in the currency of the company."""
        cost = SQL(
            "COALESCE((component.standard_price->>move.company_id::text)::numeric, 0)"
        )
        if not self._is_backflush_valued():
            return cost
        value = SQL("move.value", to_flush=self.env["stock.move"]._fields[VALUE])
        return SQL(
            "CASE WHEN move.state = 'done' AND move.quantity > 0 AND %s <> 0"
            " THEN ABS(%s) / (move.quantity * %s) ELSE %s END",
            *(value, value, factor, cost),
        )

    def _from_backflush_variance(self):
        return SQL(
            """
            stock_move AS move
            %s
            LEFT JOIN mrp_workorder AS called ON called.id = posting.workorder_id
            LEFT JOIN mrp_workorder AS own ON own.id = move.workorder_id
            LEFT JOIN stock_move AS origin ON origin.id = move.origin_returned_move_id
            """,
            self._join_backflush_posting("move"),
        )

    def _join_backflush_posting(self, source):
        """What :meth:`_select_backflush_posting` and the units of a move read."""
        return SQL(
            """
            LEFT JOIN mrp_backflush AS posting ON posting.id = %s
            LEFT JOIN mrp_production AS production
                   ON production.id = posting.production_id
            LEFT JOIN product_product AS component ON component.id = move.product_id
            LEFT JOIN product_template AS template
                   ON template.id = component.product_tmpl_id
            LEFT JOIN uom_uom AS move_uom ON move_uom.id = move.product_uom
            LEFT JOIN uom_uom AS product_uom ON product_uom.id = template.uom_id
            LEFT JOIN res_company AS company ON company.id = move.company_id
            """,
            SQL.identifier(source, "backflush_id"),
        )

    def _where_backflush_variance(self):
        """The components; what a correction gives back comes from production."""
        return SQL(
            "move.backflush_id IS NOT NULL AND (move.raw_material_production_id IS NOT"
            " NULL OR move.production_id IS NULL AND move.location_id IN"
            " (SELECT id FROM stock_location WHERE usage = 'production'))"
        )

    def _from_backflush_scrap(self):
        return SQL(
            """
            stock_scrap AS scrap
            JOIN stock_move AS move ON move.scrap_id = scrap.id
            %s
            LEFT JOIN mrp_workorder AS called ON called.id = scrap.workorder_id
            """,
            self._join_backflush_posting("scrap"),
        )

    def _where_backflush_scrap(self):
        """What postings have recorded; with a posting it is taken back, too."""
        return SQL(
            "scrap.backflush_id IS NOT NULL AND move.state = 'done'"
            " AND posting.state <> 'reversed'"
        )

    def action_open_production(self):
        """Open the manufacturing order of this row."""
        return self.production_id._get_records_action()

    @api.model
    def _get_backflush_variance_action(self, domain, **context):
        """The analysis of some rows, opened from a record that they belong to."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto_accuracy.mrp_backflush_variance_action"
        )
        return {**action, "domain": domain, "context": context}
