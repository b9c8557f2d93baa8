from odoo import models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def action_view_backflush_variance(self):
        """Open the variance of these components, of all their variants."""
        everything = self.with_context(active_test=False)
        return everything.product_variant_ids.action_view_backflush_variance()
