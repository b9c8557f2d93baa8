from hypothesis import strategies as st

from odoo import Command

from .common import BackflushCase

amounts = st.integers(min_value=1, max_value=2000).map(lambda n: n / 100)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": amounts,
            "dozens": st.booleans(),
            "kit": st.booleans(),
            "lots": st.booleans(),
            "wanted_twice": st.booleans(),
            "basis": st.sampled_from(["unit", "unit", "order"]),
            "scrap": st.sampled_from([0, 5, 12.5]),
            "step": st.sampled_from([0, 0, 0.25, 1]),
            "direction": st.sampled_from(["up", "half-up", "down"]),
            "method": st.sampled_from(
                ["completion", "completion", "operation", "start"]
            ),
            "operation": st.integers(min_value=0, max_value=2),
        }
    ),
    min_size=1,
    max_size=4,
)


class RandomRecipeCase(BackflushCase):
    """Makes products of random recipes, and the stock for them."""

    def _create_recipe(self, recipe, bom_quantity):
        product = self._create_product("Random")
        components, bom_lines = [], []
        for line in recipe:
            tracking = "lot" if line["lots"] else "none"
            component = self._create_product("Component", tracking=tracking)
            components.append(component)
            values = {
                "product_uom_id": (self.dozen if line["dozens"] else self.unit).id,
                "backflush_basis": line["basis"],
                "backflush_scrap": line["scrap"],
                "backflush_rounding": line["step"],
                "backflush_rounding_method": line["direction"],
                "backflush_method": line["method"],
            }
            if line["kit"]:
                kit = self._create_product("Kit")
                kit_line = (component, line["quantity"], values)
                self._create_bom(kit, [kit_line], type="phantom", product_qty=7)
                component, values = kit, {}
            times = 2 if line["wanted_twice"] else 1
            bom_lines += [(component, line["quantity"], values)] * times
        bom = self._create_bom(product, bom_lines, product_qty=bom_quantity)
        bom.consumption = "strict"
        self._add_operations(bom, recipe)
        return product, components

    def _add_operations(self, bom, recipe):
        """Three operations, one after the other, where something is consumed there."""
        if not any(line["method"] == "operation" for line in recipe):
            return
        centre = self.env["mrp.workcenter"].create({"name": "Random"})
        bom.operation_ids = [
            Command.create({"name": str(number), "workcenter_id": centre.id})
            for number in range(3)
        ]
        bom_lines = iter(bom.bom_line_ids)
        for line in recipe:
            for _time in range(2 if line["wanted_twice"] else 1):
                next(bom_lines).operation_id = bom.operation_ids[line["operation"]]

    def _fill_stock(self, components):
        for component in components:
            lots = [self.env["stock.lot"]]
            if component.tracking == "lot":
                lots = self.env["stock.lot"].create(
                    [{"name": name, "product_id": component.id} for name in "ABC"]
                )
            for lot in lots:
                self._add_stock(component, 900000, lot_id=lot)

    def _planned(self, order):
        """What an order plans for each line of the recipe, in the unit of the line."""
        planned = {}
        for move in order.move_raw_ids:
            line = move.bom_line_id.id
            planned[line] = round(planned.get(line, 0) + move.product_uom_qty, 6)
        return planned

    def _consumed(self, orders):
        """What was consumed for each line of the recipe, in the unit of the line."""
        consumed = {}
        for move in orders.move_raw_ids:
            line = move.bom_line_id.id
            quantity = move.quantity if move.state == "done" else 0.0
            consumed[line] = round(consumed.get(line, 0) + quantity, 6)
        return consumed

    def _get_balances(self, products):
        """All there is of these products: what it changes by is what was moved."""
        quants = self.env["stock.quant"].search([("product_id", "in", products)])
        return sorted(
            (q.product_id.id, q.location_id.id, q.lot_id.id, q.quantity)
            for q in quants
            if q.quantity
        )
