from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines

parts = st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=4)


@tagged("post_install", "-at_install")
class TestInvariants(RandomRecipeCase):
    """Random recipes, produced in random parts, on real orders and stock."""

    @examples(7)
    @given(lines, amounts, parts)
    def test_parts_consume_what_one_order_would(self, recipe, bom_quantity, parts):
        product, components = self._create_recipe(recipe, bom_quantity)
        self._fill_stock(components)
        before = {c: self._on_hand(c) for c in components}
        whole = self._create_order(product, sum(parts))
        planned = self._planned(whole)
        whole.button_mark_done()
        after_whole = {c: self._on_hand(c) for c in components}

        order = self._create_order(product, sum(parts))
        split = order
        for part in parts[:-1]:
            order = self._produce(order, part, backorder=True)
            split |= order
        self._produce(order, parts[-1])

        self.assertEqual(self._consumed(whole), self._consumed(split))
        self.assertEqual(self._consumed(whole), planned)
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
