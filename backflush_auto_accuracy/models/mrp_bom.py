from odoo import models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    def action_view_backflush_variance(self):
        """Open the variance of what these bills of materials consumed.

        The components of a kit are found by its lines: their order has the bill of
        materials of its product.
        """
        domain = [
            *("|", ("bom_id", "in", self.ids)),
            ("bom_line_id.bom_id", "in", self.ids),
        ]
        variance = self.env["mrp.backflush.variance"]
        return variance._get_backflush_variance_action(domain)
