from odoo import models

from ...context import get_private
from ..mrp_backflush_rule import QUANTITY_RULE


class StockMove(models.Model):
    """A component as its bill of materials has it."""

    _inherit = "stock.move"

    def _get_backflush_recipe_entry(self):
        """What the bill of materials says of it, while that is what counts."""
        recipe = get_private(self.env, "recipe")
        return recipe.get(self._get_backflush_key()) if recipe else None

    def _get_backflush_due_method(self):
        entry = self._get_backflush_recipe_entry()
        return entry["backflush_method"] if entry else self.backflush_method

    def _is_backflush_edited(self, entry):
        """Whether this part was consumed by another rule than that of the recipe."""
        return any(
            (self[name] or False) != entry[name]
            for name in ("backflush_ratio", "backflush_method", *QUANTITY_RULE)
        )

    def _convert_backflush_entry(self, entry):
        """An entry of the recipe in the unit of this component.

        :param entry: values of ``RECIPE_FIELDS``
        """
        unit = self.env["uom.uom"].browse(entry["product_uom"])
        own = self[:1].product_uom
        if own == unit:
            return entry
        return {
            **entry,
            "product_uom": own.id,
            **{
                name: unit._compute_quantity(entry[name] or 0.0, own, round=False)
                for name in ("backflush_ratio", "backflush_rounding")
            },
        }
