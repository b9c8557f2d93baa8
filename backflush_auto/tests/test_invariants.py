from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged

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
        }
    ),
    min_size=1,
    max_size=4,
)
parts = st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=4)


@tagged("post_install", "-at_install")
class TestInvariants(BackflushCase):
    """Random recipes, produced in random parts, on real orders and stock."""

    def _create_recipe(self, recipe, bom_quantity):
        product = self._create_product("Random")
        components, bom_lines = [], []
        for line in recipe:
            tracking = "lot" if line["lots"] else "none"
            component = self._create_product("Component", tracking=tracking)
            components.append(component)
            values = {
                "product_uom_id": (self.dozen if line["dozens"] else self.unit).id
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
        return product, components

    def _fill_stock(self, components):
        for component in components:
            lots = [self.env["stock.lot"]]
            if component.tracking == "lot":
                lots = self.env["stock.lot"].create(
                    [{"name": name, "product_id": component.id} for name in "ABC"]
                )
            for lot in lots:
                self._add_stock(component, 900000, lot_id=lot)

    def _consumed(self, orders):
        """What was consumed for each line of the recipe, in the unit of the line."""
        consumed = {}
        for order in orders:
            for position, move in enumerate(order.move_raw_ids):
                quantity = move.quantity if move.state == "done" else 0.0
                consumed[position] = round(consumed.get(position, 0) + quantity, 6)
        return consumed

    @settings(
        max_examples=12,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(lines, amounts, parts)
    def test_parts_consume_what_one_order_would(self, recipe, bom_quantity, parts):
        product, components = self._create_recipe(recipe, bom_quantity)
        self._fill_stock(components)
        before = {c: self._on_hand(c) for c in components}
        whole = self._create_order(product, sum(parts))
        planned = whole.move_raw_ids.mapped("product_uom_qty")
        whole.button_mark_done()
        after_whole = {c: self._on_hand(c) for c in components}

        order = self._create_order(product, sum(parts))
        split = order
        for part in parts[:-1]:
            order = self._produce(order, part, backorder=True)
            split |= order
        self._produce(order, parts[-1])

        self.assertEqual(self._consumed(whole), self._consumed(split))
        self.assertEqual(list(self._consumed(whole).values()), planned)
        self._assert_stock_is_the_sum_of_moves(whole, before, after_whole)
        self.assertEqual(
            [move.backflush_variance_qty for move in split.backflush_ids.move_ids],
            [0.0] * len(split.backflush_ids.move_ids),
        )

    def _assert_stock_is_the_sum_of_moves(self, order, before, after):
        moved = dict.fromkeys(before, 0.0)
        for line in order.move_raw_ids.move_line_ids:
            self.assertTrue(line.lot_id or line.product_id.tracking == "none")
            moved[line.product_id] += line.quantity_product_uom
        for component, quantity in moved.items():
            self.assertAlmostEqual(before[component] - after[component], quantity)
