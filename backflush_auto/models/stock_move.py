from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..context import get_private, with_private
from ..finite import FiniteFloat
from ..posting.deferral import Held
from ..posting.offers import find_dry_run
from ..technical import TechnicalMany2one
from .mrp_backflush_rule import QUANTITY_RULE
from .product_template import BACKFLUSH_METHODS
from .record.guards import check_recorded

# Bulk components are on the bill of materials only, never on an order.
ORDER_METHODS = [method for method in BACKFLUSH_METHODS if method[0] != "bulk"]


class StockMove(models.Model):
    _name = "stock.move"
    _inherit = ["stock.move", "mrp.backflush.rule", "mrp.backflush.location"]

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
    backflush_id = fields.Many2one(
        "mrp.backflush",
        "Backflush Posting",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    backflush_origin_id = TechnicalMany2one(
        "stock.move",
        "Split From",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The component of the same order that this one was split from: together "
        "they are one component.",
    )
    backflush_root_id = TechnicalMany2one(
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
        help="Added manually; not on the bill of materials.",
    )

    backflush_location_id = fields.Many2one(
        index="btree_not_null",
        help="The point of use that this component is taken from, with the locations "
        "below it. Empty: the components location of the order.",
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

    @api.constrains("backflush_location_id")
    def _check_backflush_location(self):
        res = super()._check_backflush_location()
        # Odoo checks the companies of a move at its confirmation only.
        self._check_company(["backflush_location_id"])
        return res

    def _compute_location_id(self):
        return super(StockMove, self._place_backflush())._compute_location_id()

    def _compute_location_dest_id(self):
        rest = self - self._filter_backflush_placed()
        return super(StockMove, rest)._compute_location_dest_id()

    def _compute_forecast_information(self):
        res = super()._compute_forecast_information()
        # Odoo considers what has already left stock as unavailable.
        for move in self.filtered(lambda m: m.state == "done")._filter_backflush():
            move.forecast_availability = move.product_qty
        return res

    # Not on the quantity: where backflushing is off, Odoo keeps the number then.
    @api.depends(
        "backflush_method",
        "backflush_ratio",
        "backflush_expected_qty",
        *QUANTITY_RULE,
        "raw_material_production_id.backflush",
        "raw_material_production_id.product_qty",
        "raw_material_production_id.qty_produced",
        "raw_material_production_id.backflush_scrapped_qty",
    )
    def _compute_should_consume_qty(self):
        moves = self._filter_backflush()
        res = super(StockMove, self - moves)._compute_should_consume_qty()
        for move in moves:
            move.should_consume_qty = move.backflush_due_qty
        return res

    @api.depends(
        "raw_material_production_id.backflush_scrapped_qty",
        "production_id.backflush_scrapped_qty",
    )
    def _compute_unit_factor(self):
        # Nobody uses that of posted parts: it is not worth computing at each posting.
        orders = self.raw_material_production_id | self.production_id
        parted = orders._filter_backflush_parted()
        moves = self & (parted.move_raw_ids | parted.move_finished_ids)
        posted = moves.filtered(lambda move: move.state == "done")
        res = super(StockMove, self - posted)._compute_unit_factor()
        (self - posted)._compute_backflush_unit_factor()
        return res

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
            self._follow_backflush_typed_entry()
        return None

    @api.onchange("backflush_location_id")
    def _onchange_backflush_location_id(self):
        if self._filter_backflush():
            self.location_id = self._get_backflush_source()

    # --- Records ---

    @api.model_create_multi
    def create(self, vals_list):
        self._check_backflush_new(vals_list)
        self._fill_backflush_location(vals_list)
        moves = super().create(vals_list)
        moves._filter_backflush_open()._take_over_backflush()
        others = moves - moves._filter_backflush()
        others.filtered("backflush_method")._release_backflush()
        return moves

    def write(self, vals):
        run = find_dry_run(self)
        if run and run.is_of(self):
            return True
        self = self._filter_backflush_unsettled()._filter_backflush_closable(vals)
        if len(vals) > 1 and "backflush_location_id" in vals:
            # Written first: the other values may take stock from this location.
            rest = dict(vals)
            point = {"backflush_location_id": rest.pop("backflush_location_id")}
            return self.write(point) and self.write(rest)
        name, keeping = self._find_backflush_keeping(vals)
        if keeping:
            rest = {key: value for key, value in vals.items() if key != name}
            return (self - keeping).write(vals) and keeping.write(rest)
        check_recorded(self, self._get_backflush_recorded_fields(), [vals])
        self._check_backflush_fixed(vals)
        self._check_backflush_editable(vals)
        relocated = self._filter_backflush_relocated(vals)
        res = super().write(vals)
        relocated._follow_backflush_location()
        self._follow_backflush_write(vals)
        return res

    def unlink(self):
        return super(StockMove, self._filter_backflush_unsettled()).unlink()

    # --- Where Odoo fills and reserves ---

    def _action_assign(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.is_of(self):
            # Reserve in any case: it is about to be posted, or paid.
            return super()._action_assign(*args, **kwargs)
        # Odoo would fill the remaining finished goods with the lot of this posting.
        moves = self - self._filter_backflush_staying_open()._filter_backflush_main()
        # What is owed is taken as soon as it comes; it waits for nothing.
        moves -= moves._filter_backflush_debts()
        if not get_private(self.env, "reserve"):
            moves -= self._filter_backflush().filtered(
                lambda move: not move._should_reserve_backflush()
            )
        moves -= self._filter_backflush_postponed()
        moves -= moves._filter_backflush_behind_debts()
        return super(StockMove, moves)._action_assign(*args, **kwargs)

    def _should_bypass_set_qty_producing(self, *args, **kwargs):
        return super()._should_bypass_set_qty_producing(*args, **kwargs) or bool(
            self._filter_backflush()
        )

    def _set_quantity(self, *args, **kwargs):
        self._filter_backflush()._lower_backflush_lines()
        return super()._set_quantity(*args, **kwargs)

    def _set_quantity_done(self, qty, *args, **kwargs):
        if self._filter_backflush_skip_picking({"picked": True}):
            return None
        if self.production_id.backflush and self._filter_backflush_byproducts():
            qty = self._round_backflush_to_stock(qty)
        return super()._set_quantity_done(qty, *args, **kwargs)

    def _action_cancel(self, *args, **kwargs):
        # Odoo cancels what a posting does not take; an order that stays open needs it.
        moves = self._filter_backflush_unsettled()
        moves -= moves._filter_backflush_staying_open()
        # What is owed was consumed, whatever becomes of the order.
        moves -= moves._filter_backflush_debts()
        return super(StockMove, moves)._action_cancel(*args, **kwargs)

    def _should_bypass_reservation(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.is_of(self):
            run.env = self.env
        return super()._should_bypass_reservation(*args, **kwargs)

    def _update_reserved_quantity(self, *args, **kwargs):
        run = find_dry_run(self)
        if run and run.is_of(self):
            run.is_asked = True
        return super()._update_reserved_quantity(*args, **kwargs)

    def _get_available_move_lines(self, *args, **kwargs):
        # Odoo reserves what transfers have brought; a posting takes what is there.
        run = find_dry_run(self)
        if not (run and run.is_of(self)):
            return super()._get_available_move_lines(*args, **kwargs)
        self._ask_backflush_stock()
        return {}

    def _action_done(self, *args, **kwargs):
        self._assign_backflush_unbuilt()
        self = self._sort_backflush_to_post()
        if get_private(self.env, "holds_debts"):
            return super()._action_done(*args, **kwargs)
        held = Held()
        holding = super(StockMove, with_private(self, holds_debts=held))
        moves = holding._action_done(*args, **kwargs).with_env(self.env)
        moves._follow_backflush_stock(held)
        return moves

    # --- Splits and merges ---

    def _prepare_move_split_vals(self, *args, **kwargs):
        vals = super()._prepare_move_split_vals(*args, **kwargs)
        if self._filter_backflush_staying_open():
            vals["workorder_id"] = self.workorder_id.id
        if self._filter_backflush():
            # A person's entry stays with the part that it was made for.
            vals.update(manual_consumption=False, picked=False)
            vals["backflush_origin_id"] = (self.backflush_origin_id or self).id
            vals.update(self._prepare_backflush_kept_vals())
        return vals

    def _get_backorder_move_vals(self, *args, **kwargs):
        vals = super()._get_backorder_move_vals(*args, **kwargs)
        if self._filter_backflush():
            vals.update(self._prepare_backflush_backorder_vals())
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
