from odoo.exceptions import UserError

from .common import BackflushCase


class TestCompletion(BackflushCase):
    def test_ordered_for_several_moves(self):
        """Odoo makes a move for what is more, and each would make all of it."""
        self._add_stock(self.board, 800)
        self._add_stock(self.bolt, 500)
        order = self._create_order(quantity=10)
        goods = order.move_finished_ids
        customers = self.env.ref("stock.stock_location_customers").id
        deliveries = self.env["stock.move"]
        for quantity in (10, 5):
            deliveries |= self.env["stock.move"].create(
                {
                    "product_id": self.chair.id,
                    "product_uom_qty": quantity,
                    "location_id": self.stock_location.id,
                    "location_dest_id": customers,
                }
            )
        deliveries._action_confirm(merge=False)
        deliveries.procure_method = "make_to_order"
        goods.move_dest_ids = deliveries[0]
        more = goods.copy({"product_uom_qty": 5, "move_dest_ids": deliveries[1].ids})
        more._action_confirm(merge=False)
        order.product_qty = 15
        self._produce(order)
        self.assertEqual(order.state, "done")
        self.assertEqual((order.qty_produced, self._on_hand(self.chair)), (15, 15))
        deliveries._action_assign()
        self.assertEqual(deliveries.mapped("quantity"), [10, 5])

    def test_produce_all(self):
        """100 chairs take 200 boards and 400 bolts."""
        self._add_stock(self.board, 800)
        self._add_stock(self.bolt, 500)
        order = self._create_order(quantity=100)
        self.assertTrue(order.backflush)
        self.assertIs(order.button_mark_done(), True)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board), 600)
        self.assertEqual(self._on_hand(self.bolt), 100)
        self.assertEqual(self._on_hand(self.chair), 100)

    def test_posting_is_recorded(self):
        self._add_stock(self.board, 800)
        self._add_stock(self.bolt, 500)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        self.assertRecordValues(
            order.backflush_ids,
            [
                {
                    "production_id": order.id,
                    "product_id": self.chair.id,
                    "trigger": "completion",
                    "quantity": 100,
                    "product_uom_id": self.unit.id,
                    "user_id": self.worker.id,
                    "company_id": self.env.company.id,
                    "state": "posted",
                }
            ],
        )
        self.assertRecordValues(
            order.backflush_ids.move_ids,
            [
                {"product_id": self.board.id, "backflush_expected_qty": 200},
                {"product_id": self.bolt.id, "backflush_expected_qty": 400},
            ],
        )
        self.assertEqual(order.backflush_ids.finished_move_ids, order.move_finished_ids)

    def test_not_reserved_at_confirmation(self):
        self._add_stock(self.board, 800)
        order = self._create_order(quantity=100)
        self.assertEqual(self._reserved(self.board), 0)
        order.action_assign()
        self.assertEqual(self._reserved(self.board), 200)

    def test_shortage_is_refused(self):
        self._add_stock(self.board, 150)
        order = self._create_order(quantity=100)
        with self.assertRaises(UserError) as error:
            order.button_mark_done()
        message = str(error.exception)
        self.assertIn("Board: 200.00 Units needed, 150.00 free in WH/Stock", message)
        self.assertIn("Bolt: 400.00 Units needed, 0.00 free", message)
        self.assertIn(order.name, message)
