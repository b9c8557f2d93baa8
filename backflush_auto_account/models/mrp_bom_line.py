from odoo import models


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    def _get_backflush_cost(self, quantity, boms_to_recompute, parent_lines):
        """What an order of the BoM's quantity consumes of this line, valued.

        :param quantity: of the component, in the line's unit, before the line's rule
        :param boms_to_recompute: the BoMs from which their products take their price
        :param parent_lines: the kit lines around it, from the inside out
        """
        target = self._get_backflush_target(quantity)
        kit = self.child_bom_id
        if kit.type == "phantom":
            unit = self.product_uom_id
            return kit._get_backflush_kit_cost(
                self.product_id,
                unit._compute_quantity(target, kit.product_uom_id, round=False),
                boms_to_recompute,
                self + parent_lines,
            )
        if self._get_backflush_method(parent_lines) == "bulk":
            return 0.0
        return target * self._get_backflush_price(boms_to_recompute)

    def _get_backflush_price(self, boms_to_recompute):
        """The price of one unit of this line, as Odoo's roll-up takes it."""
        self.ensure_one()
        product, bom = self.product_id, self.child_bom_id
        price = product.standard_price
        if bom and bom in boms_to_recompute:
            price = product._compute_bom_price(bom, boms_to_recompute)
        return product.uom_id._compute_price(price, self.product_uom_id)
