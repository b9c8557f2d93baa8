from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..context import with_private


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """Where a component of a backflushed order is taken from."""

    _name = "stock.move"
    _inherit = ["stock.move", "mrp.backflush.location"]

    backflush_location_id = fields.Many2one(
        index="btree_not_null",
        help="The point of use that this component is taken from, with the locations "
        "below it. Empty: the components location of the order.",
    )

    def _compute_location_id(self):
        moves = self._filter_backflush().filtered("backflush_location_id")
        for move in moves:
            move.location_id = move.backflush_location_id
        return super(StockMove, self - moves)._compute_location_id()

    @api.constrains("backflush_location_id")
    def _check_backflush_location(self):
        res = super()._check_backflush_location()
        # Odoo checks the companies of a move at its confirmation only.
        self._check_company(["backflush_location_id"])
        return res

    @api.onchange("backflush_location_id")
    def _onchange_backflush_location_id(self):
        if self._filter_backflush():
            self.location_id = self._get_backflush_source()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            order = self.raw_material_production_id.browse(
                vals.get("backflush_location_id")
                and vals.get("raw_material_production_id")
            )
            if order.backflush:
                vals.setdefault("location_id", vals["backflush_location_id"])
        return super().create(vals_list)

    def write(self, vals):
        if "backflush_location_id" not in vals:
            return super().write(vals)
        # First of all: what else is written may take from there.
        rest = dict(vals)
        point_id = rest.pop("backflush_location_id") or False
        moves = self.filtered(lambda move: move.backflush_location_id.id != point_id)
        moves._filter_backflush_open()._check_backflush_unrecorded()
        super().write({"backflush_location_id": point_id})
        moves._follow_backflush_location()
        return super().write(rest)

    def _prepare_phantom_move_values(self, bom_line, *args, **kwargs):
        vals = super()._prepare_phantom_move_values(bom_line, *args, **kwargs)
        if self._filter_backflush():
            # The line of this kit is the component of the order itself.
            point = (
                bom_line.backflush_location_id
                or self.backflush_location_id
                or bom_line._get_backflush_location(bom_line.browse())
            )
            vals["backflush_location_id"] = point.id
            vals["location_id"] = (point or self.location_id).id
        return vals

    def _get_backflush_location_owner(self):
        return self.product_id.display_name

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
        """Let the open components among these be taken from their location of now."""
        moves = self.filtered(lambda move: move._should_relocate_backflush())
        for move in moves:
            # What is reserved elsewhere Odoo frees, and reserves anew.
            move = with_private(move, reserve=True)
            move.write(move._prepare_backflush_relocation())
        moves.filtered(lambda move: move.state != "draft")._trigger_scheduler()

    def _should_relocate_backflush(self):
        self.ensure_one()
        order = self.raw_material_production_id
        if not order or self.state in ("done", "cancel"):
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
                    "%(products)s: a consumed quantity is recorded where it was taken "
                    "so far. Take that back first, then change the location.",
                    products=", ".join(recorded.product_id.mapped("display_name")),
                )
            )
