from odoo import api, models
from odoo.fields import Domain

from ...context import get_private

# Where a transaction keeps what was reserved in it, and is not any more.
FREED = "backflush_freed"


class StockQuant(models.Model):
    """Stock that changes by no move: an administrator has edited it."""

    _inherit = "stock.quant"

    def _follow_backflush_stock(self):
        """See what is negative, and let what is there pay what is owed there."""
        if get_private(self.env, "holds_debts"):
            return  # a move is under way, and sees to it
        self._watch_backflush_negative()
        arrivals = {
            (quant.product_id, quant.location_id)
            for quant in self.sudo()
            if quant.quantity > 0
            and quant.product_id.is_storable
            and not quant.location_id.should_bypass_reservation()
        }
        if arrivals:
            self.env["mrp.backflush.exception"].sudo()._settle_arrivals(arrivals)

    @api.model
    def _note_backflush_freed(self, product, location):
        """Let what is not reserved any more pay what is owed there, soon.

        Most of it leaves, or is reserved anew, before the transaction ends: what is
        still free then is for the scheduled action.
        """
        precommit = self.env.cr.precommit
        freed = precommit.data.setdefault(FREED, set())
        if not freed:
            precommit.add(self.sudo()._trigger_backflush_freed)
        freed.add((product.id, location.id))

    @api.model
    def _trigger_backflush_freed(self):
        freed = self.env.cr.precommit.data.pop(FREED, ())
        debts = self.env["mrp.backflush.exception"]
        domain = Domain("product_id", "in", [product for product, _place in freed])
        domain &= Domain("location_id", "in", [place for _product, place in freed])
        rows = self._read_group(
            domain & Domain("quantity", ">", 0),
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        arrivals = {
            (product, location)
            for product, location, quantity, reserved in rows
            if quantity > reserved and (product.id, location.id) in freed
        }
        if arrivals and debts._find_waiting(arrivals, 1):
            debts._trigger()
