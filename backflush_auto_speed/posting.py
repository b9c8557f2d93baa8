"""Postings, and corrections, that reserve no line which is about to be moved."""

from odoo.addons.backflush_auto.context import get_private, with_private
from odoo.addons.backflush_auto.posting.correction import Correction
from odoo.addons.backflush_auto.posting.posting import Posting


class FastPosting(Posting):
    """Reserves nothing that is about to leave: two writes of a quant less a line."""

    def _create_taken_lines(self, vals_list):
        # What was not reserved is not to be released: the ids go to a private key.
        unreserved = get_private(self.env, "unreserved")
        if unreserved is None or self._is_rest_reserved():
            return super()._create_taken_lines(vals_list)
        lines = with_private(
            self.env["stock.move.line"], skip_reservation=True, record=True
        )
        created = lines.create(vals_list).with_env(self.env)
        unreserved.update(created._ids)
        return created

    def _is_rest_reserved(self):
        """Whether Odoo reserves what remains while the lines are still on their way."""
        return any(
            move._should_reserve_backflush() and not move._should_bypass_reservation()
            for move in self.moves._filter_backflush_staying_open()
        )


class FastInterimPosting(FastPosting):
    """The same, of what leaves before its order is complete."""

    def _prepare_orders(self, orders):
        orders = super()._prepare_orders(orders)
        return orders._leave_backflush_unreserved(cancel_backorder=False)


class FastCorrection(Correction):
    """The same, of what comes back."""

    def _create_lines(self, vals_list):
        lines = self.env["stock.move.line"]
        if lines._is_backflush_sync_overridden():
            return super()._create_lines(vals_list)
        lines = with_private(lines, skip_reservation=True, record=True)
        created = lines.create(vals_list)
        ids = set(created._ids)
        return with_private(created, skip_reservation=None, unreserved=ids)
