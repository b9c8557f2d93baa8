from collections import defaultdict

from odoo import models

from ..allocation import Demand
from .mrp_backflush_rule import NO_RULE, QUANTITY_RULE
from .stock_move import ORDER_METHODS


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """What a component of a backflushed order is, plans and consumes."""

    _inherit = "stock.move"

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

    def _filter_backflush_at_start(self):
        """The components that are taken when their order starts."""
        return self.filtered(lambda move: move.backflush_method == "start")

    def _filter_backflush_at(self, workorders):
        """The components that are taken when work is done at these work orders.

        A manual one is taken where a person has recorded it.
        """
        return self.filtered(
            lambda move: (
                move.workorder_id in workorders
                and (
                    move.backflush_method == "operation"
                    or move.backflush_method == "manual"
                    and move._is_backflush_recorded()
                )
            )
        )

    def _filter_backflush_early(self):
        """The components that left stock before their order was complete."""
        early = self.sudo().backflush_id.filtered(
            lambda posting: posting.trigger in ("operation", "start")
        )
        return self.filtered(lambda move: move.backflush_id in early)

    def _is_backflush_recorded(self):
        """Whether a person has entered what this component consumed."""
        self.ensure_one()
        return self.picked and bool(self.move_line_ids or self.manual_consumption)

    def _may_backflush_differ(self):
        """Whether something else may be consumed than the expected quantity."""
        self.ensure_one()
        return (
            self.backflush_method == "manual"
            or self.backflush_added
            or self._is_backflush_recorded()
        )

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

    # --- What a person enters ---

    def _record_backflush_entry(self):
        """Mark the quantity of these components as a person's own: it wins."""
        for move in self:
            if not (move.manual_consumption and move.picked):
                move.update({"manual_consumption": True, "picked": True})

    def _withdraw_backflush_entry(self):
        """Take back that the quantity of these components is a person's own."""
        self.filtered("manual_consumption").manual_consumption = False

    # --- The snapshot ---

    def _take_over_backflush(self):
        """Make components of what was just created, by whatever way it came here."""
        # Odoo picks what comes to an order in progress, though nobody made an entry.
        self.filtered(lambda m: m.picked and not m.move_line_ids).picked = False
        # Odoo marks the component of an operation as manual and consumes it when the
        # order is done, recorded or not; here the mark means that a person made the
        # entry. And the copy of an order carries the mark, but not the entry.
        self.filtered(lambda move: not move.picked)._withdraw_backflush_entry()
        self.filtered(lambda move: not move.backflush_method)._snapshot_backflush()
        for move in self.filtered(
            lambda m: m.product_uom_qty and not m.backflush_ratio
        ):
            move.backflush_ratio = move._get_backflush_demand_ratio()
            move.backflush_added = not move.bom_line_id

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
            if own and not keep_edits:
                move._follow_backflush_line(values)
            move._apply_backflush_snapshot(values, keep_edits)

    def _apply_backflush_snapshot(self, values, keep_edits):
        self.ensure_one()
        method = values.get("backflush_method") or self.product_id.backflush_method
        if method not in dict(ORDER_METHODS):
            method = "completion"  # a person has put it on the order all the same
        is_edited = (
            not values or keep_edits and not self._is_backflush_demand_of(values)
        )
        keep = self.with_context(backflush_keep_ratio=True)
        keep.write(
            {
                **{name: values.get(name) for name in QUANTITY_RULE},
                "backflush_method": method,
                "backflush_ratio": values.get("backflush_ratio", 0.0),
                "backflush_added": not values,
                "manual_consumption": self.picked and self.manual_consumption,
            }
        )
        if is_edited:
            self.backflush_ratio = self._get_backflush_demand_ratio()
        self._snapshot_backflush_location(values)

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
        return self._get_backflush_rule().get_ratio(demand, units)

    def _release_backflush(self):
        """Give components back to Odoo, whose rules hold again."""
        for move in self:
            recorded = move.picked and move.manual_consumption
            move.write(
                {
                    **NO_RULE,
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

    def _follow_backflush_rule(self):
        """Where a person has changed how a component is consumed, plan it anew."""
        if not self.env.context.get("backflush_keep_ratio"):
            self._plan_backflush()

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
            rule = move._get_backflush_rule()
            prior = order._get_backflush_units(order.backflush_prior_qty)
            result[move] = rule.expected(units, prior, covered[move])
        return result

    # --- What a posting consumes ---

    def _get_backflush_rule(self):
        """The rule of the engine for this component."""
        self.ensure_one()
        return self._make_backflush_rule(self.backflush_ratio, self)

    def _get_backflush_covered(self):
        """What earlier postings expected of each component, and what left by hand.

        :return: ``{move: quantity in the move's unit}``
        """
        done_by_origin = defaultdict(list)
        for move in self.raw_material_production_id.move_raw_ids:
            if move.state == "done":
                done_by_origin[move._get_backflush_origin()].append(move)
        return {
            move: move._get_backflush_origin().backflush_prior_covered_qty
            + sum(
                done._get_backflush_share(move.product_uom)
                for done in done_by_origin[move._get_backflush_origin()]
                if done != move
            )
            for move in self
        }

    def _get_backflush_surplus(self, rule):
        """What has left for this component beyond the need of its order.

        :param rule: of the part of it that has not left
        :return: quantity in the component's unit
        """
        self.ensure_one()
        covered = self._get_backflush_covered()[self]
        if self.state == "done":
            covered += self._get_backflush_share(self.product_uom)
        order = self.raw_material_production_id
        return max(0.0, covered - order._get_backflush_planned(rule))

    def _get_backflush_origin(self):
        return self.backflush_origin_id or self

    def _sort_backflush(self):
        """The components as the order lists them, parts of one where it stands."""
        return self.sorted(
            lambda move: (move.sequence, move._get_backflush_origin().id, move.id)
        )

    # --- Parts of an order that stays open ---

    def _compute_forecast_information(self):
        res = super()._compute_forecast_information()
        # Odoo takes what has left stock for something that is not available.
        for move in self.filtered(lambda m: m.state == "done")._filter_backflush():
            move.forecast_availability = move.product_qty
        return res

    def _filter_backflush_staying_open(self):
        """The moves of orders that the posting under way leaves open."""
        order_ids = self.env.context.get("backflush_keep_open", ())
        return self.filtered(
            lambda move: (
                (move.raw_material_production_id or move.production_id).id in order_ids
            )
        )

    def _close_backflush_part(self):
        """Close what a person recorded as zero: Odoo moves nothing and leaves it."""
        for move in self.filtered(lambda m: m.state not in ("done", "cancel")):
            keep = move.with_context(backflush_keep_ratio=True, no_procurement=True)
            keep.write({"state": "done", "product_uom_qty": 0.0})

    def _open_backflush_rest(self):
        """Give each component a move for what remains, where Odoo's split left none."""
        rests = self.raw_material_production_id.move_raw_ids._filter_backflush_open()
        opened = {move._get_backflush_origin() for move in rests}
        vals_list = []
        for move in self:
            if move.backflush_ratio and move._get_backflush_origin() not in opened:
                vals_list += move.copy_data(move._prepare_move_split_vals(0.0))
        rests = self.create(vals_list)
        rests._action_confirm(merge=False, create_proc=False)

    def _get_backflush_rest(self):
        """The move of this component that is still to be consumed."""
        self.ensure_one()
        return self._get_backflush_parts()._filter_backflush_open()[:1]

    def _get_backflush_parts(self):
        """The moves that together are this component, product or by-product."""
        self.ensure_one()
        if self.production_id:
            return self.production_id.move_finished_ids.filtered(
                lambda move: (
                    move.state != "cancel"
                    and move.product_id == self.product_id
                    and move.byproduct_id == self.byproduct_id
                )
            )
        origin = self._get_backflush_origin()
        return self.raw_material_production_id.move_raw_ids.filtered(
            lambda move: move._get_backflush_origin() == origin
        )

    def _get_backflush_product_qty(self, quantity):
        """Convert a quantity of this component to its product's unit, unrounded."""
        return self.product_uom._compute_quantity(
            quantity, self.product_id.uom_id, round=False
        )

    def _get_backflush_share(self, unit):
        """What this move covers of its component's target, in the given unit."""
        quantity = self.backflush_expected_qty if self.backflush_id else self.quantity
        if self.product_uom == unit:
            return quantity
        return self.product_uom._compute_quantity(quantity, unit, round=False)

    def _get_backflush_expected(self, totals):
        """What a posting should consume of each of these components.

        :param totals: ``{order: quantity}`` reported so far, this posting included, in
            the order's unit
        :return: ``{move: quantity in the move's unit}``; the source is
            :meth:`~odoo.addons.backflush_auto.engine.Rule.expected`
        """
        covered = self._get_backflush_covered()
        result = {}
        given = defaultdict(float)
        for move in self:
            origin = move._get_backflush_origin()
            result[move] = move._get_backflush_due(
                totals[move.raw_material_production_id],
                covered=covered[move] + given[origin],
            )
            given[origin] += result[move]
        return result

    def _get_backflush_due(self, total, covered=0.0):
        """What this component has yet to consume for a quantity of its order.

        :param total: reported so far, in the order's unit
        :param covered: in the component's unit
        :return: quantity in the component's unit
        """
        self.ensure_one()
        order = self.raw_material_production_id
        return self._get_backflush_rule().expected(
            order._get_backflush_units(self._get_backflush_count(total)),
            prior=order._get_backflush_units(order.backflush_prior_qty),
            covered=covered,
        )

    def _get_backflush_count(self, total):
        """The quantity that this component is due for: from the start, the plan.

        :param total: reported so far, in the order's unit
        """
        self.ensure_one()
        if self.backflush_method == "start":
            return max(total, self.raw_material_production_id.product_qty)
        return total

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
