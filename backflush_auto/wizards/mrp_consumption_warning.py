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
