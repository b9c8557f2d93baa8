from odoo import api, fields, models

from ..texts import format_whole


class MrpBackflushReport(models.TransientModel):
    """What the dialog says to the person who reports."""

    _inherit = "mrp.backflush.report"

    summary = fields.Char(compute="_compute_summary")
    coverage = fields.Char(compute="_compute_summary")
    warning = fields.Text(compute="_compute_warning")
    beyond = fields.Text(compute="_compute_beyond")
    question = fields.Text(
        readonly=True,
        help="Consumption that differs from the bill of materials and has to be "
        "confirmed before it is posted.",
    )

    @api.depends("remaining_qty", "most_qty", "production_id", "warning")
    def _compute_summary(self):
        for report in self:
            order = report.production_id
            report.summary = order and report._get_summary()
            report.coverage = order and report._get_coverage()

    @api.depends(
        "component_ids.short_qty", "damage_ids.short_qty", "preview", "production_id"
    )
    def _compute_warning(self):
        for report in self:
            problem = (report.preview or {}).get("problem")
            report.warning = problem or report._get_shortage_warning()

    @api.onchange(
        "quantity",
        "component_ids",
        "order_ids",
        "scrapped_qty",
        "scrap_workorder_id",
        "make_up",
        "damage_ids",
        "remainder",
    )
    def _onchange_reported(self):
        self.question = False

    @api.depends(
        "preview",
        "remainder",
        "component_ids.changed",
        "component_ids.entered_qty",
        "production_id",
    )
    def _compute_beyond(self):
        for report in self:
            report.beyond = report._get_beyond()

    def _get_beyond(self):
        """What the bill of materials does not allow of what is entered, as it stands.

        :return: text; False where it allows all, or any
        """
        order = self.production_id
        if not order or order.consumption == "flexible":
            return False
        if "problem" in (self.preview or {}):
            return False
        order = self._get_preview_order()
        moves = self._get_reported_moves().with_env(order.env)
        issues = order._get_backflush_consumption_issues(
            moves=moves if self.workorder_id else None,
            totals=self._get_preview_totals(order),
            stays=self.has_remainder and self.remainder == "keep",
            entered=self.component_ids._get_entered(),
        )
        if not issues:
            return False
        title = self.env._("Beyond the bill of materials:")
        lines = order._describe_backflush_issues(issues)
        return "\n".join([title, *lines])

    def _get_question(self, issues):
        lines = self.production_ids._describe_backflush_issues(issues)
        title = self.env._(
            "The consumption differs from the bill of materials. Correct it, or post "
            "it anyway:"
        )
        return "\n".join([title, *lines])

    def _get_summary(self):
        order = self.production_id
        values = {
            "posted": self._format(self._get_posted_qty()),
            "planned": self._format(order.product_qty),
            "unit": order.product_uom_id.name,
            "scrapped": self._format(order.backflush_scrapped_qty),
            "remaining": self._format(self.remaining_qty),
        }
        if order.backflush_scrapped_qty:
            return self.env._(
                "%(posted)s of %(planned)s %(unit)s posted, %(scrapped)s scrapped, "
                "%(remaining)s remain;",
                **values,
            )
        return self.env._(
            "%(posted)s of %(planned)s %(unit)s posted, %(remaining)s remain;", **values
        )

    def _get_coverage(self):
        """What stock covers; nothing that contradicts the warning beside it."""
        if self.product_uom_id.compare(self.most_qty, self.remaining_qty) < 0:
            most = self._format(self.most_qty)
            return self.env._("stock covers at most %(most)s", most=most)
        return "" if self.warning else self.env._("stock covers it all")

    def _get_shortage_warning(self):
        """What a shortage means for this posting; False where there is none."""
        lines = [self.component_ids, self.damage_ids]
        short = [line for group in lines for line in group if line.short_qty]
        if not short:
            return False
        policy = self.production_id.backflush_shortage
        if policy == "defer" and not any(self.damage_ids.mapped("short_qty")):
            return self.env._(
                "Stock does not cover this: what is missing is taken when it comes."
            )
        if policy == "negative" and not any(
            line.has_tracking != "none" for line in short
        ):
            if self.component_ids.product_id._filter_backflush_leashed():
                return self.env._(
                    "Stock does not cover this: what is short goes into negative "
                    "stock, and what would go beyond the limit is taken when it comes."
                )
            return self.env._(
                "Stock does not cover this: what is short goes into negative stock."
            )
        return self.env._(
            "Stock does not cover this, and the posting will be refused: report less, "
            "or enter what was really consumed."
        )

    def _get_notification(self, results):
        """Close the dialog, and say what was posted and which backorders were made.

        :param results: of the reports, see ``mrp.production.backflush_post``
        """
        postings = self.env["mrp.backflush"].browse(r["id"] for r in results)
        backorders = [r["backorder"] for r in results if r["backorder"]]
        return postings._prepare_backflush_notice(backorders=backorders)

    def _format(self, quantity):
        """A quantity as a sentence has it."""
        return format_whole(self.env, quantity)
