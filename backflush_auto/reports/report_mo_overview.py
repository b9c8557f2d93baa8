from collections import defaultdict

from odoo import models

from ..context import get_private, with_private


class ReportMoOverview(models.AbstractModel):
    """The overview of an order takes each move for a component or product of its own.

    Here several of them can be the parts of one, and what was reported wrong has come
    back of them.
    """

    _inherit = "report.mrp.report_mo_overview"

    def _get_report_data(self, production_id, *args, **kwargs):
        data = super()._get_report_data(production_id, *args, **kwargs)
        order = self.env["mrp.production"].browse(production_id)
        if order.backflush:
            data["backflush_scrap"] = order._describe_backflush_scrap()
        return data

    def _get_components_data(
        self, production, replenish_data=False, level=0, current_index=False, **kwargs
    ):
        if production.backflush:
            quantities = production._get_backflush_bom_quantities()
            self = with_private(self, bom_quantities=quantities)
        components = super()._get_components_data(
            production, replenish_data, level, current_index, **kwargs
        )
        if production.backflush_corrected:
            components = [one for one in components if one["summary"]["quantity"]]
        if production.state == "done":
            components += self._get_backflush_debts_data(
                production, level, current_index, len(components)
            )
        return components

    def _get_replenishment_lines(self, production, move_raw, *args, **kwargs):
        # Nothing is to be ordered for what has left stock already.
        if production.backflush and production.state != "done":
            if move_raw.state == "done":
                return []
        return super()._get_replenishment_lines(production, move_raw, *args, **kwargs)

    def _get_backflush_debts_data(self, production, level, index, number):
        """What a closed order owes: Odoo leaves out what it has not taken.

        :param index: of the order in the overview, ``number`` of its components before
        """
        data = {
            "products": {},
            "warehouses": {},
            "qty_already_reserved": defaultdict(float),
            "qty_reserved": {},
        }
        rows = []
        for debt in production.move_raw_ids._filter_backflush_debts():
            row = self._format_component_move(
                production, debt, [], data, level, f"{index or ''}{number + len(rows)}"
            )
            cost = row["currency"].round(debt._get_backflush_owed_cost())
            name = self.env._("%(product)s, deferred", product=row["name"])
            row.update(name=name, mo_cost=cost, real_cost=cost)
            rows.append({"summary": row, "replenishments": []})
        return rows

    def _format_component_move(self, production, move_raw, *args, **kwargs):
        component = super()._format_component_move(
            production, move_raw, *args, **kwargs
        )
        if production.backflush_corrected and move_raw.state == "done":
            self._leave_out_backflush_returned(component, production, move_raw)
        if production.backflush and move_raw.bom_line_id:
            self._set_backflush_bom_cost(component, production, move_raw)
        return component

    def _leave_out_backflush_returned(self, component, production, move_raw):
        """Show what is left of a component of which something has come back."""
        left = self._get_backflush_quantity(move_raw)
        cost = self._get_component_real_cost(move_raw, component["quantity"] - left)
        round_cost, rounding = (
            component["currency"].round,
            component["currency"].rounding,
        )
        component["quantity"] = left
        for name in ("mo_cost", "real_cost"):
            component[name] = round_cost(component[name] - cost)
        if self._is_production_started(production):
            component["mo_cost_decorator"] = self._get_comparison_decorator(
                component["real_cost"], component["mo_cost"], rounding
            )

    def _set_backflush_bom_cost(self, component, production, move_raw):
        """Let the BoM say what it does for this order, for this part of a component."""
        quantities = get_private(self.env, "bom_quantities", {})
        cost = component["bom_cost"]
        if move_raw.bom_line_id in quantities:
            quantity = quantities[move_raw.bom_line_id]
            cost = self._get_component_real_cost(move_raw, quantity)
        cost *= self._get_backflush_part_ratio(move_raw)
        component["bom_cost"] = component["currency"].round(cost)
        if production.state in ("draft", "confirmed"):
            component["mo_cost_decorator"] = self._get_comparison_decorator(
                cost, component["mo_cost"], component["currency"].rounding
            )

    def _get_kit_bom_lines(self, bom, *args, **kwargs):
        # What is on the BoM for information only is not missing on the order.
        lines = super()._get_kit_bom_lines(bom, *args, **kwargs)
        if bom.backflush:
            lines |= bom.bom_line_ids.filtered(
                lambda line: line._get_backflush_method(line.browse()) == "bulk"
            )
        return lines

    def _get_byproducts_data(self, production, *args, **kwargs):
        production = self._view_backflush_byproducts(production)
        return super()._get_byproducts_data(production, *args, **kwargs)

    def _get_cost_breakdown_data(self, production, *args, **kwargs):
        production = self._view_backflush_byproducts(production)
        return super()._get_cost_breakdown_data(production, *args, **kwargs)

    def _get_mo_summary(self, production, *args, **kwargs):
        parts = production._get_backflush_main_moves()
        if not production.backflush or len(parts) < 2:
            return super()._get_mo_summary(production, *args, **kwargs)
        view = production.new(origin=production)
        view.move_finished_ids -= view._get_backflush_main_moves()[1:]
        view.state = production.state
        summary = super()._get_mo_summary(view, *args, **kwargs)
        done = production.state == "done"
        return summary | {
            "id": production.id,
            "quantity": production.qty_produced if done else production.product_qty,
            "unit_cost": self._get_backflush_unit_cost(parts),
        }

    def _get_backflush_unit_cost(self, parts):
        """What one unit of the product has cost on average, in the order's unit."""
        made = [
            (move, self._get_backflush_quantity(move))
            for move in parts
            if move.state == "done"
        ]
        quantity = sum(left for _move, left in made)
        cost = sum(self._get_unit_cost(move) * left for move, left in made)
        return cost / quantity if quantity else self._get_unit_cost(parts[:1])

    def _view_backflush_byproducts(self, production):
        """See an order with what is left of the parts of its by-products.

        They share the part of the cost that their by-product bears.
        """
        moves = production.move_byproduct_ids
        is_whole = len(moves) == len(moves.byproduct_id)
        if not production.backflush or (
            is_whole and not production.backflush_corrected
        ):
            return production
        view = production.new(origin=production)
        for move in view.move_byproduct_ids:
            origin = move._origin
            move.cost_share = origin.cost_share * self._get_backflush_part_ratio(origin)
            if move.state == "done":
                move.quantity = self._get_backflush_quantity(origin)
                if not move.quantity:
                    view.move_finished_ids -= move
        view.state = production.state
        return view

    def _get_backflush_part_ratio(self, move):
        """How much of its component or by-product this move is, 0 to 1."""
        total = sum(
            self._get_backflush_quantity(p) for p in move._get_backflush_parts()
        )
        return self._get_backflush_quantity(move) / total if total else 1.0

    def _get_backflush_quantity(self, move):
        if move.state == "done":
            return move._get_backflush_left_moved()
        return move.product_uom_qty
