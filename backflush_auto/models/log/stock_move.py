from odoo import models

from ...texts import format_quantity


class StockMove(models.Model):
    """What the log of an order says of a component."""

    _inherit = "stock.move"

    def _describe_backflush_difference(self):
        """What differed from what was expected of a posted component.

        :return: text; empty where nothing did
        """
        if not (self.backflush_deferred or self.backflush_variance_qty):
            return ""
        values = {
            "product": self.product_id.display_name,
            "unit": self.product_uom.name,
        }
        if self.backflush_deferred:
            quantity = format_quantity(self.env, self.product_uom_qty)
            return self.env._(
                "%(product)s: %(quantity)s %(unit)s deferred",
                quantity=quantity,
                **values,
            )
        return self.env._(
            "%(product)s: %(consumed)s %(unit)s instead of %(expected)s",
            consumed=format_quantity(self.env, self.quantity),
            expected=format_quantity(self.env, self.backflush_expected_qty),
            **values,
        )
