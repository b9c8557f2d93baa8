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
    backflush_by_person = fields.Boolean(
        related="company_id.backflush_by_person", readonly=False
    )
    backflush_class_a = fields.Float(
        related="company_id.backflush_class_a", readonly=False
    )
    backflush_class_b = fields.Float(
        related="company_id.backflush_class_b", readonly=False
    )
    backflush_right_a = fields.Float(
        related="company_id.backflush_right_a", readonly=False
    )
    backflush_right_b = fields.Float(
        related="company_id.backflush_right_b", readonly=False
    )
    backflush_right_c = fields.Float(
        related="company_id.backflush_right_c", readonly=False
    )
    backflush_right_bom = fields.Float(
        related="company_id.backflush_right_bom", readonly=False
    )
