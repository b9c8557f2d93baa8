from odoo import models

from ..context import with_private
from ..overridden import is_overridden
from ..posting.offers import ALL, KNOWN, DryRun, find_dry_run


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """A component for which Odoo is asked what it may take, see ``offers``."""

    _inherit = "stock.move"

    def write(self, vals):
        run = find_dry_run(self)
        if run and run.holds(self):
            return True
        return super().write(vals)

    def _action_assign(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.holds(self):
            # Reserved or not: it is about to be posted.
            self = with_private(self, reserve=True)
        return super()._action_assign(*args, **kwargs)

    def _should_bypass_reservation(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.holds(self):
            run.env = self.env
        return super()._should_bypass_reservation(*args, **kwargs)

    def _update_reserved_quantity(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.holds(self):
            run.is_asked = True
        return super()._update_reserved_quantity(*args, **kwargs)

    def _get_available_move_lines(self, *args, **kwargs):
        # Odoo reserves what transfers have brought; a posting takes what is there.
        run = find_dry_run(self)
        if not (run and run.holds(self)):
            return super()._get_available_move_lines(*args, **kwargs)
        self._ask_backflush_stock()
        return {}

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
