from odoo import api, models

from odoo.addons.backflush_auto.context import get_private

from ..pending_quants import write_pending


class StockQuant(models.Model):
    _name = "stock.quant"
    _inherit = ["stock.quant", "mrp.backflush.written"]

    @api.model
    def _search(self, *args, **kwargs):
        # Write pending quants first, so that a search finds them.
        write_pending(self.env.cr)
        return super()._search(*args, **kwargs)

    @api.model
    def _update_reserved_quantity(self, *args, **kwargs):
        # The lines of a posting are moved as soon as they are made, see FastPosting.
        if get_private(self.env, "skip_reservation"):
            return None
        return super()._update_reserved_quantity(*args, **kwargs)
