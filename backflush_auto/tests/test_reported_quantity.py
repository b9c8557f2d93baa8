from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .test_operation import OperationCase


@tagged("post_install", "-at_install")
class TestReportedQuantity(OperationCase):
    """What is reported on the order is posted, whatever its work orders say."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "flexible"

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=10)
        self.cut, self.screw = self.order.workorder_ids

    def _report_at(self, workorder, quantity):
        self.order.backflush_post(quantity=quantity, workorder_id=workorder.id)

    def assertPosted(self, quantity, state="progress"):
        self.assertRecordValues(
            self.order, [{"qty_produced": quantity, "state": state}]
        )
        posting = self.order.backflush_ids.sorted("id")[-1]
        self.assertEqual(posting.trigger, "completion")
        self.assertEqual(posting.quantity, quantity)
        finished = posting.finished_move_ids._filter_backflush_main()
        self.assertEqual(sum(finished.mapped("quantity")), quantity)

    def test_last_work_order_reported_in_part(self):
        for remainder, state in (
            ("keep", "progress"),
            ("cancel", "done"),
            ("backorder", "done"),
        ):
            self.order = self._create_order(quantity=10)
            self.cut, self.screw = self.order.workorder_ids
            with self.subTest(remainder):
                self._report_at(self.screw, 1)
                result = self.order.backflush_post(quantity=3, remainder=remainder)
                self.assertPosted(3, state)
                self.assertEqual(result["production"]["qty_produced"], 3)
                self.assertConsumed(self.order, {self.board: 6, self.bolt: 12})

    def test_all_of_it(self):
        """More, less and as much as the work orders say."""
        for quantity in (0, 10, 12):
            self.order = self._create_order(quantity=10)
            self.cut, self.screw = self.order.workorder_ids
            with self.subTest(quantity=quantity):
                self._report_at(self.cut, 4)
                self._report_at(self.screw, 2)
                preview = self.order.backflush_preview(quantity)
                self.order.backflush_post(quantity=quantity)
                self.assertPosted(quantity or 10, "done")
                self.assertEqual(preview["quantity"], quantity or 10)
                for workorder in self.order.workorder_ids:
                    self.assertEqual(workorder.qty_produced, quantity or 10)

    def test_less_than_the_work_orders(self):
        self._report_at(self.cut, 6)
        self._report_at(self.screw, 5)
        self.order.backflush_post(quantity=3, remainder="cancel")
        self.assertPosted(3, "done")
        self.assertEqual(self.order.workorder_ids.mapped("qty_produced"), [6, 5])

    def test_one_finished_for_less(self):
        self._finish(self.order, "Cut", 2)
        self.order.backflush_post(quantity=5, remainder="cancel")
        self.assertPosted(5, "done")
        self.assertEqual(self.order.workorder_ids.mapped("qty_produced"), [2, 5])
        self.assertConsumed(self.order, {self.board: 10, self.bolt: 20})

    def test_produce_all(self):
        """Nothing is entered on the order, so that all of it is reported."""
        self._report_at(self.cut, 4)
        self.assertIs(self.order.button_mark_done(), True)
        self.assertPosted(10, "done")

    def test_typed_on_the_form(self):
        self._report_at(self.cut, 4)
        self._report_at(self.screw, 2)
        with Form(self.order) as form:
            self.assertEqual(form.qty_producing, 2)
            form.qty_producing = 7
        rest = self._produce(self.order, backorder=True)
        self.assertPosted(7, "done")
        self.assertEqual(rest.product_qty, 3)

    def test_typed_by_a_program(self):
        """As over XML-RPC: a quantity is written, and the order produced."""
        self._report_at(self.screw, 2)
        self.order.qty_producing = 7
        produce = self.order.with_context(skip_backorder=True)
        produce.button_mark_done()
        self.assertPosted(7, "done")

    def test_dialog(self):
        self._report_at(self.screw, 1)
        action = self.order.action_backflush_report()
        form = Form.from_action(self.env(user=self.worker), action)
        form.quantity = 3
        form.remainder = "cancel"
        form.save().action_post()
        self.assertPosted(3, "done")

    def test_batch(self):
        orders = [self._create_order(quantity=10) for _number in range(3)]
        for order in orders:
            order.backflush_post(quantity=1, workorder_id=order.workorder_ids[1].id)
        results = self.order.backflush_post_batch(
            [
                {"production_id": order.id, "quantity": 3 + number, "remainder": rest}
                for number, (order, rest) in enumerate(
                    zip(orders, ("keep", "cancel", "backorder"), strict=True)
                )
            ]
        )
        self.assertEqual([r["production"]["qty_produced"] for r in results], [3, 4, 5])

    def test_by_products(self):
        """They follow the reported quantity, not that of a work order."""
        sawdust = self._create_product("Sawdust")
        self.bom.byproduct_ids = [
            Command.create({"product_id": sawdust.id, "product_qty": 2})
        ]
        self.order = self._create_order(quantity=10)
        self._report_at(self.order.workorder_ids[1], 1)
        self.order.backflush_post(quantity=3, remainder="cancel")
        self.assertPosted(3, "done")
        self.assertEqual(self._on_hand(sawdust), 6)

    def test_work_orders_behind_what_is_posted(self):
        """What is posted on the order is not taken back by a work order behind it."""
        self._finish(self.order, "Cut", 2)
        self.order.backflush_post(quantity=5)
        self._report_at(self.screw, 1)
        self.assertEqual(self.order.qty_producing, 5)
        self.order.backflush_post(quantity=2)
        self.assertRecordValues(
            self.order, [{"qty_produced": 7, "qty_producing": 7, "state": "progress"}]
        )
        self._produce(self.order)
        self.assertEqual(self.order.qty_produced, 10)

    def test_blocked_work_orders(self):
        """Each waits for the one before it, and none has begun."""
        self.bom.allow_operation_dependencies = True
        first, second = self.bom.operation_ids
        second.blocked_by_operation_ids = first
        for reported in range(2):
            self.order = self._create_order(quantity=10)
            with self.subTest(reported=reported):
                self._report_at(self.order.workorder_ids[reported], 1)
                self.order.backflush_post(quantity=3, remainder="cancel")
                self.assertPosted(3, "done")
                self.assertConsumed(self.order, {self.board: 6, self.bolt: 12})

    def test_what_posts_something_else_is_refused(self):
        """Another addon brings the order down while it is posted."""
        production = type(self.env["mrp.production"])
        post_inventory = production._post_inventory

        def bring_down(orders, cancel_backorder=False):
            orders.qty_producing = 1
            return post_inventory(orders, cancel_backorder=cancel_backorder)

        self.patch(production, "_post_inventory", bring_down)
        with self.assertRaisesRegex(UserError, "3.00 Units of .* were reported"):
            self.order.backflush_post(quantity=3, remainder="cancel")
        self.assertFalse(self.order.backflush_ids)
        [result] = self.order.backflush_post_batch(
            [{"production_id": self.order.id, "quantity": 3, "remainder": "cancel"}]
        )
        self.assertFalse(result["ok"])
        self.assertEqual(self.order.qty_produced, 0)
