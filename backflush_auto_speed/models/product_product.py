from odoo import models

from ..switches import is_switched_off


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _remember_backflush_no_kits(self):
        """Know that these products are no kits: Odoo would ask once more."""
        boms = self.env["mrp.bom"]
        if self and not is_switched_off(
            "Finding kits",
            (self, "_compute_is_kits", "mrp"),
            (boms, "_bom_find", "mrp"),
            (boms, "_bom_find_domain", "mrp"),
        ):
            self._fields["is_kits"]._insert_cache(self, [False] * len(self))
