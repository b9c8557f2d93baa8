from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines

# What is good of a report, and what failed of it: at an operation, or once finished.
failures = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=4),
        st.one_of(st.none(), st.integers(min_value=0, max_value=2)),
    ),
    max_size=2,
)
reports = st.lists(
    st.fixed_dictionaries(
        {
            "quantity": st.integers(min_value=1, max_value=9),
            "failed": failures,
            "make_up": st.booleans(),
            "only": st.booleans(),
            "remainder": st.sampled_from(["keep", "keep", "backorder"]),
        }
    ),
    min_size=1,
    max_size=4,
)


@tagged("post_install", "-at_install")
class TestScrapInvariants(RandomRecipeCase):
    """Random recipes, of which some fails somewhere on its way."""

    def _post(self, order, report, number):
        """Report as drawn.

        :return: the order that carries on, what was good, and ``[(failed, number of
            the operation or None)]``
        """
        workorders = order.workorder_ids.sorted("id")
        failed = [
            (quantity, at if workorders else None) for quantity, at in report["failed"]
        ]
        values = {
            "scrap": [
                {
                    "quantity": quantity,
                    "workorder_id": 0 if at is None else workorders[at].id,
                }
                for quantity, at in failed
            ],
            "make_up": bool(failed) and report["make_up"],
            "scrap_only": bool(failed) and report["only"],
            "reference": f"{order.name}/{number}",
        }
        if not values["scrap_only"]:
            values["remainder"] = report["remainder"]
        good = 0 if values["scrap_only"] else report["quantity"]
        preview = order.backflush_preview(
            good, **{name: values[name] for name in ("scrap", "make_up", "scrap_only")}
        )
        result = order.backflush_post(good, **values)
        told = {c["move_id"]: c["expected"] for c in preview["components"]}
        posted = sum(c["expected"] for c in result["components"])
        self.assertAlmostEqual(sum(told.values()), posted, 6)
        self.assertEqual(order.backflush_post(good, **values)["replayed"], True)
        return order.browse(result["backorder"].get("id", order.id)), good, failed

    def _assert_targets(self, orders, good, failed):
        """Each component has left for what was good when it came to its operation."""
        for moves in orders.move_raw_ids.grouped("bom_line_id").values():
            first = moves[0]
            operations = first.bom_line_id.bom_id.operation_ids.ids
            at = first.operation_id.id
            place = operations.index(at) if at in operations else -1
            due = good + sum(
                quantity
                for quantity, failed_at in failed
                if failed_at is None or failed_at >= place
            )
            consumed = sum(m.quantity for m in moves if m.state == "done")
            self.assertAlmostEqual(consumed, first._get_backflush_rule().target(due), 6)

    @examples(4)
    @given(lines, amounts, reports)
    def test_what_failed_takes_what_it_reached(self, recipe, bom_quantity, reports):
        for line in recipe:
            # The start takes the plan, and knows nothing of what will fail.
            line["method"] = line["method"].replace("start", "completion")
            # One move for each line, so that its rule is the whole target.
            line["kit"] = line["wanted_twice"] = False
        product, components = self._create_recipe(recipe, bom_quantity)
        self._fill_stock(components)
        before = {component: self._on_hand(component) for component in components}
        order = orders = self._create_order(product, 200)
        good, failed = 0, []
        for number, report in enumerate(reports):
            order, made, failures = self._post(order, report, number)
            orders |= order
            good += made
            failed += failures
            self._assert_targets(orders, good, failed)
        good += order._get_backflush_remaining()
        result = order.backflush_post()
        self.assertEqual(result["production"]["state"], "done")
        self._assert_targets(orders, good, failed)
        self.assertEqual(sum(orders.mapped("qty_produced")), good)
        self.assertEqual(self._on_hand(product), good)
        scrapped = sum(orders.mapped("backflush_scrapped_qty"))
        self.assertEqual(scrapped, sum(quantity for quantity, _at in failed))
        self.assertEqual(sum(orders.scrap_ids.mapped("scrap_qty")), scrapped)
        moved = dict.fromkeys(components, 0.0)
        for move_line in orders.move_raw_ids.move_line_ids:
            moved[move_line.product_id] += move_line.quantity_product_uom
        for component, quantity in moved.items():
            self.assertAlmostEqual(
                before[component] - self._on_hand(component), quantity
            )
