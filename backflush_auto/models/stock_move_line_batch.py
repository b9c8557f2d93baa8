from odoo import models

from ..batch import find_mixed_companies, is_overridden
from ..context import get_private
from ..ledger import Ledger, find_ledger, settle_ledgers


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMoveLine(models.Model):
    """The lines of a posting change each quant once, see ``ledger``.

    Stock Odoo takes 4 queries for each line, and writes the quant that many lines share
    for every one of them.
    """

    _inherit = "stock.move.line"

    def _action_done(self, *args, **kwargs):
        self._check_backflush_undone()
        # Nobody else moves stock while some of it is in memory.
        settle_ledgers(self.env.cr)
        if not self._is_backflush_plain():
            return super()._action_done(*args, **kwargs)
        with Ledger(self):
            return super()._action_done(*args, **kwargs)

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        is_reservation = action == "reserved"
        if is_reservation and self.id in get_private(self.env, "unreserved", ()):
            return 0, in_date
        ledger = find_ledger(self)
        if not ledger:
            return super()._synchronize_quant(
                quantity, location, action=action, in_date=in_date, **quants_value
            )
        if is_reservation:
            bypassed = self.move_id._should_bypass_reservation(location)
        else:
            bypassed = location.should_bypass_reservation()
        # Found last: whoever was asked may have settled the ledger.
        entry = self._find_backflush_entry(ledger, location, quants_value)
        if not entry:
            res = super()._synchronize_quant(
                quantity, location, action=action, in_date=in_date, **quants_value
            )
        elif not self.product_id.is_storable or self.product_uom_id.is_zero(quantity):
            res = 0, False
        elif is_reservation:
            entry.reserved += 0 if bypassed else quantity
            res = 0, in_date
        else:
            res = entry.move(quantity, in_date, bypassed)
        if not is_reservation and quantity > 0:
            ledger.leave(self)  # what a line brings is the last that Odoo does with it
        return res

    def _check_company(self, *args, **kwargs):
        ours = self.browse()
        if not is_overridden(self, "_check_company", "backflush_auto"):
            ours = self.filtered(lambda line: line.move_id._filter_backflush_batch())
        lines = self - ours + find_mixed_companies(ours, *args, **kwargs)
        return super(StockMoveLine, lines)._check_company(*args, **kwargs)

    def _is_backflush_plain(self):
        """Whether all these lines are of backflushed orders, and none has a package."""
        return (
            self.move_id == self.move_id._filter_backflush_batch()
            and not self.package_id
            and not self.result_package_id
            and not self._is_backflush_sync_overridden()
        )

    def _is_backflush_sync_overridden(self):
        """Whether another addon has a say in how a single line moves its quants."""
        quants = self.env["stock.quant"]
        return any(
            is_overridden(records, name, "stock", "backflush_auto")
            for records, name in (
                (self, "_synchronize_quant"),
                (self, "_free_reservation"),
                (quants, "_gather"),
                (quants, "_update_reserved_quantity"),
            )
        )

    def _get_backflush_quant_place(self, location):
        """What tells the quant of this line at a location from another."""
        self.ensure_one()
        return self.product_id, location, self.lot_id, self.package_id, self.owner_id

    def _find_backflush_entry(self, ledger, location, quants_value):
        """The entry of the ledger that this line changes; None where there is none."""
        quants_by_place = self.env.context.get("quants_cache")
        if quants_by_place is None:
            return None
        place = self._get_backflush_quant_place(location)
        own = dict(zip(("lot", "package", "owner"), place[2:], strict=True))
        if own | quants_value != own:
            return None
        return ledger.find(place, quants_by_place)
