from odoo import api, fields, models


class MrpBackflushSubmission(models.Model):
    """The reports that a program asks for by one name."""

    _name = "mrp.backflush.submission"
    _description = "Submitted Reports of One Call"
    _order = "id desc"

    name = fields.Char("Job", required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    submitted_ids = fields.Many2many(
        "mrp.backflush.submitted", string="Reports", readonly=True
    )

    _name_uniq = models.Constraint("UNIQUE(name)", "This submission exists already.")

    @api.autovacuum
    def _gc_empty(self):
        """Delete submissions none of whose reports is kept any more."""
        self.sudo().search([("submitted_ids", "=", False)]).unlink()
