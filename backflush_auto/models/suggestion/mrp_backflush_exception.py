from collections import defaultdict

from odoo import api, fields, models
from odoo.tools.misc import formatLang


class MrpBackflushException(models.Model):
    """Why debts are not paid, and what a person can do about them."""

    _inherit = "mrp.backflush.exception"

    suggestion = fields.Char(
        compute="_compute_suggestion", help="What would pay the debt."
    )

    @api.depends("state", "cause")
    @api.depends_context("lang")
    def _compute_suggestion(self):
        waiting = self.filtered(lambda debt: debt.state == "waiting")
        (self - waiting).suggestion = False
        for debt, finding in waiting._find_causes().items():
            debt.suggestion = debt._suggest(finding)

    def _suggest(self, finding):
        """What a person can do about this debt.

        :param finding: :class:`Finding`
        """
        unit = self.product_id.uom_id
        if self.product_id.tracking != "none" and finding.lots:
            lot, _free = finding.lots[0]
            return self.env._("Lot %(lot)s is free", lot=lot.name)
        if finding.here < 0:
            return self.env._("Stock on record looks wrong: count it")
        if finding.reserved:
            return self.env._(
                "Other orders have reserved %(quantity)s %(unit)s",
                quantity=self._format_quantity(finding.reserved),
                unit=unit.name,
            )
        if finding.elsewhere:
            place, free = max(finding.elsewhere, key=lambda found: found[1])
            return self.env._(
                "%(quantity)s %(unit)s in %(place)s: transfer",
                quantity=self._format_quantity(free),
                unit=unit.name,
                place=place.display_name,
            )
        return self.env._("Not in stock")

    def _format_quantity(self, quantity):
        return formatLang(self.env, quantity, dp="Product Unit")

    def _find_causes(self):
        """Why each debt is not paid, by what stock says now.

        :return: ``{debt: Finding}``
        """
        quants = self.env["stock.quant"].sudo()
        rows = quants._read_group(
            [
                ("product_id", "in", self.product_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("location_id.usage", "=", "internal"),
            ],
            ["product_id", "company_id", "location_id", "lot_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        by_product = defaultdict(list)
        for product, company, *row in rows:
            by_product[product, company].append(row)
        return {
            debt: debt._find_cause(by_product[debt.product_id, debt.company_id])
            for debt in self
        }

    def _find_cause(self, rows):
        """Why this debt is not paid.

        :param rows: ``(location, lot, quantity, reserved)`` of the product's stock
        """
        self.ensure_one()
        finding = Finding()
        path = self.location_id.parent_path
        for location, lot, quantity, reserved in rows:
            is_here = location.parent_path.startswith(path)
            free = quantity - reserved
            if is_here:
                finding.here += quantity
                finding.reserved += min(reserved, max(0.0, quantity))
            if free > 0 and is_here and lot:
                finding.lots.append((lot, free))
            elif free > 0 and not is_here:
                finding.elsewhere.append((location, free))
        tracking = self.product_id.tracking
        if tracking == "serial":
            finding.cause = "serial"
        elif self.lot_ids or tracking == "lot" and finding.here > finding.reserved:
            finding.cause = "lot"
        elif finding.reserved:
            finding.cause = "reserved"
        elif finding.elsewhere:
            finding.cause = "location"
        return finding


class Finding:
    """What stock says about a debt, in the product's unit."""

    def __init__(self):
        self.cause = "short"
        self.here = 0.0
        self.reserved = 0.0
        self.lots = []
        self.elsewhere = []
