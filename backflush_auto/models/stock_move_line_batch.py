from odoo import models

from ..batch import find_mixed_companies, is_overridden
from ..ledger import Ledger


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMoveLine(models.Model):
    """The lines of a posting change each quant once, see ``ledger``.

    Stock Odoo takes 4 queries for each line, and writes the quant that many lines share
    for every one of them.
    """

    _inherit = "stock.move.line"

    def _action_done(self):
        lines = self
        if self._is_backflush_plain():
            lines = self.with_context(backflush_ledger=Ledger(self))
        return super(StockMoveLine, lines)._action_done()

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        is_reservation = action == "reserved"
        if is_reservation and self.id in self.env.context.get(
            "backflush_unreserved", ()
        ):
            return 0, in_date
        entry = self._find_backflush_entry(location, quants_value)
        if not entry:
            return super()._synchronize_quant(
                quantity, location, action=action, in_date=in_date, **quants_value
            )
        if not self.product_id.is_storable or self.product_uom_id.is_zero(quantity):
            return 0, False
        if not is_reservation:
            return entry.move(quantity, in_date)
        if not self.move_id._should_bypass_reservation(location):
            entry.reserved += quantity
        return 0, in_date

    def write(self, vals):
        # Odoo dates the lines as soon as all are moved.
        ledger = self.env.context.get("backflush_ledger")
        if ledger and set(vals) == {"date"}:
            ledger.close()
        return super().write(vals)

    def _check_company(self, fnames=None):
        ours = self.filtered(lambda line: line.move_id._filter_backflush_batch())
        lines = self - ours + find_mixed_companies(ours, fnames)
        return super(StockMoveLine, lines)._check_company(fnames)

    def _is_backflush_plain(self):
        """Whether all these lines are of backflushed orders, and none has a package."""
        return (
            self.move_id == self.move_id._filter_backflush_batch()
            and not self.package_id
            and not self.result_package_id
            and not self._is_backflush_sync_overridden()
        )

    def _is_backflush_sync_overridden(self):
        return is_overridden(self, "_synchronize_quant", "stock", "backflush_auto")

    def _get_backflush_quant_place(self, location):
        """What tells the quant of this line at a location from another."""
        self.ensure_one()
        return self.product_id, location, self.lot_id, self.package_id, self.owner_id

    def _find_backflush_entry(self, location, quants_value):
        """The entry of the ledger that this line changes; None where there is none."""
        ledger = self.env.context.get("backflush_ledger")
        quants_by_place = self.env.context.get("quants_cache")
        if not ledger or quants_by_place is None or "lot" in quants_value:
            return None
        place = self._get_backflush_quant_place(location)
        return ledger.find(place, quants_by_place)
