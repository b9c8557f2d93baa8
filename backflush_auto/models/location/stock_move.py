from odoo import Command, api, models
from odoo.exceptions import UserError

from ...context import with_private


class StockMove(models.Model):
    """Where a component of a backflushed order is taken from."""

    _inherit = "stock.move"

    def _get_backflush_location_owner(self):
        return self.product_id.display_name

    def _filter_backflush_placed(self):
        """The moves of backflushed orders that are done: they stay where they went.

        Where the bill of materials of an order is updated, Odoo would place all its
        moves anew, so that scrap became finished goods.
        """
        done = self.filtered(lambda move: move.state == "done")
        return done._filter_backflush_all()

    def _place_backflush(self):
        """Place the components that are taken from a point of use.

        :return: the moves that are left to Odoo
        """
        rest = self - self._filter_backflush_placed()
        moves = rest._filter_backflush().filtered("backflush_location_id")
        for move in moves:
            move.location_id = move.backflush_location_id
        return rest - moves

    def _get_backflush_source(self):
        """The location that this component is to be taken from."""
        self.ensure_one()
        point = self._filter_backflush().backflush_location_id
        return point or self.raw_material_production_id.location_src_id

    def _is_backflush_location_settled(self):
        """Whether something is recorded, or on its way, where it was to be taken."""
        self.ensure_one()
        return bool(self.move_orig_ids) or self._is_backflush_recorded()

    def _snapshot_backflush_location(self, values):
        """Fix the point of use of this component.

        :param values: what the bill of materials makes of it; empty where it was added
            to the order
        """
        self.ensure_one()
        if self._is_backflush_location_settled():
            return
        own = self.backflush_location_id
        if values:
            point = own.browse(values["backflush_location_id"])
        else:
            point = own or self.operation_id.workcenter_id.backflush_location_id
        if point != own:
            self.backflush_location_id = point

    def _follow_backflush_location(self):
        """Take the open components among these from their current location."""
        moves = self.filtered(lambda move: move._should_relocate_backflush())
        for move in moves:
            # Odoo frees what is reserved elsewhere, and reserves again.
            move = with_private(move, reserve=True)
            move.write(move._prepare_backflush_relocation())
        moves.filtered(lambda move: move.state != "draft")._trigger_scheduler()

    def _should_relocate_backflush(self):
        self.ensure_one()
        order = self.raw_material_production_id
        if not order or self.state in ("done", "cancel") or self.backflush_deferred:
            return False
        if not order.backflush and self._is_backflush_recorded():
            return False
        return self.location_id != self._get_backflush_source()

    def _prepare_backflush_relocation(self):
        """Values of a component that is taken from another location than before.

        What transfers bring elsewhere is no longer for it.
        """
        values = {"location_id": self._get_backflush_source().id}
        if self.state != "draft":
            values["procure_method"] = "make_to_stock"
            values["move_orig_ids"] = [Command.clear()]
        return values

    def _check_backflush_unrecorded(self):
        recorded = self.filtered(lambda move: move._is_backflush_recorded())
        if recorded:
            raise UserError(
                self.env._(
                    "%(products)s: a consumed quantity is recorded at the current "
                    "location. Clear it first, then change the location.",
                    products=", ".join(recorded.product_id.mapped("display_name")),
                )
            )

    @api.model
    def _fill_backflush_location(self, vals_list):
        """Let new components be taken from their point of use.

        :param vals_list: about to be created, changed in place
        """
        for vals in vals_list:
            order = self.raw_material_production_id.browse(
                vals.get("backflush_location_id")
                and vals.get("raw_material_production_id")
            )
            if order.backflush:
                vals.setdefault("location_id", vals["backflush_location_id"])

    def _filter_backflush_relocated(self, vals):
        """The components that get another point of use.

        :param vals: about to be written
        :raises UserError: where something is recorded at the one so far
        """
        if "backflush_location_id" not in vals:
            return self.browse()
        point_id = vals["backflush_location_id"] or False
        moves = self.filtered(lambda move: move.backflush_location_id.id != point_id)
        moves._filter_backflush_open()._check_backflush_unrecorded()
        return moves
