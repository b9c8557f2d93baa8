from odoo import models

LEASH_FIELDS = ("backflush_negative_limit", "backflush_negative_hours")


class ProductProduct(models.Model):
    """Whether, and for how long, a product may be negative."""

    _inherit = "product.product"

    def _get_backflush_leash(self, name):
        """A limit of negative stock of this product; see ``mrp.backflush.leash``."""
        return self.product_tmpl_id._get_backflush_leash(name)

    def _can_backflush_be_negative(self, location):
        """Whether a posting may take this product below zero there.

        Addons that forbid negative stock have their say here. By these fields OCA's
        ``stock_no_negative`` says where it is allowed.
        """
        location = location.sudo()
        if "allow_negative_stock" not in location._fields:
            return True
        places = (self, self.categ_id, location)
        return any(place.allow_negative_stock for place in places)

    def _filter_backflush_leashed(self):
        """The products whose negative stock is limited."""
        return self.filtered(
            lambda product: (
                product.is_storable
                and any(product._get_backflush_leash(name) for name in LEASH_FIELDS)
            )
        )
