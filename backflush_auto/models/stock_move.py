from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..context import get_private, with_private
from ..finite import FiniteFloat
from .mrp_backflush_rule import QUANTITY_RULE
from .product_template import BACKFLUSH_METHODS
from .stock_move_fixed import check_recorded

# What is for information on a bill of materials is on no order.
ORDER_METHODS = [method for method in BACKFLUSH_METHODS if method[0] != "bulk"]
# What only a posting or a split writes: a person who could would falsify the record.
RECORDED_FIELDS = {"backflush_id", "backflush_expected_qty"}
LINEAGE_FIELDS = {
    "backflush_origin_id",
    "backflush_root_id",
    "backflush_prior_covered_qty",
}
# What says how a component is consumed, until it is.
RULE_FIELDS = {
    "backflush_method",
    "backflush_ratio",
    "backflush_location_id",
    *QUANTITY_RULE,
}


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "mrp.backflush.rule"]

    backflush_method = fields.Selection(
        ORDER_METHODS,
        string="Backflush",
        help="When this component is consumed.\n"
        "At completion: by itself, when production is reported.\n"
        "At its operation: when the work order of its operation is finished, for the "
        "quantity reported there; without an operation, at completion.\n"
        "At the start: the whole planned quantity, when the order starts.\n"
        "Manual: only what a person records.",
    )
    backflush_ratio = FiniteFloat(
        digits=0,
        help="Quantity of the component for one unit of the finished product, or for "
        "the order where its basis is the order: unrounded and without scrap, as it "
        "was when the order's components were made or last edited.",
    )
    backflush_expected_qty = FiniteFloat(
        "Expected",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the posting should have consumed. The difference to what it "
        "consumed is the usage variance.",
    )
    backflush_variance_qty = FiniteFloat(
        "Variance",
        digits="Product Unit",
        compute="_compute_backflush_variance_qty",
        help="Consumed minus expected.",
    )
    backflush_id = fields.Many2one(
        "mrp.backflush",
        "Backflush Posting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    backflush_origin_id = fields.Many2one(
        "stock.move",
        "Split From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The component of the same order that this one was split from: together "
        "they are one component.",
    )

    backflush_root_id = fields.Many2one(
        "stock.move",
        "Component of the Undivided Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The component of the order that the order of this one was split from: "
        "what all the orders have reported decides what each of them consumes.",
    )
    backflush_prior_covered_qty = FiniteFloat(
        "Covered on Prior Orders",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What was issued by hand, beyond its need, on the order that this one was "
        "split from: it is not taken again.",
    )
    backflush_added = fields.Boolean(
        "Added by Hand",
        readonly=True,
        help="The component was added to the order; its bill of materials has it not.",
    )

    @api.constrains("backflush_ratio")
    def _check_backflush_ratio(self):
        for move in self:
            if move.backflush_ratio < 0:
                raise ValidationError(
                    self.env._(
                        "The quantity of %(product)s for one unit of the finished "
                        "product cannot be negative (%(ratio)s).",
                        product=move.product_id.display_name,
                        ratio=move.backflush_ratio,
                    )
                )

    @api.depends("backflush_expected_qty", "quantity", "backflush_id", "state")
    def _compute_backflush_variance_qty(self):
        for move in self:
            consumed = move.quantity if move.state == "done" else 0.0
            move.backflush_variance_qty = (
                move.product_uom.round(consumed - move.backflush_expected_qty)
                if move.backflush_id
                else 0.0
            )

    # Not on the quantity: where backflushing is off, Odoo keeps the number then.
    @api.depends(
        "backflush_method",
        "backflush_ratio",
        "backflush_expected_qty",
        *QUANTITY_RULE,
        "raw_material_production_id.backflush",
        "raw_material_production_id.product_qty",
        "raw_material_production_id.qty_produced",
    )
    def _compute_should_consume_qty(self):
        moves = self._filter_backflush()
        res = super(StockMove, self - moves)._compute_should_consume_qty()
        for move in moves:
            move.should_consume_qty = move.backflush_due_qty
        return res

    def _compute_unit_factor(self):
        # Odoo works it out for what is still to be made. Of the parts that are posted
        # nobody asks it, and with every part it would be written for all of them.
        orders = self.raw_material_production_id | self.production_id
        parted = orders._filter_backflush_parted()
        moves = self & (parted.move_raw_ids | parted.move_finished_ids)
        posted = moves.filtered(lambda move: move.state == "done")
        return super(StockMove, self - posted)._compute_unit_factor()

    @api.onchange("product_uom_qty", "product_uom")
    def _onchange_product_uom_qty(self):
        if self._filter_backflush():
            self._follow_backflush_typed_demand()
            return None
        return super()._onchange_product_uom_qty()

    @api.onchange("quantity", "product_uom", "picked")
    def _onchange_quantity(self):
        # Odoo takes a quantity for an entry where it is not the demand, also when it is
        # being withdrawn; here it is one where a person has changed it.
        if not self._filter_backflush():
            return super()._onchange_quantity()
        if self.quantity != self._origin.quantity:
            self._record_backflush_entry()
        return None

    @api.model_create_multi
    def create(self, vals_list):
        recorded = self._get_backflush_recorded_fields()
        # A split names the component that it splits, and a copy what was added.
        given = recorded - {*LINEAGE_FIELDS, "backflush_added"}
        given |= {"backflush_prior_covered_qty"}
        check_recorded(self, given, vals_list)
        check_recorded(self, recorded, [], is_new=True)
        self._check_backflush_lineage(vals_list)
        self._check_backflush_joining(vals_list)
        moves = super().create(vals_list)
        moves._filter_backflush_open()._take_over_backflush()
        strangers = moves - moves._filter_backflush()
        strangers.filtered("backflush_method")._release_backflush()
        return moves

    def write(self, vals):
        held = self._get_backflush_held_moves(vals)
        if held:
            rest = {name: value for name, value in vals.items() if name != "picked"}
            return (self - held).write(vals) and held.write(rest)
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        self._check_backflush_fixed(vals)
        self._check_backflush_editable(vals)
        res = super().write(vals)
        if "quantity" in vals and vals.get("picked", True):
            self._filter_backflush_open()._record_backflush_entry()
        elif vals.get("picked") is False:
            self._filter_backflush_open()._withdraw_backflush_entry()
        if "product_uom_qty" in vals and "backflush_ratio" not in vals:
            self._filter_backflush_open()._update_backflush_ratio()
        elif "product_uom_qty" not in vals and "backflush_ratio" in vals:
            self._filter_backflush_open()._follow_backflush_rule()
        elif set(QUANTITY_RULE).intersection(vals):
            self._filter_backflush_open()._follow_backflush_rule()
        return res

    @api.model
    def _get_backflush_recorded_fields(self):
        """The names of the fields that only a posting, or a split, writes."""
        return {*RECORDED_FIELDS, *LINEAGE_FIELDS, "backflush_added"}

    def _check_backflush_editable(self, vals):
        done = self.filtered(lambda move: move.state == "done")
        recording = get_private(self.env, "record")
        if done and not recording and RULE_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "%(products)s: the way a component is consumed cannot be changed "
                    "once it is consumed.",
                    products=", ".join(done.product_id.mapped("display_name")),
                )
            )

    def _get_backflush_held_moves(self, vals):
        """The components that a finished work order must not pick."""
        if vals.get("picked") and get_private(self.env, "hold_components"):
            return self._filter_backflush()
        return self.browse()

    # --- Where Odoo fills and reserves ---

    def _action_assign(self, *args, **kwargs):
        # Odoo fills the rest of finished goods at once, with the lot of this posting.
        moves = self - self._filter_backflush_staying_open()._filter_backflush_main()
        if not get_private(self.env, "reserve"):
            moves -= self._filter_backflush().filtered(
                lambda move: not move._should_reserve_backflush()
            )
        return super(StockMove, moves)._action_assign(*args, **kwargs)

    def _should_bypass_set_qty_producing(self, *args, **kwargs):
        return super()._should_bypass_set_qty_producing(*args, **kwargs) or bool(
            self._filter_backflush()
        )

    def _set_quantity_done(self, qty, *args, **kwargs):
        if self._get_backflush_held_moves({"picked": True}):
            return None
        if self.production_id.backflush and self._filter_backflush_byproducts():
            qty = self._get_backflush_held(qty)
        return super()._set_quantity_done(qty, *args, **kwargs)

    def _action_cancel(self, *args, **kwargs):
        # Odoo cancels what a posting does not take; an order that stays open needs it.
        moves = self - self._filter_backflush_staying_open()
        return super(StockMove, moves)._action_cancel(*args, **kwargs)

    # --- Splits and merges ---

    def _prepare_move_split_vals(self, *args, **kwargs):
        vals = super()._prepare_move_split_vals(*args, **kwargs)
        if self._filter_backflush_staying_open():
            vals["workorder_id"] = self.workorder_id.id
        if self._filter_backflush():
            # A person's entry stays with the part that it was made for.
            vals.update(manual_consumption=False, picked=False)
            vals["backflush_origin_id"] = (self.backflush_origin_id or self).id
        return vals

    def _get_backorder_move_vals(self, *args, **kwargs):
        vals = super()._get_backorder_move_vals(*args, **kwargs)
        if self._filter_backflush():
            vals["backflush_origin_id"] = self._get_backflush_origin().id
            vals["backflush_root_id"] = self._get_backflush_root().id
        return vals

    def _split(self, *args, **kwargs):
        self = with_private(self, keep_ratio=True)
        return super()._split(*args, **kwargs)

    @api.model
    def _prepare_merge_moves_distinct_fields(self, *args, **kwargs):
        return super()._prepare_merge_moves_distinct_fields(*args, **kwargs) + [
            "backflush_method",
            *QUANTITY_RULE,
        ]

    def _generate_all_phantom_moves(self, exploded_lines_data, *args, **kwargs):
        if not self._filter_backflush():
            return super()._generate_all_phantom_moves(
                exploded_lines_data, *args, **kwargs
            )
        order = self.raw_material_production_id
        vals_list = []
        for line, data in exploded_lines_data:
            if line._is_backflush_bulk(data):
                continue
            snapshot = order._prepare_backflush_snapshot(line, data)
            made = super()._generate_all_phantom_moves([(line, data)], *args, **kwargs)
            for vals in made:
                vals_list.append({**vals, **snapshot})
        return vals_list
