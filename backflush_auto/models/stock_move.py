from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from ..allocation import Demand
from ..engine import Rounding, Rule
from .product_template import BACKFLUSH_METHODS

# What only a posting or a split writes: a person who could would falsify the record.
RECORDED_FIELDS = {"backflush_id", "backflush_expected_qty"}
LINEAGE_FIELDS = {"backflush_origin_id", "backflush_covered_qty"}
# What says how a component is consumed, until it is.
RULE_FIELDS = {"backflush_method", "backflush_ratio"}


class StockMove(models.Model):
    _inherit = "stock.move"

    backflush_method = fields.Selection(
        BACKFLUSH_METHODS,
        string="Backflush",
        help="When this component is consumed. At completion: by itself, when "
        "production is reported. Manual: only what a person records.",
    )
    backflush_ratio = fields.Float(
        digits=0,
        help="Quantity of the component for one unit of the finished product, "
        "unrounded, as it was when the order's components were made or last edited.",
    )
    backflush_expected_qty = fields.Float(
        "Expected",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What the posting should have consumed. The difference to what it "
        "consumed is the usage variance.",
    )
    backflush_variance_qty = fields.Float(
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

    backflush_covered_qty = fields.Float(
        "Covered Before",
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

    @api.depends(
        "backflush_ratio",
        "raw_material_production_id.backflush",
        "raw_material_production_id.qty_produced",
    )
    def _compute_should_consume_qty(self):
        res = super()._compute_should_consume_qty()
        moves = self._filter_backflush().filtered("backflush_method")
        reported = moves.raw_material_production_id._get_backflush_reported()
        for move, expected in moves._get_backflush_expected(reported).items():
            move.should_consume_qty = expected
        return res

    @api.onchange("product_uom_qty", "product_uom")
    def _onchange_product_uom_qty(self):
        if self._filter_backflush():
            return None
        return super()._onchange_product_uom_qty()

    @api.onchange("quantity", "product_uom", "picked")
    def _onchange_quantity(self):
        res = super()._onchange_quantity()
        if self._filter_backflush() and self.quantity != self._origin.quantity:
            self._record_backflush_entry()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_backflush_protected(RECORDED_FIELDS, vals)
        moves = super().create(vals_list)
        components = moves._filter_backflush()
        components.filtered(lambda m: not m.backflush_method)._snapshot_backflush()
        (moves - components).filtered("backflush_method")._release_backflush()
        return moves

    def write(self, vals):
        held = self._get_backflush_held_moves(vals)
        if held:
            return super(StockMove, self - held).write(vals)
        self._check_backflush_protected(RECORDED_FIELDS | LINEAGE_FIELDS, vals)
        self._check_backflush_editable(vals)
        res = super().write(vals)
        if "quantity" in vals:
            self._filter_backflush_open()._record_backflush_entry()
        elif vals.get("picked") is False:
            self._filter_backflush_open()._withdraw_backflush_entry()
        if "product_uom_qty" in vals and "backflush_ratio" not in vals:
            self._filter_backflush_open()._update_backflush_ratio()
        return res

    def _check_backflush_protected(self, names, vals):
        if not self.env.su and names.intersection(vals):
            raise AccessError(
                self.env._(
                    "What a posting has recorded on a component cannot be written: "
                    "%(fields)s.",
                    fields=", ".join(sorted(names.intersection(vals))),
                )
            )

    def _check_backflush_editable(self, vals):
        done = self.filtered(lambda move: move.state == "done")
        if done and not self.env.su and RULE_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "%(products)s: the way a component is consumed cannot be changed "
                    "once it is consumed.",
                    products=", ".join(done.product_id.mapped("display_name")),
                )
            )

    def _get_backflush_held_moves(self, vals):
        """The components that a finished work order must not pick."""
        if vals.get("picked") and self.env.context.get("backflush_hold_components"):
            return self._filter_backflush()
        return self.browse()

    # --- Which moves ---

    def _filter_backflush(self):
        """The components of backflushed orders among these moves."""
        return self.filtered(
            lambda move: (
                move.raw_material_production_id.backflush
                and move.location_dest_usage != "inventory"
            )
        )

    def _filter_backflush_open(self):
        return self.filtered(
            lambda move: move.state not in ("done", "cancel")
        )._filter_backflush()

    def _is_backflush_recorded(self):
        """Whether a person has entered what this component consumed."""
        self.ensure_one()
        return self.picked and bool(self.move_line_ids or self.manual_consumption)

    def _should_reserve_backflush(self):
        """Whether Odoo reserves this component before it is posted."""
        self.ensure_one()
        return (
            self.backflush_method == "manual"
            or self.has_tracking == "serial"
            or self.procure_method == "make_to_order"
            or bool(self.move_orig_ids)
            or self.company_id.backflush_reserve
            or self._should_bypass_reservation()
        )

    # --- Where Odoo fills and reserves ---

    def _action_assign(self, force_qty=False):
        moves = self
        if not self.env.context.get("backflush_reserve"):
            moves -= self._filter_backflush().filtered(
                lambda move: not move._should_reserve_backflush()
            )
        return super(StockMove, moves)._action_assign(force_qty=force_qty)

    def _should_bypass_set_qty_producing(self):
        return (
            bool(self._filter_backflush()) or super()._should_bypass_set_qty_producing()
        )

    def _set_quantity_done(self, qty):
        if self._get_backflush_held_moves({"picked": True}):
            return None
        return super()._set_quantity_done(qty)

    def _is_manual_consumption(self):
        # Odoo consumes its manual components when the order is done, recorded or not.
        # On a backflushed order the flag means what it says: a person made the entry.
        if self._filter_backflush():
            return False
        return super()._is_manual_consumption()

    def _record_backflush_entry(self):
        """Mark the quantity of these components as a person's own: it wins."""
        for move in self:
            if not (move.manual_consumption and move.picked):
                move.update({"manual_consumption": True, "picked": True})

    def _withdraw_backflush_entry(self):
        """Take back that the quantity of these components is a person's own."""
        self.filtered("manual_consumption").manual_consumption = False

    # --- Splits and merges ---

    def _prepare_move_split_vals(self, qty):
        vals = super()._prepare_move_split_vals(qty)
        if self._filter_backflush():
            # A person's entry stays with the part that it was made for.
            vals.update(manual_consumption=False, picked=False)
            vals["backflush_origin_id"] = (self.backflush_origin_id or self).id
        return vals

    def _get_backorder_move_vals(self):
        vals = super()._get_backorder_move_vals()
        if self._filter_backflush():
            vals["backflush_origin_id"] = self._get_backflush_origin().id
        return vals

    def _split(self, qty, restrict_partner_id=False):
        self = self.with_context(backflush_keep_ratio=True)
        return super()._split(qty, restrict_partner_id=restrict_partner_id)

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        return super()._prepare_merge_moves_distinct_fields() + ["backflush_method"]

    def _prepare_phantom_move_values(self, bom_line, product_qty, quantity_done):
        vals = super()._prepare_phantom_move_values(
            bom_line, product_qty, quantity_done
        )
        # The kit's own snapshot is not its component's.
        if self._filter_backflush():
            vals.update(backflush_method=False, backflush_ratio=0.0)
        return vals

    # --- The snapshot ---

    def _snapshot_backflush(self, keep_edits=True):
        """Fix method and ratio of components, from the bill of materials as it is now.

        :param keep_edits: a demand that the bill of materials does not explain is an
            edit of the order, which wins
        """
        for order, moves in self.grouped("raw_material_production_id").items():
            values_by_line = defaultdict(list)
            for values in order._get_moves_raw_values():
                values_by_line[values["bom_line_id"]].append(values)
            for line, line_moves in moves.grouped("bom_line_id").items():
                line_moves._snapshot_backflush_line(values_by_line[line.id], keep_edits)
        self._plan_backflush()

    def _snapshot_backflush_line(self, values_list, keep_edits):
        """Fix method and ratio of the components of one line of the bill of materials.

        A kit that stands on several lines makes several components of one line, or one
        component of them all where Odoo updates an order.

        :param values_list: what the bill of materials makes of the line
        """
        for position, move in enumerate(self):
            is_last = move == self[-1]
            own = values_list[position:] if is_last else values_list[position:][:1]
            values = dict(own[0]) if own else {}
            for name in ("backflush_ratio", "product_uom_qty") if own else ():
                values[name] = sum(one[name] for one in own)
            move._apply_backflush_snapshot(values, keep_edits)

    def _apply_backflush_snapshot(self, values, keep_edits):
        self.ensure_one()
        method = values.get("backflush_method") or self.product_id.backflush_method
        ratio = values.get("backflush_ratio", 0.0)
        if not values or keep_edits and not self._is_backflush_demand_of(values):
            ratio = self._get_backflush_demand_ratio()
        self.write(
            {
                "backflush_method": method or "completion",
                "backflush_ratio": ratio,
                "backflush_added": not values,
                "manual_consumption": self.picked and self.manual_consumption,
            }
        )

    def _is_backflush_demand_of(self, values):
        """Whether the demand is what Odoo or the engine makes of these values."""
        unit = self.product_uom
        if values["product_uom"] != unit.id:
            return False
        order = self.raw_material_production_id
        units = order._get_backflush_units(order.product_qty)
        stock_demand = unit.round(values["backflush_ratio"] * units, "UP")
        return not all(
            unit.compare(self.product_uom_qty, demand)
            for demand in (values["product_uom_qty"], stock_demand)
        )

    def _get_backflush_demand_ratio(self):
        """The ratio that the component's demand means."""
        self.ensure_one()
        order = self.raw_material_production_id
        units = order._get_backflush_units(order.product_qty)
        demand = self.product_uom_qty + self._get_backflush_covered()[self]
        return demand / units if units else 0.0

    def _release_backflush(self):
        """Give components back to Odoo, whose rules hold again."""
        for move in self:
            recorded = move.picked and move.manual_consumption
            move.write(
                {
                    "backflush_method": False,
                    "backflush_ratio": 0.0,
                    "backflush_added": False,
                    "manual_consumption": recorded or move._is_manual_consumption(),
                }
            )
        self.filtered(lambda m: m._should_assign_at_confirm())._action_assign()

    def _update_backflush_ratio(self):
        """Where the demand is not the plan, a person edited it: it is the new ratio."""
        if self.env.context.get("backflush_keep_ratio"):
            return
        for move, plan in self._get_backflush_plan().items():
            if move.product_uom.compare(move.product_uom_qty, plan):
                move.backflush_ratio = move._get_backflush_demand_ratio()

    def _plan_backflush(self, quantity=None):
        """Set the demand to the target of the whole order.

        :param quantity: of the order, in its unit, where it is about to change
        """
        moves = self.with_context(backflush_keep_ratio=True)
        for move, plan in moves._get_backflush_plan(quantity).items():
            if move.product_uom.compare(move.product_uom_qty, plan):
                move.product_uom_qty = plan

    def _get_backflush_plan(self, quantity=None):
        """The demand of each component: what the whole order has yet to consume.

        :param quantity: of the order, in its unit, where it is not the present one
        :return: ``{move: quantity in the move's unit}``
        """
        covered = self._get_backflush_covered()
        result = {}
        for move in self:
            order = move.raw_material_production_id
            units = order._get_backflush_units(
                order.product_qty if quantity is None else quantity
            )
            rule = move._get_backflush_rule(move.backflush_ratio)
            prior = order._get_backflush_units(order.backflush_prior_qty)
            result[move] = rule.expected(units, prior, covered[move])
        return result

    # --- What a posting consumes ---

    @api.model
    def _get_backflush_rule(self, ratio):
        """The rule of the engine for a component of this ratio."""
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        return Rule(ratio, Rounding(step=10**-digits))

    def _get_backflush_covered(self):
        """What earlier postings expected of each component, and what left by hand.

        :return: ``{move: quantity in the move's unit}``
        """
        done_by_origin = defaultdict(list)
        for move in self.raw_material_production_id.move_raw_ids:
            if move.state == "done":
                done_by_origin[move._get_backflush_origin()].append(move)
        return {
            move: move._get_backflush_origin().backflush_covered_qty
            + sum(
                done._get_backflush_share(move.product_uom)
                for done in done_by_origin[move._get_backflush_origin()]
                if done != move
            )
            for move in self
        }

    def _get_backflush_surplus(self, unit):
        """What has left for this component beyond the need of its order.

        :param unit: ``uom.uom`` of the result
        """
        self.ensure_one()
        order = self.raw_material_production_id
        covered = self._get_backflush_covered()[self]
        if self.state == "done":
            covered += self._get_backflush_share(self.product_uom)
        need = self._get_backflush_rule(self.backflush_ratio).expected(
            order._get_backflush_units(order.product_qty),
            prior=order._get_backflush_units(order.backflush_prior_qty),
        )
        surplus = max(0.0, covered - need)
        return self.product_uom._compute_quantity(surplus, unit, round=False)

    def _get_backflush_origin(self):
        return self.backflush_origin_id or self

    def _get_backflush_product_qty(self, quantity):
        """Convert a quantity of this component to its product's unit, unrounded."""
        return self.product_uom._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _get_backflush_share(self, unit):
        """What this move covers of its component's target, in the given unit."""
        quantity = self.backflush_expected_qty if self.backflush_id else self.quantity
        return self.product_uom._compute_quantity(quantity, unit, round=False)

    def _get_backflush_expected(self, reported):
        """What a posting should consume of each of these components.

        :param reported: ``{order: quantity}`` reported by this posting, in the order's
            unit
        :return: ``{move: quantity in the move's unit}``; the source is
            :meth:`~odoo.addons.backflush_auto.engine.Rule.expected`
        """
        covered = self._get_backflush_covered()
        result = {}
        given = defaultdict(float)
        for move in self:
            order = move.raw_material_production_id
            origin = move._get_backflush_origin()
            rule = move._get_backflush_rule(move.backflush_ratio)
            result[move] = rule.expected(
                order._get_backflush_units(order.qty_produced + reported[order]),
                prior=order._get_backflush_units(order.backflush_prior_qty),
                covered=covered[move] + given[origin],
            )
            given[origin] += result[move]
        return result

    # --- Where it is taken from ---

    def _prepare_backflush_demand(self, expected):
        """What this component asks of the allocation, in the product's unit.

        :param expected: what the posting should consume, in the move's unit
        """
        self.ensure_one()
        recorded = self._is_backflush_recorded()
        lines = self.move_line_ids.filtered(lambda line: line.picked or not recorded)
        claims = [line._prepare_backflush_claim() for line in lines]
        return Demand(
            key=self,
            product_id=self.product_id.id,
            location_id=self.location_id.id,
            quantity=sum(claim.quantity for claim in claims)
            if recorded
            else self._get_backflush_product_qty(expected),
            places=None if self._should_bypass_reservation() else [],
            claims=claims,
            recorded=recorded,
            negative=self.raw_material_production_id.backflush_shortage == "negative",
            tracked=self.has_tracking != "none",
            choose_lots=self._should_choose_backflush_lots(),
        )

    def _should_choose_backflush_lots(self):
        """Whether lots may be taken that nobody reserved or named."""
        self.ensure_one()
        return self.has_tracking != "serial" or self.company_id.backflush_serial_auto

    def _prepare_backflush_line_vals(self, take):
        """Values of the stock move line that takes what the allocation gave.

        :param take: :class:`~odoo.addons.backflush_auto.allocation.Take`
        """
        self.ensure_one()
        return dict(
            self._prepare_move_line_vals(quantity=take.quantity),
            location_id=take.place.location_id,
            lot_id=take.place.lot_id or False,
            package_id=take.place.package_id or False,
            owner_id=take.place.owner_id or False,
            picked=True,
        )
