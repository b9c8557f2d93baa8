from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .common import BackflushCase
from .random_examples import examples

CATEGORIES = (
    ("kgm", "gram", "lb", "oz", "ton"),
    ("meter", "cm", "millimeter", "inch", "foot", "yard"),
    ("litre", "gal", "qt", "floz"),
    ("unit", "dozen", "pack_6"),
)
units = st.sampled_from(CATEGORIES).flatmap(
    lambda names: st.tuples(st.sampled_from(names), st.sampled_from(names))
)
components = st.fixed_dictionaries(
    {
        "units": units,
        "quantity": st.integers(min_value=1, max_value=5000).map(lambda n: n / 100),
        "basis": st.sampled_from(["unit", "unit", "unit", "order"]),
        "step": st.sampled_from([0, 0, 0, 0.25, 1, 5]),
        "direction": st.sampled_from(["up", "half-up", "down"]),
        "scrap": st.sampled_from([0, 0, 7]),
    }
)
reports = st.lists(st.integers(min_value=1, max_value=9), min_size=2, max_size=4)


@tagged("post_install", "-at_install")
class TestUnitsInvariants(BackflushCase):
    """Random units of one kind: stock, moves and expected are one number."""

    def _create_component(self, values):
        unit, product_unit = (
            self.env.ref(f"uom.product_uom_{name}") for name in values["units"]
        )
        product = self._create_product("Component", uom_id=product_unit.id)
        self._add_stock(product, 10**7)
        line = {
            "product_uom_id": unit.id,
            "backflush_basis": values["basis"],
            "backflush_rounding": values["step"],
            "backflush_rounding_method": values["direction"],
            "backflush_scrap": values["scrap"],
        }
        return product, (product, values["quantity"], line)

    def _get_stock_quantity(self, move, quantity):
        return move.product_uom._compute_quantity(
            quantity, move.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _check_parts(self, order, before, total):
        """Compare what the parts of a component say with what has left stock."""
        first = order.move_raw_ids.sorted("id")[0]
        done = order.move_raw_ids.filtered(lambda move: move.state == "done")
        product = first.product_id
        left = before - self._on_hand(product)
        self.assertAlmostEqual(
            left, sum(done.move_line_ids.mapped("quantity_product_uom")), 6
        )
        rule = first._get_backflush_rule()
        unrounded = rule.ratio * rule._get_factor(total)
        unit_size = first.product_uom._compute_quantity(1, product.uom_id, round=False)
        step = max(rule.rounding.step + rule.rounding.stock, 0.01) * unit_size
        self.assertLess(abs(left - unrounded * unit_size), max(step, 0.01) + 1e-6)
        self.assertEqual(set(done.mapped("backflush_variance_qty")) - {0.0}, set())
        if rule.rounding.stock:
            return
        for quantity in ("quantity", "backflush_expected_qty"):
            moved = sum(self._get_stock_quantity(m, m[quantity]) for m in done)
            self.assertAlmostEqual(left, moved, 6)
        self.assertAlmostEqual(left, rule.target(total) * unit_size, 6)

    @examples(12)
    @given(components, reports)
    def test_parts(self, values, reports):
        component, line = self._create_component(values)
        product = self._create_product("Random")
        self._create_bom(product, [line], consumption="strict")
        start = self._on_hand(component)
        whole = self._create_order(product, sum(reports))
        planned = whole.move_raw_ids.product_uom_qty
        whole.backflush_post()
        self.assertAlmostEqual(sum(whole.move_raw_ids.mapped("quantity")), planned)
        taken = start - self._on_hand(component)

        before, total = self._on_hand(component), 0
        order = self._create_order(product, sum(reports))
        for part in reports:
            total += part
            [told] = order.backflush_preview(quantity=part)["components"]
            result = order.backflush_post(quantity=part)
            expected = sum(line["expected"] for line in result["components"])
            self.assertAlmostEqual(told["expected"], expected, 6)
            self._check_parts(order, before, total)
        self.assertAlmostEqual(before - self._on_hand(component), taken, 6)
        self.assertEqual(order.state, "done")
