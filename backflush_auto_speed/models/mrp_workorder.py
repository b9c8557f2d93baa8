from odoo import models

from ..posting import FastInterimPosting


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    def _make_backflush_operation_posting(self, *extensions):
        return super()._make_backflush_operation_posting(
            *extensions, FastInterimPosting
        )
