from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    backflush_count_sd = fields.Float(
        related="company_id.backflush_count_sd", readonly=False
    )
    backflush_process_sd = fields.Float(
        related="company_id.backflush_process_sd", readonly=False
    )
    backflush_proposal_value = fields.Monetary(
        related="company_id.backflush_proposal_value",
        currency_field="company_currency_id",
        readonly=False,
    )
    company_currency_id = fields.Many2one(related="company_id.currency_id")
