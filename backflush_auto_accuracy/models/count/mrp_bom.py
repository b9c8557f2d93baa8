from odoo import api, models

from ...accuracy.causes import Recipe


class MrpBom(models.Model):
    _inherit = "mrp.bom"

    @api.model
    def _get_backflush_recipes(self, products, known):
        """What the backflushed bills of materials take that have one of these.

        :param products: ``product.product`` recordset of components
        :param known: ``{(id of a company, id of a bill of materials): Recipe}``, those
            that were read before; it is added to
        :return: list of :class:`.Recipe`, in the units of the products
        """
        lines, boms = self.env["mrp.bom.line"], self.browse()
        while products:
            found = lines.search([("product_id", "in", products.ids)]).bom_id - boms
            found = found.filtered(
                lambda bom: (
                    bom.active and bom.company_id.id in (False, self.env.company.id)
                )
            )
            boms |= found
            kits = found.filtered(lambda bom: bom.type == "phantom")
            products = kits.product_tmpl_id.product_variant_ids
        boms = boms.filtered(lambda bom: bom.backflush and bom.type != "phantom")
        recipes = []
        for bom in boms:
            key = self.env.company.id, bom.id
            if key not in known:
                known[key] = bom._get_backflush_recipe()
            recipes += [known[key]] if known[key] else []
        return recipes

    def _get_backflush_recipe(self):
        """What one unit of the product takes, of what is in stock and per unit."""
        self.ensure_one()
        product = self.product_id or self.product_tmpl_id.product_variant_id
        if not product:
            return None
        per_bom = self.product_uom_id._compute_quantity(
            self.product_qty, product.uom_id, round=False
        )
        operations = list(self.operation_ids)
        quantities, steps = {}, {}
        for line, data in self.explode(product, 1.0)[1]:
            component = line.product_id
            method = line._get_backflush_method(data["backflush_parent_lines"])
            rule = line._get_backflush_bom_rule(data)
            if method in ("bulk", "manual") or not component.is_storable:
                continue
            if line.backflush_basis == "order":
                continue
            quantity = line.product_uom_id._compute_quantity(
                rule.ratio * (1 + rule.scrap / 100), component.uom_id, round=False
            )
            quantities[component.id] = quantities.get(component.id, 0.0)
            quantities[component.id] += quantity / per_bom
            if line.operation_id in operations:
                steps[component.id] = operations.index(line.operation_id) + 1
        return Recipe(self.id, quantities, steps)
