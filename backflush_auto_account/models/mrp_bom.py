from odoo import models


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    def _get_backflush_rule_cost(self, product, boms_to_recompute):
        """What the rules of the components add to the cost that Odoo sees in this BoM.

        :param product: ``product.product`` that is made
        :param boms_to_recompute: the BoMs from which their products take their price
        :return: for the BoM's own quantity; negative where the rules take less
        """
        self.ensure_one()
        none = self.env["mrp.bom.line"]
        return sum(
            line._get_backflush_cost(line.product_qty, boms_to_recompute, none)
            - line._get_backflush_price(boms_to_recompute) * line.product_qty
            for line in self._get_backflush_lines(product)
        )

    def _get_backflush_kit_cost(self, product, quantity, *args):
        """What a quantity of this kit costs in a backflushed BoM.

        :param product: ``product.product`` of the kit
        :param quantity: in the unit of this BoM
        :param args: as for :meth:`mrp.bom.line._get_backflush_cost`
        """
        self.ensure_one()
        operations = self.operation_ids.filtered(
            lambda operation: not operation._skip_operation_line(product)
        ).with_context(product=product, quantity=quantity)
        return sum(operations.mapped("cost")) + sum(
            line._get_backflush_cost(
                quantity / self.product_qty * line.product_qty, *args
            )
            for line in self._get_backflush_lines(product)
        )

    def _get_backflush_lines(self, product):
        """The lines of this BoM that are for a variant of its product."""
        return self.bom_line_ids.filtered(lambda line: not line._skip_bom_line(product))
