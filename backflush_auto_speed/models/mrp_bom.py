from collections import defaultdict

from odoo import api, models

from odoo.addons.backflush_auto.context import PREFIX

from ..lookups import get_lookups
from ..switches import is_switched_off


class MrpBom(models.Model):
    """What new orders ask of their recipes is found once, see ``lookups``."""

    _name = "mrp.bom"
    _inherit = ["mrp.bom", "mrp.backflush.looked.up"]

    def explode(self, *args, **kwargs):
        recipes = get_lookups(self.env).recipes
        if recipes is None or is_switched_off(
            "Exploding the bill of materials of many orders", (self, "explode", "mrp")
        ):
            return super().explode(*args, **kwargs)
        # The lines belong to an environment, and an order collects them by it.
        asked = ("explode", self.env, self.id, args, tuple(sorted(kwargs.items())))
        if asked in recipes:
            boms, lines = recipes[asked]
            self._collect_backflush_lines(lines)
        else:
            boms, lines = recipes[asked] = super().explode(*args, **kwargs)
        return _copy(boms), _copy(lines)

    @api.model
    def _bom_find(self, *args, **kwargs):
        recipes = get_lookups(self.env).recipes
        if recipes is None or is_switched_off(
            "Finding the bills of materials of many orders",
            (self, "_bom_find", "mrp"),
            (self, "_bom_find_domain", "mrp"),
        ):
            return super()._bom_find(*args, **kwargs)
        asked = (
            ("find", self.env.uid, self.env.su, self._get_backflush_plain_context()),
            args,
            tuple(sorted(kwargs.items())),
        )
        if asked not in recipes:
            found = super()._bom_find(*args, **kwargs)
            recipes[asked] = {product.id: bom.id for product, bom in found.items()}
        products = self.env["product.product"]
        return defaultdict(
            self.browse,
            {
                products.browse(product_id): self.browse(bom_id or ())
                for product_id, bom_id in recipes[asked].items()
            },
        )

    def _get_backflush_plain_context(self):
        """The context without our private keys, which no search depends on: a text."""
        context = self.env.context
        return repr(
            sorted((k, context[k]) for k in context if not k.startswith(PREFIX))
        )


def _copy(found):
    """What an explosion has found, to be changed by whoever asked."""
    return [(record, dict(data)) for record, data in found]
