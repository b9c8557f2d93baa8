from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines

ORDER, START = "order", "start"
# Where something is reported, and how much of the order is reported there then.
events = st.lists(
    st.tuples(
        st.sampled_from([ORDER, START, 0, 1, 2]),
        st.integers(min_value=1, max_value=9),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@tagged("post_install", "-at_install")
class TestOperationInvariants(RandomRecipeCase):
    """Random recipes, reported at random operations and on the order, in any order."""

    def setUp(self):
        super().setUp()
        self.reported = {}

    def _report(self, order, where, total, by_program):
        """Report at an operation or on the order, up to a total.

        :param by_program: over the API; else a work order is finished, as on the form
        """
        if where == START:
            order.action_start()
        elif where == ORDER:
            order.backflush_post(quantity=total - order.qty_produced)
        else:
            workorder = order.workorder_ids[where]
            quantity = total - workorder.qty_produced
            if by_program:
                order.backflush_post(quantity=quantity, workorder_id=workorder.id)
            else:
                workorder.qty_produced = total
                workorder.button_finish()
        self.reported[where] = total

    def _is_possible(self, order, where, total):
        if order.state == "done":
            return False
        if where == START:
            return order.state == "confirmed"
        if where == ORDER:
            return order.qty_produced < total
        workorder = order.workorder_ids[where : where + 1]
        return workorder.state not in (False, "done") and workorder.qty_produced < total

    def _get_due(self, move):
        """For how much of the order this component is due, as the words of the rule."""
        due = self.reported.get(ORDER, 0)
        if move.backflush_method == "operation" and move.workorder_id:
            own = int(move.workorder_id.name)
            later = (self.reported.get(where, 0) for where in range(own, 3))
            return max(due, *later)
        if move.backflush_method == "start":
            return move.raw_material_production_id.product_qty if self.reported else 0
        return due

    def _assert_expected(self, order):
        for moves in self._get_components(order):
            first = moves[0]
            due = self._get_due(first)
            count = float(due > 0) if first.backflush_basis == "order" else due
            target = first.backflush_ratio * count * (1 + first.backflush_scrap / 100)
            expected = sum(moves.mapped("backflush_expected_qty"))
            step = first.backflush_rounding or 0.01
            self.assertLess(abs(expected - target), step + 1e-9)

    def _get_components(self, order):
        return order.move_raw_ids.grouped(lambda m: m._get_backflush_origin()).values()

    @examples(6)
    @given(lines, amounts, events)
    def test_any_way_consumes_what_one_posting_would(self, recipe, bom_quantity, drawn):
        product, components = self._create_recipe(recipe, bom_quantity)
        self._fill_stock(components)
        whole = self._create_order(product, 9)
        whole.backflush_post()
        before = {component: self._on_hand(component) for component in components}
        self.reported = {}

        order = self._create_order(product, 9)
        for where, total, by_program in drawn:
            if self._is_possible(order, where, total):
                self._report(order, where, total, by_program)
                self._assert_expected(order)
        if order.state != "done":
            self._report(order, ORDER, 9, True)
        self._assert_expected(order)

        self.assertEqual(order.state, "done")
        self.assertEqual(self._consumed(whole), self._consumed(order))
        moved = dict.fromkeys(components, 0.0)
        for line in order.move_raw_ids.move_line_ids:
            moved[line.product_id] += line.quantity_product_uom
        for component, quantity in moved.items():
            left = self._on_hand(component)
            self.assertAlmostEqual(before[component] - left, quantity)
