from odoo import fields, models


class MailActivity(models.Model):
    _inherit = "mail.activity"

    backflush_debt = fields.Boolean(
        readonly=True, help="Planned for a product that is owed; ends when it is not."
    )
