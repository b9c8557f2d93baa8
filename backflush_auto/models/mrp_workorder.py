from odoo import models


class MrpWorkorder(models.Model):
    _inherit = "mrp.workorder"

    def button_finish(self):
        # Odoo fills and picks the components of a finished work order; on a backflushed
        # order the posting decides that.
        orders = self.with_context(backflush_hold_components=True)
        return super(MrpWorkorder, orders).button_finish()
