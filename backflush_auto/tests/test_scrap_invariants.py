from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines
from .test_correction_invariants import CorrectedCase, programs

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


@tagged("post_install", "-at_install")
class TestScrapPrograms(CorrectedCase):
    """Some fails of what is reported in parts, split, exceeded, corrected, cancelled.

    Any recipe: kits, dozens, once for an order, at the start and at operations.
    """

    # --- Steps ---

    def _step_scrap(self, number, quantity):
        """Some of a report failed, somewhere; or all of it."""
        order = self._pick(number)
        left = order._get_backflush_remaining() if order else 0
        if left:
            places = [0, *order.workorder_ids.sorted("id").ids]
            order.backflush_post(
                min(quantity, left),
                scrap=[
                    {"quantity": 1 + at % 2, "workorder_id": places[at % len(places)]}
                    for at in (number, quantity)
                ],
                make_up=bool(number % 2),
                scrap_only=not quantity,
            )

    def _step_fail(self, number, quantity):
        """Some failed at a work order, reported there."""
        order = self._pick(number)
        work = order.workorder_ids.filtered(
            lambda w: w.state not in ("done", "cancel") and w.qty_remaining > 0
        )
        if work:
            work = work[number % len(work)]
            order.backflush_post(
                min(quantity, work.qty_remaining),
                workorder_id=work.id,
                scrap=[{"quantity": 1}],
                make_up=bool(number % 2),
                scrap_only=not quantity,
            )

    def _step_damage(self, number, _quantity):
        """A component is spoilt beside what is built in."""
        order = self._pick(number)
        if order and order._get_backflush_remaining():
            spoilt = order.move_raw_ids.product_id.sorted("id")
            spoilt = spoilt[number % len(spoilt)]
            damaged = [{"product_id": spoilt.id, "quantity": 0.5}]
            order.backflush_post(1, damaged=damaged)

    def _step_over(self, number, quantity):
        """More is made than was ordered."""
        order = self._pick(number)
        if order:
            left = order._get_backflush_remaining()
            order.backflush_post(left + 1 + quantity % 3)

    # --- What is always so ---

    def _check_components(self):
        """Nothing is taken twice, or for units that had failed before."""
        for root, moves in self._group_by_root():
            self._assert_between(root, moves, None, self._get_due(root))

    def _group_by_root(self):
        return self.orders.move_raw_ids.grouped(
            lambda move: move._get_backflush_root()
        ).items()

    def _get_due(self, root):
        """The units that a component is due for: all that has come to its operation."""
        operations = self.product.bom_ids.operation_ids.ids
        at = root.operation_id.id
        place = operations.index(at) if at in operations else -1
        due = sum(self.orders.mapped("qty_produced"))
        for scrap in self.orders.sudo().scrap_ids:
            if scrap.backflush_id.state != "reversed":
                failed_at = scrap.workorder_id.operation_id.id
                if not failed_at or operations.index(failed_at) >= place:
                    due += scrap.backflush_qty
        return due

    def _assert_between(self, root, moves, least, most):
        """The expected quantity is the target of so many units, within a step."""
        rule = root._get_backflush_rule()
        step = rule.rounding.step or 0.01
        expected = sum(
            move._get_backflush_left_expected()
            for move in moves
            if move.state == "done"
        )
        if root.backflush_method == "start":
            # The start takes the plan, and more where others are made up for.
            most += sum(max(0, o.product_qty - o.qty_produced) for o in self.orders)
        elif root.backflush_method == "operation":
            most += sum(self.orders.workorder_ids.mapped("qty_produced"))

        def target(units):
            count = float(units > 0) if rule.per_order else units
            return rule.ratio * count * (1 + rule.scrap / 100)

        name = f"{root.backflush_method} {rule} {least} {most}"
        self.assertLess(expected, target(most) + step + 1e-9, name)
        if least is not None:
            self.assertGreater(expected, target(least) - step - 1e-9, name)

    def _finish_exactly(self):
        self._finish()
        for root, moves in self._group_by_root():
            due = self._get_due(root)
            self._assert_between(root, moves, due, due)

    def _draw(self, recipe, bom_quantity, drawn):
        product, components = self._create_recipe(recipe, bom_quantity)
        product.bom_ids.consumption = "flexible"
        self._fill_stock(components)
        self._begin(product, 9, components)
        self._go(drawn)

    steps = (
        *("report", "backorder", "batch", "work", "start", "over", "damage"),
        *("scrap", "scrap", "scrap", "fail", "fail"),
        *("correct", "correct", "cancel", "retry"),
    )

    # Of a report of which something was unbuilt, what failed stays.
    @examples(6)
    @given(lines, amounts, programs(*steps))
    def test_all_comes_back(self, recipe, bom_quantity, drawn):
        self._draw(recipe, bom_quantity, drawn)
        self._undo()

    @examples(6)
    @given(lines, amounts, programs(*steps, "unbuild"))
    def test_in_the_end_what_failed_has_taken_its_share(
        self, recipe, bom_quantity, drawn
    ):
        self._draw(recipe, bom_quantity, drawn)
        self._finish_exactly()
