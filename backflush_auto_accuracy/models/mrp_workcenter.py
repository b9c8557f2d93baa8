from odoo import models


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    def action_view_backflush_variance(self):
        """Open the variance of what was consumed at these work centers."""
        variance = self.env["mrp.backflush.variance"]
        return variance._get_backflush_variance_action(
            [("workcenter_id", "in", self.ids)]
        )
