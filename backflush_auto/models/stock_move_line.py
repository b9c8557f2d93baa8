from odoo import models

from ..allocation import Claim, Place


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(self, *args, **kwargs):
        # Backflushing into negative stock takes what is not there; what other orders
        # have reserved stays theirs.
        if self.move_id._filter_backflush():
            return None
        return super()._free_reservation(*args, **kwargs)

    def _get_backflush_place(self):
        """Where this line takes its quantity from."""
        self.ensure_one()
        return Place(
            self.product_id.id,
            self.location_id.id,
            # A lot that does not exist yet has no stock, and is no other line's lot.
            self.lot_id.id or (-self.id if self.lot_name else 0),
            self.package_id.id or 0,
            self.owner_id.id or 0,
        )

    def _assign_backflush_lots(self):
        """Find the lots that a person named and that exist."""
        for line in self.filtered(lambda line: line.lot_name and not line.lot_id):
            line.lot_id = self.env["stock.lot"].search(
                [
                    ("product_id", "=", line.product_id.id),
                    ("name", "=", line.lot_name),
                    ("company_id", "in", [line.company_id.id, False]),
                ],
                limit=1,
            )

    def _prepare_backflush_claim(self):
        """What this line holds for its component, for the allocation."""
        quantity = self.product_uom_id._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )
        return Claim(self.id, self._get_backflush_place(), quantity)

    def _set_backflush_quantity(self, quantity):
        """Take another quantity with this line, in the product's unit."""
        self.ensure_one()
        in_unit = self.product_uom_id.round(
            self.product_id.uom_id._compute_quantity(
                quantity, self.product_uom_id, round=False
            )
        )
        if self.product_uom_id.compare(in_unit, self.quantity):
            self.quantity = in_unit
