from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools.misc import groupby

from ..context import get_private, without_defaults
from ..finite import FiniteFloat

# What a correction brings back is no component of the order any more, and what it takes
# away no product of it; the place of production tells the one from the other. What
# failed, and comes back from where it was scrapped, is neither.
COMPONENT_DOMAIN = [
    *("|", ("raw_material_production_id", "!=", False)),
    *("&", ("production_id", "=", False), ("location_id.usage", "=", "production")),
]
FINISHED_DOMAIN = [
    *("|", ("production_id", "!=", False)),
    *("&", ("raw_material_production_id", "=", False)),
    *("&", ("location_dest_id.usage", "=", "production")),
    ("location_id.usage", "!=", "inventory"),
]


class MrpBackflush(models.Model):
    _name = "mrp.backflush"
    _description = "Backflush"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Reference", required=True, readonly=True, index="trigram")
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True
    )
    workorder_id = fields.Many2one(
        "mrp.workorder",
        "Work Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The work order at which the work that consumed the components was "
        "reported.",
    )
    trigger = fields.Selection(
        [
            ("completion", "Completion"),
            ("operation", "Operation"),
            ("start", "Start"),
            ("reversal", "Correction"),
        ],
        required=True,
        readonly=True,
        default="completion",
        help="What made the components leave stock, or come back.",
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Reported By", readonly=True, default=lambda self: self.env.user
    )
    quantity = FiniteFloat(
        "Reported Quantity",
        digits="Product Unit",
        required=True,
        readonly=True,
        aggregator=None,
        help="What was reported, in the unit of the order: finished goods, or what was "
        "done at an operation, or what was started. They do not add up.",
    )
    produced_qty = FiniteFloat(
        "Produced",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        precompute=True,
        help="Finished goods, in the unit of the product.",
    )
    operation_qty = FiniteFloat(
        "Done at Operation",
        digits="Product Unit",
        compute="_compute_quantities",
        store=True,
        precompute=True,
        help="What was reported at an operation, in the unit of the product. Each "
        "operation counts by itself.",
    )
    scrapped_qty = FiniteFloat(
        "Scrapped",
        digits="Product Unit",
        readonly=True,
        help="Units of the product that failed, in its own unit. They count beside "
        "what was produced.",
    )
    scrap_ids = fields.One2many("stock.scrap", "backflush_id", readonly=True)
    later_scrapped_qty = FiniteFloat(
        "Scrapped Afterwards",
        digits="Product Unit",
        readonly=True,
        help="What was scrapped of the finished goods once they were reported as good, "
        "in the unit of the product. It is among what was produced.",
    )
    later_scrap_ids = fields.Many2many(
        "stock.scrap",
        "mrp_backflush_later_scrap_rel",
        "backflush_id",
        "scrap_id",
        "Scrapped Afterwards by",
        readonly=True,
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True, readonly=True)
    quantity_left = FiniteFloat(
        "Left",
        digits="Product Unit",
        compute="_compute_quantity_left",
        store=True,
        precompute=True,
        aggregator=None,
        help="The reported quantity, with what corrections took back left out.",
    )
    state = fields.Selection(
        [("posted", "Posted"), ("corrected", "Corrected"), ("reversed", "Reversed")],
        compute="_compute_quantity_left",
        store=True,
        precompute=True,
        help="Corrected: a part was taken back. Reversed: all of it was.",
    )
    reverses_id = fields.Many2one(
        "mrp.backflush",
        "Corrects",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="The posting of which this correction takes something back.",
    )
    correction_ids = fields.One2many(
        "mrp.backflush", "reverses_id", "Corrected By", readonly=True
    )
    reason = fields.Char(readonly=True, help="Why the posting was corrected.")
    reference = fields.Char(
        "External Reference",
        readonly=True,
        copy=False,
        help="What the reporting program calls this report. The same report with the "
        "same reference is posted once.",
    )
    payload_hash = fields.Char(
        readonly=True,
        copy=False,
        exportable=False,
        groups="base.group_system",
        help="Tells whether a repeated report is the same.",
    )
    result = fields.Json(
        readonly=True,
        copy=False,
        exportable=False,
        groups="base.group_system",
        help="What was answered to the report, for the program that repeats it.",
    )
    move_ids = fields.One2many(
        "stock.move",
        "backflush_id",
        "Components",
        domain=COMPONENT_DOMAIN,
        readonly=True,
    )
    finished_move_ids = fields.One2many(
        "stock.move",
        "backflush_id",
        "Finished Goods",
        domain=FINISHED_DOMAIN,
        readonly=True,
    )

    _reference_unique = models.UniqueIndex(
        "(company_id, reference) WHERE reference IS NOT NULL",
        "Another report was posted with this reference at the same moment.",
    )
    # The list of postings, latest first: of all companies, and of one among many.
    _latest_idx = models.Index("(date DESC, id DESC)")
    _company_latest_idx = models.Index("(company_id, date DESC, id DESC)")

    @api.depends("trigger", "quantity", "product_uom_id", "product_id", "reverses_id")
    def _compute_quantities(self):
        for posting in self:
            quantity = posting.product_uom_id._compute_quantity(
                posting.quantity, posting.product_id.uom_id, rounding_method="HALF-UP"
            )
            # A correction counts where the posting counts that it corrects.
            by_trigger = {(posting.reverses_id or posting).trigger: quantity}
            posting.produced_qty = by_trigger.get("completion", 0.0)
            posting.operation_qty = by_trigger.get("operation", 0.0)

    @api.depends("quantity", "correction_ids", "correction_ids.quantity")
    def _compute_quantity_left(self):
        for posting in self:
            corrections = sum(posting.correction_ids.mapped("quantity"))
            left = posting.product_uom_id.round(posting.quantity + corrections)
            posting.quantity_left = left
            posting.state = "posted"
            if posting.correction_ids:
                is_reversed = posting.product_uom_id.is_zero(left)
                posting.state = "reversed" if is_reversed else "corrected"

    @api.model_create_multi
    def create(self, vals_list):
        self = without_defaults(self)
        for company_id, group in groupby(vals_list, lambda v: v.get("company_id")):
            unnamed = [vals for vals in group if not vals.get("name")]
            numbers = self._draw_numbers(self._get_sequence(company_id), len(unnamed))
            for vals, number in zip(unnamed, numbers, strict=True):
                vals["name"] = number
        try:
            return super().create(vals_list)
        except UniqueViolation as error:
            # The other report with this reference is posted: tried again, this one
            # finds it and answers the same.
            raise ConcurrencyError(str(error)) from error

    @api.model
    def _get_sequence(self, company_id):
        """The sequence of a company's postings: its own, else the shared one.

        :raises UserError: where there is none
        """
        domain = [("code", "=", "mrp.backflush")]
        domain += [("company_id", "in", [company_id, False])]
        sequences = self.env["ir.sequence"]
        sequence = sequences.search_fetch(domain, order="company_id", limit=1)
        if not sequence:
            raise UserError(
                self.env._(
                    "Backflushes have no sequence to be numbered from: create one with "
                    "the code “mrp.backflush” under Settings > Technical > Sequences."
                )
            )
        return sequence

    @api.model
    def _draw_numbers(self, sequence, number):
        """Draw so many numbers of a sequence: list of texts."""
        return [sequence.next_by_id() for _number in range(number)]

    def write(self, vals):
        if self.env.su and set(vals) == {"result"}:
            return super().write(vals)
        if get_private(self.env, "record") and set(vals) == {"later_scrapped_qty"}:
            return super().write(vals)
        raise UserError(
            self.env._(
                "A backflush is the record of stock that has moved and cannot be "
                "changed: %(backflushes)s.",
                backflushes=", ".join(self.mapped("name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A backflush is the record of stock that has moved and cannot be "
                "deleted: %(backflushes)s.",
                backflushes=", ".join(self.mapped("name")),
            )
        )

    def _get_backflush_failed_moves(self):
        """The moves by which units went to scrap that these postings say failed."""
        failed = self.sudo().scrap_ids.filtered("backflush_qty")
        return failed._get_backflush_moves()

    def _count_backflush_later_scrap(self):
        """Count what was scrapped afterwards of the products of these postings."""
        for posting in self:
            made = posting.finished_move_ids._filter_backflush_main()
            scrapped = made.move_line_ids.mapped("backflush_scrapped_qty")
            posting.later_scrapped_qty = sum(scrapped)

    # --- What is answered to a report ---

    def _get_report_result(self, backorder):
        """The answer to the report that this posting was made for.

        :param backorder: ``mrp.production`` that carries on, may be empty
        :return: plain values; see ``mrp.production.backflush_post``
        """
        self.ensure_one()
        return {
            "id": self.id,
            "name": self.name,
            "reference": self.reference or "",
            "replayed": False,
            "production": self.production_id._get_backflush_result(),
            "backorder": {"id": backorder.id, "name": backorder.name}
            if backorder
            else {},
            "components": self.move_ids._get_backflush_results(),
        }

    def _get_replayed_result(self):
        """The answer to a report that was posted before, as it was given then."""
        result = self.sudo().result
        # Earlier versions knew of no scrap.
        production = {"qty_scrapped": 0.0, **result["production"]}
        return {**result, "production": production, "replayed": True}

    def _keep_report_result(self, result):
        """Keep the answer for a program that repeats its report."""
        if self.reference:
            self.sudo().result = result
