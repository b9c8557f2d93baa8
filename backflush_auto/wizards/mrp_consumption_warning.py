from odoo import fields, models

from ..context import with_private


class MrpConsumptionWarning(models.TransientModel):
    _inherit = "mrp.consumption.warning"

    backflush_keep_open_ids = fields.Many2many(
        "mrp.production",
        "mrp_consumption_warning_backflush_keep_open_rel",
        string="Orders Kept Open",
        help="The orders for which “Keep open” was chosen before this question.",
    )

    def action_confirm(self, *args, **kwargs):
        kept = self.backflush_keep_open_ids & self.mrp_production_ids
        if kept:
            self = with_private(self, keep_open=kept._ids)
        return super().action_confirm(*args, **kwargs)

    def action_set_qty(self, *args, **kwargs):
        # Odoo would change what earlier postings of the order have moved.
        lines = self.mrp_consumption_warning_line_ids.filtered(
            lambda line: line.mrp_production_id.backflush
        )
        for order in lines.mrp_production_id:
            order._set_backflush_allowed()
        # Nobody may delete lines of this question; these are answered.
        lines.sudo().unlink()
        return super().action_set_qty(*args, **kwargs)


class MrpConsumptionWarningLine(models.TransientModel):
    _inherit = "mrp.consumption.warning.line"

    backflush_limit_qty = fields.Float(
        "Limit",
        digits="Product Unit",
        readonly=True,
        help="The least, or the most, that the bill of materials allows.",
    )
