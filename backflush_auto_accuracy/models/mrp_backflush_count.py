from odoo import api, fields, models
from odoo.tools import format_date
from odoo.tools.misc import formatLang

from odoo.addons.backflush_auto.technical import TechnicalBoolean, TechnicalInteger

from ..accuracy.causes import CAUSES

# A count that is set aside for one of these does not begin an interval, either.
UNTRUE = ("reverted", "outdated", "partial")


class MrpBackflushCount(models.Model):
    _name = "mrp.backflush.count"
    _description = "Count of a Backflushed Component"
    _order = "date desc, id desc"
    _rec_name = "product_id"

    product_id = fields.Many2one(
        "product.product",
        "Component",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    location_id = fields.Many2one(
        "stock.location", required=True, readonly=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Applied By", readonly=True, default=lambda self: self.env.user
    )
    previous_id = fields.Many2one(
        "mrp.backflush.count",
        "Previous Count",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    posting_mark = TechnicalInteger(
        readonly=True,
        aggregator=None,
        help="The id of the last posting before this count: within a second, the order "
        "of recording tells which postings lie between two counts.",
    )
    move_mark = TechnicalInteger(
        readonly=True,
        aggregator=None,
        help="The id of the last stock move of this count.",
    )
    move_ids = fields.Many2many(
        "stock.move", string="Adjustments", readonly=True, copy=False
    )
    parts = fields.Json(readonly=True, help="What was counted of each lot or package.")
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    recorded_qty = fields.Float(
        "Recorded",
        digits="Product Unit",
        readonly=True,
        aggregator=None,
        help="What stock held on record the moment before.",
    )
    counted_qty = fields.Float(
        "Counted", digits="Product Unit", readonly=True, aggregator=None
    )
    difference_qty = fields.Float(
        "Difference",
        digits="Product Unit",
        compute="_compute_difference_qty",
        store=True,
        help="Recorded minus counted: above zero, more was used than recorded.",
    )
    adjusted_qty = fields.Float(
        "Adjusted in Between",
        digits="Product Unit",
        readonly=True,
        help="What other adjustments took off the record since the previous count: "
        "counts that are set aside, and their reverting.",
    )
    expected_qty = fields.Float(
        "Expected",
        digits="Product Unit",
        readonly=True,
        help="What the postings since the previous count expected to consume.",
    )
    line_ids = fields.One2many(
        "mrp.backflush.count.line", "count_id", "Expected by BoM Line", readonly=True
    )
    share_ids = fields.One2many(
        "mrp.backflush.count.share", "count_id", "Shares", readonly=True
    )
    cause = fields.Selection(CAUSES, readonly=True)
    explained_qty = fields.Float(
        "Explained",
        digits="Product Unit",
        readonly=True,
        help="The part of the difference that its cause accounts for, with what its "
        "recipes and its loss in time are known to take.",
    )
    recipe_qty = fields.Float(
        "Explained by Recipes",
        digits="Product Unit",
        readonly=True,
        help="What lines that are known to be wrong, and a steady loss, account for.",
    )
    is_stale = TechnicalBoolean(
        readonly=True,
        help="More is known of its recipes than when its cause was looked for: the "
        "scheduled action looks again.",
    )
    figures = fields.Json(
        readonly=True, help="The names and numbers that the explanation is made of."
    )
    explanation = fields.Text(compute="_compute_explanation")
    is_alarm = fields.Boolean(
        "Alarm",
        readonly=True,
        help="With this count the component was found to drift.",
    )
    set_aside = fields.Selection(
        [
            ("first", "First count"),
            ("partial", "Only a part was counted"),
            ("outdated", "Stock moved after the count"),
            ("reverted", "Reverted"),
        ],
        readonly=True,
        help="Why nothing is concluded from this count.",
    )

    _stale_idx = models.Index("(date) WHERE is_stale")
    # The counts of a component at a location, the latest first.
    _place_idx = models.Index("(product_id, location_id, date DESC, id DESC)")

    @api.depends("recorded_qty", "counted_qty")
    def _compute_difference_qty(self):
        for count in self:
            count.difference_qty = count.recorded_qty - count.counted_qty

    @api.depends("product_id", "date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for count in self:
            date = format_date(self.env, count.date) if count.date else ""
            count.display_name = f"{count.product_id.display_name} {date}"

    @api.depends("cause", "figures", "set_aside")
    @api.depends_context("lang")
    def _compute_explanation(self):
        texts = self._get_explanations()
        for count in self:
            figures = count.figures or {}
            kind = count.set_aside or count.cause
            if any(map(figures.get, ("twice", "counted", "candidates"))):
                kind = f"{kind}_other"
            text = texts.get(kind, "")
            count.explanation = text and text % count._format_figures()

    def _format_figures(self):
        """The figures of the explanation, in the language of the reader."""
        figures = dict(self.figures or {})
        plain = self.with_context(display_default_code=False).env
        for name, model in (
            ("product", "product.product"),
            ("other", "product.product"),
            ("operation", "mrp.routing.workcenter"),
        ):
            if name in figures:
                figures[name] = plain[model].browse(figures[name]).display_name
        if figures.get("candidates"):
            templates = plain["product.template"].browse(figures["candidates"])
            figures["candidates"] = ", ".join(templates.mapped("display_name"))
            figures["candidate"] = templates[0].display_name
        for name in ("quantity", "factor"):
            if name in figures:
                figures[name] = formatLang(
                    self.env, figures[name], digits=_count_decimals(figures[name])
                )
        return figures

    @api.model
    def _get_explanations(self):
        """The sentence for each cause, or for why a count is set aside."""
        return {
            "first": self.env._(
                "The first count here: later ones are compared with it."
            ),
            "partial": self.env._(
                "Other lots, packages or owners of the component have not been counted "
                "with it."
            ),
            "outdated": self.env._(
                "The stock had moved between the count and its entry."
            ),
            "reverted": self.env._("The count was taken back."),
            "noise": self.env._("No more than a careful count is usually off."),
            "unit": self.env._(
                "%(factor)s times as much was used as expected: a unit of measure is "
                "mixed up."
            ),
            "unit_other": self.env._(
                "%(factor)s times what is on record was counted: in another unit of "
                "measure?"
            ),
            "miscount": self.env._(
                "The count before or after it is off by as much the other way: one of "
                "them was miscounted."
            ),
            "swap": self.env._(
                "%(other)s is off by as much the other way: they were mixed up."
            ),
            "unreported": self.env._(
                "All components of %(product)s are off in proportion: %(quantity)s not "
                "reported."
            ),
            "unreported_other": self.env._(
                "All components of %(product)s are off in proportion: %(quantity)s "
                "reported that were not made, or twice."
            ),
            "scrap": self.env._(
                "The components of %(product)s up to %(operation)s are off in "
                "proportion: %(quantity)s scrapped there and not reported."
            ),
            "line": self.env._("The bill of materials: see the proposal."),
            "loss": self.env._("It gets lost in time, whatever is produced."),
            "unclear_other": self.env._(
                "It may be the bill of materials of %(candidates)s. To decide it, "
                "count before and after a run of %(candidate)s only."
            ),
            "unclear": self.env._("Nothing known explains it."),
        }

    def action_view_shares(self):
        """Open the shares of the postings in the difference of this count."""
        return self.share_ids._get_records_action(name=self.env._("Shares"))

    @api.model
    def _get_before(self, product, location, company):
        """The last count that an interval may begin with."""
        return self.search(
            [
                ("product_id", "=", product.id),
                ("location_id", "=", location.id),
                ("company_id", "=", company.id),
                "|",
                ("set_aside", "=", False),
                ("set_aside", "not in", UNTRUE),
            ],
            limit=1,
        )


def _count_decimals(value):
    return len(f"{value:.3f}".rstrip("0").partition(".")[2])
