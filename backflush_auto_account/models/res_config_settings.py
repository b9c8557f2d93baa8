from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    backflush_close_gate = fields.Selection(
        related="company_id.backflush_close_gate", readonly=False, required=True
    )
