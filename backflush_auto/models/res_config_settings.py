from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    backflush_default = fields.Boolean(
        related="company_id.backflush_default", readonly=False
    )
    backflush_shortage = fields.Selection(
        related="company_id.backflush_shortage", readonly=False, required=True
    )
    backflush_reserve = fields.Boolean(
        related="company_id.backflush_reserve", readonly=False
    )
    backflush_serial_auto = fields.Boolean(
        related="company_id.backflush_serial_auto", readonly=False
    )
    backflush_over_completion = fields.Float(
        related="company_id.backflush_over_completion", readonly=False
    )
    backflush_correct_hours = fields.Float(
        related="company_id.backflush_correct_hours", readonly=False
    )
