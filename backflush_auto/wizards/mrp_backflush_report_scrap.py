from odoo import api, fields, models

from ..finite import FiniteFloat
from ..reporting.payload import Reader


class MrpBackflushReport(models.TransientModel):
    """What failed, or was spoilt, of what is reported in the dialog."""

    _inherit = "mrp.backflush.report"

    scrapped_qty = FiniteFloat(
        "Scrapped",
        digits="Product Unit",
        help="Units that failed, beside the good ones. Components are consumed for "
        "them up to the operation at which they failed, and they do not come into "
        "stock.",
    )
    scrap_reason_id = fields.Many2one(
        "stock.scrap.reason.tag", help="Why these units failed."
    )
    scrap_workorder_id = fields.Many2one(
        "mrp.workorder",
        "Failed At",
        domain="[('production_id', '=', production_id)]",
        help="The work order at which these units failed: what is consumed after it is "
        "not consumed for them. Left empty, they were finished.",
    )
    has_operations = fields.Boolean(compute="_compute_has_operations")
    make_up = fields.Boolean(
        "Make Others Instead",
        help="Other units are made in the place of those that failed. Otherwise they "
        "count towards the quantity of the order.",
    )
    quantity_entered = fields.Boolean(
        help="Another good quantity was entered than was proposed."
    )
    damage_ids = fields.One2many(
        "mrp.backflush.report.damage", "report_id", "Damaged Components"
    )
    damageable_ids = fields.Many2many(
        "product.product", compute="_compute_damageable_ids"
    )

    @api.depends("scrapped_qty")
    def _compute_quantity(self):
        kept = self.filtered("quantity_entered")
        for report in kept:
            report.quantity = report.quantity
        res = super(MrpBackflushReport, self - kept)._compute_quantity()
        for report in (self - kept).filtered("production_id"):
            report.quantity = report._get_proposed_quantity()
        return res

    @api.depends("production_id")
    def _compute_has_operations(self):
        for report in self:
            report.has_operations = bool(report.production_id.workorder_ids)

    @api.depends("production_id")
    def _compute_damageable_ids(self):
        for report in self:
            moves = report.production_id.move_raw_ids
            kept = moves.filtered(lambda move: move.state != "cancel")
            report.damageable_ids = kept.product_id

    @api.onchange("quantity")
    def _onchange_quantity(self):
        if self.production_id:
            proposed = self._get_proposed_quantity()
            differs = self.product_uom_id.compare(self.quantity, proposed)
            self.quantity_entered = bool(differs)

    def _get_proposed_quantity(self):
        """The good units where nobody has entered any: what failed is not among them.

        What a person has entered on the order stands.
        """
        order = self.production_id
        workorder = self.workorder_id._origin
        if workorder:
            proposed = workorder._get_backflush_remaining()
        else:
            proposed = order._get_backflush_dialog_quantity()
            if order._get_backflush_entered():
                return proposed
        # While a person types, the field may hold anything.
        failed = max(0.0, self.scrapped_qty)
        return max(0.0, self.product_uom_id.round(proposed - failed))

    def _is_only_scrapped(self):
        """Whether something failed, or was spoilt, and nothing good is reported."""
        nothing = self.product_uom_id.compare(self.quantity, 0.0) <= 0
        return nothing and bool(self._prepare_entries())

    def _prepare_scrap_values(self):
        """What failed, as ``mrp.production.backflush_post`` takes it."""
        values = self._prepare_entries()
        if values and self._is_only_scrapped():
            values["scrap_only"] = True
        return values

    def _prepare_entries(self):
        """The entries of what failed, and of what was spoilt."""
        values = {}
        if not self.product_uom_id.is_zero(self.scrapped_qty):
            entry = {
                "quantity": self.scrapped_qty,
                "reason": self.scrap_reason_id.name or "",
                "workorder_id": self.scrap_workorder_id._origin.id or 0,
            }
            values.update(scrap=[entry], make_up=self.make_up)
        damaged = [line._prepare_entry() for line in self._get_damage()]
        if damaged:
            values["damaged"] = damaged
        return values

    def _get_damage(self):
        """The lines that say what was spoilt; those just added do not yet."""
        return self.damage_ids.filtered(lambda line: line.product_id and line.quantity)

    def _get_preview_order(self):
        """The order as if what failed had been entered on it.

        :raises UserError: where it cannot be
        """
        order = self.production_id
        values = self._prepare_entries()
        if not values:
            return order
        values["production_id"] = order.id
        values["workorder_id"] = self.workorder_id._origin.id or 0
        report = Reader(self.env).read_report(values)
        return order._preview_backflush_scrap(report)
