from odoo import models
from odoo.tools import float_round

from odoo.addons.backflush_auto.context import get_private, with_private


class ProductProduct(models.Model):
    """*Compute Price from BoM* takes what an order of the BoM's quantity consumes."""

    _inherit = "product.product"

    def _compute_bom_price(
        self, bom, boms_to_recompute=False, byproduct_bom=False, *args, **kwargs
    ):
        prices = get_private(self.env, "bom_prices")
        if prices is None:
            prices = {}
            bom = bom and with_private(bom, bom_prices=prices)
        key = (self, bom, byproduct_bom)
        if key not in prices:
            price = super()._compute_bom_price(
                bom, boms_to_recompute, byproduct_bom, *args, **kwargs
            )
            if bom and bom.backflush and bom.type != "phantom":
                cost = bom._get_backflush_rule_cost(self, boms_to_recompute or [])
                price += cost * self._get_backflush_cost_portion(bom, byproduct_bom)
            prices[key] = price
        return prices[key]

    def _get_backflush_cost_portion(self, bom, byproduct_bom):
        """How much of the cost of a BoM one unit of this product bears, as in Odoo.

        :param byproduct_bom: whether the product is a by-product of it
        """
        self.ensure_one()
        if not byproduct_bom:
            others = sum(bom.byproduct_ids.mapped("cost_share"))
            share = float_round(1 - others / 100, precision_rounding=0.0001)
            return bom.product_uom_id._compute_price(
                share / bom.product_qty, self.uom_id
            )
        lines = bom.byproduct_ids.filtered(
            lambda line: line.product_id == self and line.cost_share
        )
        quantity = sum(
            line.product_uom_id._compute_quantity(
                line.product_qty, self.uom_id, round=False
            )
            for line in lines
        )
        return sum(lines.mapped("cost_share")) / 100 / quantity if quantity else 0.0
