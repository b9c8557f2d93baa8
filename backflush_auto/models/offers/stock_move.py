from odoo import models

from ...overridden import is_overridden
from ...posting.offers import ALL, KNOWN, DryRun


class StockMove(models.Model):
    """A component for which Odoo is asked what it may take, see ``offers``."""

    _inherit = "stock.move"

    def _ask_backflush_stock(self):
        """Let Odoo reserve all that lies at the source location."""
        self._update_reserved_quantity(ALL, self.location_id, strict=False)

    def _get_backflush_offers(self, quantity=None):
        """What Odoo would reserve for this component, beside what it holds already.

        :param quantity: in the product's unit; all there is where it is not given
        :return: ``{Place: quantity in the product's unit}``, in the order in which it
            is taken
        """
        self.ensure_one()
        unit = self.product_id.uom_id
        wanted = unit._compute_quantity(quantity or ALL, self.product_uom, round=False)
        offers = DryRun(self).ask(wanted)
        if is_overridden(self, "_get_available_quantity", *KNOWN):
            left = self._get_available_quantity(self.location_id)
            for place, offer in offers.items():
                offers[place] = max(0.0, min(offer, left))
                left -= offers[place]
        return {place: offer for place, offer in offers.items() if offer > 0}
