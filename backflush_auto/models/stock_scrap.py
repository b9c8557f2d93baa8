from odoo import api, fields, models
from odoo.exceptions import UserError

from ..context import get_private
from ..finite import FiniteFloat
from .record.guards import check_recorded, get_changed

# What says what has failed, once it is posted.
FIXED_FIELDS = {
    "product_id",
    "product_uom_id",
    "scrap_qty",
    "lot_id",
    "owner_id",
    "package_id",
    "location_id",
    "scrap_location_id",
    "production_id",
    "workorder_id",
    "company_id",
    "state",
    "move_ids",
    "scrap_reason_tag_ids",
}


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    backflush_id = fields.Many2one(
        "mrp.backflush",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The posting that reported it.",
    )
    backflush_qty = FiniteFloat(
        "Failed Units",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Units of the order's product that failed, in the unit of the order: "
        "components are consumed for them up to the operation at which they failed.",
    )
    backflush_make_up = fields.Boolean(
        "Made Up For",
        readonly=True,
        copy=False,
        help="Other units are made in their place, on the same order.",
    )

    # Odoo's mrp computes the first of several records, and leaves 1 on the others.
    def _compute_scrap_qty(self):
        posted = self.filtered("backflush_id")
        for scrap in posted:
            super(StockScrap, scrap)._compute_scrap_qty()
        return super(StockScrap, self - posted)._compute_scrap_qty()

    @api.model_create_multi
    def create(self, vals_list):
        names = self._get_backflush_recorded_fields()
        check_recorded(self, names, vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        self._check_backflush_fixed(vals)
        return super().write(vals)

    def do_scrap(self, *args, **kwargs):
        own = self._filter_backflush_components()
        own._lock_backflush_postings()
        for scrap in own:
            scrap._take_backflush_reservation()
        return super().do_scrap(*args, **kwargs)

    def _prepare_move_values(self, *args, **kwargs):
        vals = super()._prepare_move_values(*args, **kwargs)
        if self.backflush_id:
            # With an operation type, Odoo asks for the serial number of what failed
            # before it had one.
            vals["picking_type_id"] = False
        return vals

    @api.model
    def _get_backflush_recorded_fields(self):
        """The fields that only a posting writes."""
        return {"backflush_id", "backflush_qty", "backflush_make_up"}

    def _check_backflush_fixed(self, vals):
        """Refuse to change what a posting has recorded as failed.

        :param vals: about to be written
        :raises UserError: where they change it
        """
        if FIXED_FIELDS.isdisjoint(vals) or get_private(self.env, "record"):
            return
        fixed = self.filtered(lambda scrap: scrap.sudo().backflush_id)
        changed = fixed and get_changed(fixed, FIXED_FIELDS, vals)
        if changed:
            raise UserError(
                self.env._(
                    "%(scraps)s: what a posting has recorded as failed cannot be "
                    "changed. (%(fields)s)",
                    scraps=", ".join(fixed.mapped("name")),
                    fields=", ".join(sorted(changed)),
                )
            )
