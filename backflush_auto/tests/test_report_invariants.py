from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines

reports = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(min_value=1, max_value=9),
            "remainder": st.sampled_from(["keep", "keep", "backorder"]),
            "in_batch": st.booleans(),
            "repeated": st.booleans(),
            "too_much_first": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
)


@tagged("post_install", "-at_install")
class TestReportInvariants(RandomRecipeCase):
    """Random recipes, reported in random ways by a program."""

    def _post(self, report):
        if report.pop("in_batch"):
            model = self.env["mrp.production"].with_user(self.worker)
            [result] = model.backflush_post_batch([report])
            self.assertTrue(result.pop("ok"), result)
            return result
        order = self.env["mrp.production"].browse(report.pop("production_id"))
        return order.with_user(self.worker).backflush_post(**report)

    def _post_in_parts(self, order, reports, products):
        """Report as drawn, each part on the order that the one before left open."""
        orders = order
        for number, report in enumerate(reports):
            values = {
                "production_id": order.id,
                "quantity": report["quantity"],
                "remainder": report["remainder"],
                "reference": f"{orders[0].name}/{number}",
                "in_batch": report["in_batch"],
            }
            if report["too_much_first"] and self._can_be_too_much(order):
                self._assert_too_much_is_refused(order, products)
            result = self._post(dict(values))
            balances = self._get_balances(products)
            if report["repeated"]:
                again = self._post({**values, "in_batch": not values["in_batch"]})
                self.assertEqual(again, {**result, "replayed": True})
                self.assertEqual(self._get_balances(products), balances)
            self.assertEqual(result["production"]["id"], order.id)
            order = order.browse(result["backorder"].get("id", order.id))
            orders |= order
        return orders

    def _can_be_too_much(self, order):
        """What is taken once for the order suffices for any quantity."""
        return "unit" in order.move_raw_ids.mapped("backflush_basis")

    def _assert_too_much_is_refused(self, order, products):
        """Neither the order, nor a report without one, can take what is not there."""
        balances = self._get_balances(products)
        moves = self.env["stock.move"].search_count([])
        refused = self.env["mrp.production"].with_user(self.worker)
        results = refused.backflush_post_batch(
            [
                {"production_id": order.id, "quantity": 10**6},
                {"product_id": order.product_id.id, "quantity": 10**6},
            ]
        )
        self.assertEqual([r["error"]["type"] for r in results], ["shortage"] * 2)
        self.assertEqual(self._get_balances(products), balances)
        self.assertEqual(self.env["stock.move"].search_count([]), moves)

    @examples(5)
    @given(lines, amounts, reports)
    def test_reports_consume_what_one_posting_would(self, recipe, bom_quantity, drawn):
        product, components = self._create_recipe(recipe, bom_quantity)
        products = [product.id, *(component.id for component in components)]
        self._fill_stock(components)
        total = sum(report["quantity"] for report in drawn)
        whole = self._create_order(product, total)
        whole.backflush_post()
        # What is left is just enough, and what another order holds.
        other = self._create_order(product, 3)
        other.action_assign()
        self._leave_for(whole, components)

        order = self._create_order(product, total)
        orders = self._post_in_parts(order, drawn, products)

        self.assertEqual(self._consumed(whole), self._consumed(orders))
        self.assertEqual(orders[-1].state, "done")
        self._assert_stock_is_the_sum_of_moves(orders, components)
        for component in components:
            on_hand = self._on_hand(component)
            self.assertAlmostEqual(on_hand, self._reserved(component))
            self.assertAlmostEqual(on_hand, self._held(other, component))

    def _held(self, order, component):
        moves = self._component(order, component)
        return sum(moves.move_line_ids.mapped("quantity_product_uom"))

    def _leave_for(self, whole, components):
        """Take from stock what is neither reserved nor needed once more."""
        for component in components:
            lines = self._component(whole, component).move_line_ids
            needed = sum(lines.mapped("quantity_product_uom"))
            for quant in self.env["stock.quant"].search(
                [
                    ("product_id", "=", component.id),
                    ("location_id", "=", self.stock_location.id),
                ]
            ):
                kept = min(needed, quant.quantity - quant.reserved_quantity)
                needed -= kept
                self._add_stock(
                    component,
                    quant.reserved_quantity + kept - quant.quantity,
                    lot_id=quant.lot_id,
                )
        self.before = {c: self._on_hand(c) for c in components}

    def _assert_stock_is_the_sum_of_moves(self, orders, components):
        moved = dict.fromkeys(components, 0.0)
        for line in orders.move_raw_ids.move_line_ids:
            if line.state == "done":
                moved[line.product_id] += line.quantity_product_uom
        for component, quantity in moved.items():
            left = self._on_hand(component)
            self.assertAlmostEqual(self.before[component] - left, quantity)
