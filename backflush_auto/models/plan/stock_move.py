from collections import defaultdict

from odoo import models

from ...context import get_private, with_private
from ..mrp_backflush_rule import NO_RULE, QUANTITY_RULE
from ..stock_move import ORDER_METHODS


class StockMove(models.Model):
    """The recipe of a component, fixed on its order, and the demand that follows."""

    _inherit = "stock.move"

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
            known = with_private(move, record=True, keep_ratio=True)
            known.backflush_ratio = move._get_backflush_demand_ratio()
            known.backflush_added = not move.bom_line_id

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
            method = "completion"  # a person added it to the order anyway
        is_edited = (
            not values or keep_edits and not self._is_backflush_demand_of(values)
        )
        keep = with_private(self, keep_ratio=True, record=True)
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
            keep.backflush_ratio = self._get_backflush_demand_ratio()
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
        units = self._get_backflush_planned_units()
        rule = self._get_backflush_rule()
        count = self._get_backflush_counts()[self]
        covered = count.get_covered(self._get_backflush_key())
        if rule.per_order:
            covered = sum(count.covered.values())
        return rule.get_ratio(self.product_uom_qty + covered, units)

    def _release_backflush(self):
        """Give components back to Odoo, whose rules hold again."""
        for move in self:
            recorded = move.picked and move.manual_consumption
            with_private(move, record=True).write(
                {
                    **NO_RULE,
                    "backflush_added": False,
                    "manual_consumption": recorded or move._is_manual_consumption(),
                }
            )
        self.filtered(lambda m: m._should_assign_at_confirm())._action_assign()

    def _update_backflush_ratio(self):
        """Where the demand is not the plan, a person edited it: it is the new ratio."""
        if get_private(self.env, "keep_ratio"):
            return
        edited = self.browse()
        for move, plan in self._get_backflush_plan().items():
            if move.product_uom.compare(move.product_uom_qty, plan):
                edited |= move
                keep = with_private(move, keep_ratio=True)
                keep.backflush_ratio = move._get_backflush_demand_ratio()
        # The demand is what will be consumed, on the grid of the component's rounding.
        edited._plan_backflush()

    def _follow_backflush_rule(self):
        """Where a person has changed how a component is consumed, plan it anew."""
        if not get_private(self.env, "keep_ratio"):
            self._plan_backflush()

    def _follow_backflush_write(self, vals):
        """Let the recipe of components, and what a person entered, follow a write.

        :param vals: what was written
        """
        # Filtered only where it is asked: Odoo may have merged the moves into others.
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

    def _plan_backflush(self, quantities=None):
        """Set the demand to what the orders have yet to consume.

        Those that were split from the same one are planned together.

        :param quantities: ``{order: quantity}`` of orders whose quantity is about to
            change, in their unit
        """
        moves = with_private(self._get_backflush_relatives(), keep_ratio=True)
        for move, plan in moves._get_backflush_plan(quantities).items():
            if move.product_uom.compare(move.product_uom_qty, plan):
                move.product_uom_qty = plan

    def _get_backflush_plan(self, quantities=None):
        """The demand of each component: what its order has yet to consume.

        :param quantities: see :meth:`_plan_backflush`
        :return: ``{move: quantity in the move's unit}``
        """
        counts = self._get_backflush_counts(quantities)
        return {
            move: counts[move].plan(
                move._get_backflush_rule(), move._get_backflush_key()
            )
            for move in self
        }

    # --- Updates of the bill of materials ---

    def _filter_backflush_unsettled(self):
        settled = get_private(self.env, "settled_ids")
        return self.filtered(lambda m: m.id not in settled) if settled else self

    def _follow_backflush_line(self, values):
        """Take over unit and operation of the line of the bill of materials."""
        self.ensure_one()
        if self.product_uom.id != values["product_uom"]:
            self.product_uom = values["product_uom"]
        if self.operation_id.id != values["operation_id"]:
            self.operation_id = values["operation_id"]
            self.workorder_id = self.raw_material_production_id.workorder_ids.filtered(
                lambda workorder: workorder.operation_id == self.operation_id
            )
