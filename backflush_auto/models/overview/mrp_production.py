from odoo import models
from odoo.tools.misc import formatLang


class MrpProduction(models.Model):
    """What the overview of an order says of its scrap."""

    _inherit = "mrp.production"

    def _describe_backflush_scrap(self):
        """What failed, was spoilt or scrapped of this order, by reason.

        :return: list of texts
        """
        self.ensure_one()
        # Whoever may see the order may see it, in their language.
        scraps = self.scrap_ids.sudo()
        return [
            self.env._(
                "%(quantity)s %(unit)s %(product)s scrapped: %(reason)s",
                quantity=formatLang(self.env, quantity, dp="Product Unit"),
                unit=product.uom_id.name,
                product=product.display_name,
                reason=reason or self.env._("no reason"),
            )
            for (product, reason), quantity in scraps._sum_backflush_by_reason().items()
        ]
