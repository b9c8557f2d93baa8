from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from ..context import with_private
from . import test_invariants
from .random_examples import examples
from .test_invariants import amounts, lines

STEP = 0.01

# A quantity, and what a person records in its place for the first component.
entries = st.one_of(st.none(), st.integers(min_value=0, max_value=3000))
reports = st.lists(
    st.tuples(st.integers(min_value=1, max_value=9), entries), min_size=2, max_size=4
)


@tagged("post_install", "-at_install")
class TestPartsInvariants(test_invariants.TestInvariants):
    """Random recipes, reported in random parts on one order that stays open."""

    # Those are run where they stand.
    test_parts_consume_what_one_order_would = None

    def _post_part(self, order, total, entry, keep_open):
        order.qty_producing = total
        if entry is not None:
            move = self._get_components(order)[0][0]._get_backflush_rest()
            move.write({"quantity": entry / 100, "picked": True})
        kept = with_private(order, keep_open=order._ids if keep_open else None)
        kept.with_context(skip_backorder=True, skip_consumption=True).button_mark_done()

    def _get_components(self, order):
        """The moves of each component, in the order of the recipe."""
        groups = order.move_raw_ids.sorted("id").grouped(
            lambda move: move._get_backflush_origin()
        )
        return list(groups.values())

    def _assert_expected(self, order, total):
        """Never further from the target than a rounding step."""
        for moves in self._get_components(order):
            first = moves[0]
            order = first.raw_material_production_id
            at_start = first.backflush_method == "start"
            count = max(total, order.product_qty) if at_start else total
            count = 1 if first.backflush_basis == "order" else count
            target = first.backflush_ratio * count * (1 + first.backflush_scrap / 100)
            expected = sum(moves.mapped("backflush_expected_qty"))
            step = first.backflush_rounding or STEP
            self.assertLess(abs(expected - target), step)

    @examples(5)
    @given(lines, amounts, reports)
    def test_parts_of_one_order(self, recipe, bom_quantity, reports):
        recipe[0]["lots"] = False
        product, components = self._create_recipe(recipe, bom_quantity)
        # A person enters what a strict bill of materials would not allow.
        product.bom_ids.consumption = "flexible"
        self._fill_stock(components)
        planned = sum(part for part, _entry in reports)
        whole = self._create_order(product, planned)
        whole.button_mark_done()
        before = {component: self._on_hand(component) for component in components}

        order, total = self._create_order(product, planned), 0
        for number, (part, entry) in enumerate(reports, start=1):
            total += part
            self._post_part(order, total, entry, keep_open=number < len(reports))
            self._assert_expected(order, total)
        self.assertEqual((order.state, order.qty_produced), ("done", planned))

        after = {component: self._on_hand(component) for component in components}
        self._assert_stock_is_the_sum_of_moves(order, before, after)
        expected = {
            line.id: round(sum(moves.mapped("backflush_expected_qty")), 6)
            for line, moves in order.move_raw_ids.grouped("bom_line_id").items()
        }
        self.assertEqual(expected, self._consumed(whole))
        for moves in self._get_components(order)[1:]:
            self.assertEqual(set(moves.mapped("backflush_variance_qty")), {0.0})
