from bisect import bisect_right
from collections import defaultdict

from odoo import models

from ..context import get_private, with_private


class ReportMrpReportBomStructure(models.AbstractModel):
    """The overview of a backflushed BoM shows what its orders plan.

    The private key ``overview`` says that rules hold for the lines at hand,
    ``kit_lines`` are the lines of the kits around them, from the inside out.
    """

    _inherit = "report.mrp.report_bom_structure"

    def _get_bom_data(
        self,
        bom,
        warehouse,
        product=False,
        line_qty=False,
        bom_line=False,
        *args,
        **kwargs,
    ):
        overview, line = self, bom_line
        if bom_line:
            line_qty = self._get_backflush_line_quantity(bom_line, line_qty)
        if bom.type != "phantom":
            overview = with_private(self, overview=bom.backflush, kit_lines=None)
        elif bom_line and get_private(self.env, "overview"):
            # With the line, Odoo would round up, but a kit is not in stock.
            overview, line = self._enter_backflush_kit(bom_line), False
            line_qty = bom_line.product_uom_id._compute_quantity(
                line_qty, bom.product_uom_id, round=False
            )
        data = super(ReportMrpReportBomStructure, overview)._get_bom_data(
            bom, warehouse, product, line_qty, line, *args, **kwargs
        )
        if bom_line:
            data["base_bom_line_qty"] = bom_line.product_qty
            if bom.type != "phantom" and self._is_backflush_bulk(bom_line):
                self._show_backflush_bulk(data)
        return data

    def _get_component_data(
        self,
        parent_bom,
        parent_product,
        warehouse,
        bom_line,
        line_quantity,
        *args,
        **kwargs,
    ):
        component = super()._get_component_data(
            parent_bom,
            parent_product,
            warehouse,
            bom_line,
            self._get_backflush_line_quantity(bom_line, line_quantity),
            *args,
            **kwargs,
        )
        if self._is_backflush_bulk(bom_line):
            self._show_backflush_bulk(component)
        return component

    def _get_components_closest_forecasted(
        self, lines, line_quantities, *args, **kwargs
    ):
        needed = {
            line.id: 0.0
            if self._is_backflush_bulk(line)
            else self._get_backflush_line_quantity(line, line_quantities[line.id])
            for line in lines
        }
        return super()._get_components_closest_forecasted(
            lines, needed, *args, **kwargs
        )

    def _update_product_info(
        self,
        product,
        bom_key,
        product_info,
        warehouse,
        quantity,
        bom,
        parent_bom,
        parent_product,
        *args,
        **kwargs,
    ):
        if not bom:
            quantity = self._get_backflush_supplied(
                product, quantity, parent_bom, parent_product
            )
        return super()._update_product_info(
            product,
            bom_key,
            product_info,
            warehouse,
            quantity,
            bom,
            parent_bom,
            parent_product,
            *args,
            **kwargs,
        )

    # --- Rules ---

    def _enter_backflush_kit(self, kit_line):
        kit_lines = kit_line + self._get_backflush_kit_lines()
        return with_private(self, kit_lines=kit_lines._ids)

    def _get_backflush_kit_lines(self):
        ids = get_private(self.env, "kit_lines", ())
        return self.env["mrp.bom.line"].browse(ids)

    def _get_backflush_line_quantity(self, bom_line, quantity):
        if get_private(self.env, "overview"):
            return bom_line._get_backflush_target(quantity)
        return quantity

    def _get_backflush_supplied(self, product, quantity, parent_bom, parent_product):
        """How much of a component has to be supplied, in its product's unit.

        Odoo does not say for which line; where several name the product, it is asked
        for the quantity that they have without their rules.
        """
        lines = parent_bom.bom_line_ids.filtered(
            lambda line: (
                line.product_id == product and not line._skip_bom_line(parent_product)
            )
        )
        if len(lines) != 1:
            return quantity
        in_unit = product.uom_id._compute_quantity(
            quantity, lines.product_uom_id, round=False
        )
        return lines.product_uom_id._compute_quantity(
            self._get_backflush_line_quantity(lines, in_unit), product.uom_id
        )

    # --- Bulk ---

    def _is_backflush_bulk(self, bom_line):
        """Whether a line is here for information only."""
        if not get_private(self.env, "overview"):
            return False
        return bom_line._get_backflush_method(self._get_backflush_kit_lines()) == "bulk"

    def _show_backflush_bulk(self, component):
        """Show what no order takes from stock: it costs and delays nothing.

        :param component: what Odoo says of it, changed in place
        """
        component.update(
            name=self.env._("%(product)s (bulk)", product=component["name"]),
            bom_cost=0.0,
            # Odoo shows no stock, and nothing missing, of what is not kept in stock.
            is_storable=False,
            route_alert=False,
            stock_avail_state="available",
            resupply_avail_delay=0,
            availability_state="available",
            availability_display=self._format_date_display("available", 0),
            availability_delay=0,
        )

    # --- How much can be produced ---

    def _compute_current_production_capacity(self, bom_data, *args, **kwargs):
        if not get_private(self.env, "overview"):
            return super()._compute_current_production_capacity(
                bom_data, *args, **kwargs
            )
        bom, free = bom_data["bom"], self._get_backflush_free(bom_data["components"])
        needs = self._get_backflush_needs(bom, bom_data["product"])
        times = [
            self._get_backflush_times(needs[product], product.uom_id, free[product])
            for product in needs.keys() & free.keys()
        ]
        limited = [number for number in times if number is not None]
        if times and not limited:
            return bom_data["quantity"]
        return max(0, min(limited, default=0)) * bom.product_qty

    def _get_backflush_free(self, components):
        """The stock that is free for these components.

        :return: ``{product: quantity in its unit}``
        """
        free = {}
        for component in components:
            product = component["product"]
            if component.get("phantom_bom"):
                free |= self._get_backflush_free(component["components"])
            elif product.is_storable:
                free[product] = component["uom"]._compute_quantity(
                    component["free_to_manufacture_qty"], product.uom_id, round=False
                )
        return free

    def _get_backflush_needs(self, bom, product):
        """What an order takes of each component, kits exploded.

        :return: ``{product: [(rule for a number of BoMs, size of its unit)]}``
        """
        needs = defaultdict(list)
        for line, data in bom.explode(product, 1.0)[1]:
            rule = line._get_backflush_bom_rule(data)
            kit_lines = data["backflush_parent_lines"] + self._get_backflush_kit_lines()
            if rule.ratio and line._get_backflush_method(kit_lines) != "bulk":
                size = line.product_uom_id._compute_quantity(
                    1.0, line.product_id.uom_id, round=False
                )
                needs[line.product_id].append((rule, size))
        return needs

    def _get_backflush_times(self, needs, unit, free):
        """How many times a BoM can be made with what is free of a component.

        :param needs: as of :meth:`_get_backflush_needs`
        :param unit: of the component's product
        :param free: in that unit
        :return: a whole number, or None where it suffices for any number
        """

        def need(times):
            return unit.round(sum(rule.target(times) * size for rule, size in needs))

        per_unit = [(rule, size) for rule, size in needs if not rule.per_order]
        if not per_unit:
            return None if need(1) <= unit.round(free) else 0
        # A target is at most one step of its rounding below the exact quantity.
        rule, size = per_unit[0]
        most = (free / size + rule.rounding.step) / rule.ratio
        return bisect_right(range(int(most) + 2), unit.round(free), key=need) - 1
