import math

from hypothesis import given
from hypothesis import strategies as st

from odoo import Command
from odoo.tests import tagged

from .random_examples import examples
from .test_split_orders import SplitOrdersCase

steps = st.lists(
    st.tuples(
        st.sampled_from(
            ["split", "post", "post", "keep", "backorder", "cancel", "merge", "resize"]
        ),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=1, max_value=9),
    ),
    min_size=2,
    max_size=8,
)
early_steps = st.lists(
    st.tuples(
        st.sampled_from(["split", "keep", "backorder", "start", "work", "work"]),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=1, max_value=9),
    ),
    min_size=2,
    max_size=8,
)
settled = examples(8)


@tagged("post_install", "-at_install")
class TestSplitInvariants(SplitOrdersCase):
    """Whatever is made of an order, all of it together consumes what one would."""

    @settled
    @given(st.integers(min_value=2, max_value=30), st.booleans(), steps)
    def test_any_way(self, quantity, reserved, steps):
        for product in (self.board, self.paint, self.glue):
            self._add_stock(product, 100)
        order = self._create_order(quantity=quantity, bom=self.recipe)
        if reserved:
            order.action_assign()
        self.family = order
        for name, number, amount in steps:
            self._step(name, number, amount)
            self._check()

    @settled
    @given(st.integers(min_value=2, max_value=30), st.booleans(), early_steps)
    def test_taken_early(self, quantity, reserved, steps):
        """What leaves at the start or at an operation is counted for all of them."""
        for product in (self.board, self.paint, self.glue):
            self._add_stock(product, 100)
        order = self._create_order(quantity=quantity, bom=self.early_recipe)
        if reserved:
            order.action_assign()
        self.family = order
        for name, number, amount in steps:
            self._step(name, number, amount)
        for order in self.family.filtered(lambda o: o.state not in ("done", "cancel")):
            order.backflush_post()
        self.assertEqual(sum(self.family.mapped("qty_produced")), quantity)
        self._check()

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        centre = cls.env["mrp.workcenter"].create({"name": "Saw"})
        cls.early_recipe = cls.recipe.copy()
        cls.early_recipe.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Cut", "Glue")
        ]
        board, paint, glue = cls.early_recipe.bom_line_ids
        board.backflush_method = paint.backflush_method = "operation"
        glue.backflush_method = "start"
        board.operation_id, paint.operation_id = cls.early_recipe.operation_ids

    def _work(self, order, number, amount):
        """Report at a work order of which something is left."""
        left = order.workorder_ids.filtered(
            lambda w: w.state not in ("done", "cancel") and w.qty_remaining > 0
        )
        if left:
            workorder = left[number % len(left)]
            quantity = min(amount, workorder.qty_remaining)
            order.backflush_post(quantity=quantity, workorder_id=workorder.id)

    def _step(self, name, number, amount):
        opened = self.family.filtered(lambda o: o.state not in ("done", "cancel"))
        if not opened:
            return
        order = opened[number % len(opened)]
        untouched = opened.filtered(lambda o: o.state == "confirmed")
        left = int(order._get_backflush_remaining())
        if name == "split" and order in untouched and left > 1:
            part = 1 + amount % (left - 1)
            self.family |= order._split_productions({order: [part, left - part]})
        elif name in ("post", "keep", "backorder"):
            self._post(order, name, min(amount, left))
        elif name == "start":
            order.action_start()
        elif name == "work":
            self._work(order, number, amount)
        elif name == "cancel":
            order.action_cancel()
        elif name == "merge" and len(untouched) > 1:
            action = untouched[:2].action_merge()
            self.family |= order.browse(action["res_id"])
        elif name == "resize":
            wizard = self.env["change.production.qty"].create(
                {"mo_id": order.id, "product_qty": order.qty_produced + amount}
            )
            wizard.change_prod_qty()

    def _post(self, order, name, quantity):
        remainder = {"post": "cancel"}.get(name, name)
        preview = order.backflush_preview(quantity=quantity)
        result = order.backflush_post(quantity=quantity, remainder=remainder)
        told, posted = (
            {c["product"]: c["expected"] for c in answer["components"]}
            for answer in (preview, result)
        )
        if remainder == "backorder" and "start" in order.move_raw_ids.mapped(
            "backflush_method"
        ):
            # What the start takes is for the order that is left, once it is split.
            told.pop("Glue")
            posted.pop("Glue", None)
        self.assertEqual({**told, **posted}, told)
        if result["backorder"]:
            self.family |= order.browse(result["backorder"]["id"])

    def _check(self):
        made = sum(self.family.mapped("qty_produced"))
        opened = self.family.filtered(lambda o: o.state not in ("done", "cancel"))
        planned = made + sum(order._get_backflush_remaining() for order in opened)
        for product, get_target in (
            (self.board, lambda units: 2.0 * units),
            (self.paint, lambda units: 2.0 * bool(units)),
            (self.glue, lambda units: math.ceil(round(0.3 * units, 9))),
        ):
            moves = self._component(self.family, product)
            left = moves.filtered(lambda m: m.state not in ("done", "cancel"))
            consumed = self._done(self.family, product)
            self.assertEqual(consumed, get_target(made), product.name)
            demand = sum(left.mapped("product_uom_qty"))
            self.assertAlmostEqual(consumed + demand, get_target(planned), places=6)
            self._check_reservation(product, left)

    def _check_reservation(self, product, moves):
        lines = self.env["stock.move.line"].search(
            [("product_id", "=", product.id), ("state", "not in", ("done", "cancel"))]
        )
        held = sum(lines.mapped("quantity"))
        self.assertAlmostEqual(self._reserved(product), held)
        for move in moves:
            own = sum(move.move_line_ids.mapped("quantity"))
            self.assertLessEqual(own, move.product_uom_qty)
