from odoo import api, models

from ..engine.allocation import Claim, Place
from ..posting.offers import find_dry_run
from .record.guards import check_recorded

# Only postings and corrections write these.
RECORDED_FIELDS = {"backflush_lot_source", "backflush_scrapped_qty"}


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(self, *args, **kwargs):
        # Backflushing into negative stock takes what is not there; what other orders
        # have reserved stays theirs.
        if self.move_id._filter_backflush() or self._is_backflush_spoilt():
            return None
        return super()._free_reservation(*args, **kwargs)

    def _action_done(self, *args, **kwargs):
        self._check_backflush_undone()
        return super()._action_done(*args, **kwargs)

    @api.model_create_multi
    def create(self, vals_list):
        run = find_dry_run(self)
        if run and run.is_of_vals(vals_list):
            run.add_all_vals(vals_list)
            return self.browse()
        check_recorded(self, RECORDED_FIELDS, vals_list, is_new=True)
        self._check_backflush_joining(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        run = find_dry_run(self)
        if run and run.is_of(self):
            run.add_more(self, vals)
            return True
        check_recorded(self, RECORDED_FIELDS, [vals])
        self._check_backflush_fixed(vals)
        if "consume_line_ids" in vals:
            self = self._filter_backflush_untraced()
        return super().write(vals)

    def _filter_backflush_untraced(self):
        """The lines, without finished goods of an earlier posting of their order.

        Odoo links all finished goods of an order to what was consumed last; those of
        an earlier posting were made of what that posting consumed.
        """
        return self.filtered(
            lambda line: not (line.move_id.production_id and line.move_id.backflush_id)
        )

    @api.model
    def _create_backflush_reserved(self, vals_list):
        """Create lines that reserve what they take."""
        return self.create(vals_list)

    def _get_backflush_place(self):
        """Where this line takes its quantity from."""
        self.ensure_one()
        return Place(
            self.product_id.id,
            self.location_id.id,
            # A lot not yet created has no stock; the negative key is unique.
            self.lot_id.id or (-self.id if self.lot_name else 0),
            self.package_id.id or 0,
            self.owner_id.id or 0,
        )

    def _assign_backflush_lots(self):
        """Find the lots that a person named and that exist."""
        for line in self.filtered(lambda line: line.lot_name and not line.lot_id):
            line.lot_id = line.product_id._find_backflush_lots(
                [line.lot_name], line.company_id
            )[:1]

    def _prepare_backflush_claim(self):
        """What this line holds for its component, for the allocation."""
        unit = self.product_uom_id._compute_quantity(
            1.0, self.product_id.uom_id, round=False
        )
        place = self._get_backflush_place()
        return Claim(self.id, place, self.quantity_product_uom, unit)

    def _set_backflush_quantity(self, quantity):
        """Take another quantity with this line, in the product's unit."""
        self.ensure_one()
        unit = self.product_uom_id
        if not self.move_id._has_backflush_common_unit(self.product_id, unit):
            # Write the product's unit, so that the line keeps every decimal.
            self.write(
                {"quantity": quantity, "product_uom_id": self.product_id.uom_id.id}
            )
            return
        in_unit = self.product_uom_id.round(
            self.product_id.uom_id._compute_quantity(
                quantity, self.product_uom_id, round=False
            )
        )
        if self.product_uom_id.compare(in_unit, self.quantity):
            self.quantity = in_unit

    def _prepare_backflush_rest_vals(self, taken):
        """Values of a line that holds what a posting leaves of this reservation.

        :param taken: by the posting, in the product's unit
        :return: values of a line, or nothing where nothing is left
        """
        self.ensure_one()
        claim = self._prepare_backflush_claim()
        left = self.product_id.uom_id.round(claim.quantity - taken)
        if self.picked or claim.place.lot_id < 0 or left <= 0:
            return {}
        if self.move_id._should_bypass_reservation():
            return {}
        return dict(
            self.copy_data()[0],
            quantity=left,
            product_uom_id=self.product_id.uom_id.id,
            picked=False,
        )

    def _is_backflush_undone_by(self, key, is_same_place):
        """Whether what was undone may have been moved by this line.

        :param key: ``(lot, owner, place)`` of what was undone
        :param is_same_place: the place counts as well
        """
        self.ensure_one()
        lot, owner, place = key
        return (
            self.lot_id == lot
            and self.owner_id == owner
            and (self._get_backflush_own_place() == place or not is_same_place)
        )

    def _get_backflush_own_place(self):
        """The place of stock that this line took from, or brought a product to."""
        is_made = self.move_id.production_id
        return self.location_dest_id if is_made else self.location_id

    def _prepare_backflush_return_vals(self, move, quantity):
        """Values of the line that takes back what this one moved.

        It goes into its package again, where that is still in its place.

        :param move: that takes it back
        :param quantity: in the product's unit
        """
        self.ensure_one()
        into = self.package_id
        if into.location_id and into.location_id != move.location_dest_id:
            into = into.browse()
        return {
            "move_id": move.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "quantity": quantity,
            "lot_id": self.lot_id.id,
            "package_id": self.result_package_id.id,
            "result_package_id": into.id,
            "owner_id": self.owner_id.id,
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "company_id": self.company_id.id,
            "backflush_lot_source": self.backflush_lot_source,
            "picked": True,
        }

    def _get_backflush_made_place(self):
        """Where this line brought a product or by-product to."""
        self.ensure_one()
        return Place(
            self.product_id.id,
            self.location_dest_id.id,
            self.lot_id.id or 0,
            self.result_package_id.id or 0,
            self.owner_id.id or 0,
        )
