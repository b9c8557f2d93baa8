from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def action_view_backflush_variance(self):
        """Open the variance of these components."""
        variance = self.env["mrp.backflush.variance"]
        return variance._get_backflush_variance_action(
            [("component_id", "in", self.ids)]
        )
