from odoo import models

from odoo.addons.backflush_auto.context import get_private


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    def action_cancel(self, *args, **kwargs):
        # A split cancels what is not needed, and Odoo deletes its analytic lines, which
        # whoever reports production may not even read.
        if get_private(self.env, "split") and all(
            self.production_id.mapped("backflush")
        ):
            workorders = self.sudo()
            lines = workorders.mo_analytic_account_line_ids
            lines |= workorders.wc_analytic_account_line_ids
            lines.unlink()
            # Read once, and empty, Odoo finds them in its cache.
            workorders.mapped("mo_analytic_account_line_ids")
            workorders.mapped("wc_analytic_account_line_ids")
        return super().action_cancel(*args, **kwargs)
