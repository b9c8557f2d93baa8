from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    backflush_count_sd = fields.Float(
        related="company_id.backflush_count_sd", readonly=False
    )
    backflush_process_sd = fields.Float(
        related="company_id.backflush_process_sd", readonly=False
    )
