from odoo.exceptions import UserError

from .test_deferral import DeferralCase


class TestDebtsAndCorrections(DeferralCase):
    """Debts shrink before anything comes back."""

    def _report(self, stock=8):
        self._add_stock(self.board, stock)
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        return order, self._get_debts(order)

    def _get_board(self, result):
        [board] = [c for c in result["components"] if c["product"] == "Board"]
        names = ("expected", "consumed", "deferred", "variance")
        return [board[name] for name in names]

    def test_in_part(self):
        order, debt = self._report()
        result = order.backflush_ids.backflush_correct(6, "typed 10, were 6")
        self.assertEqual(self._get_board(result), [-8, 0, -8, 0])
        self.assertRecordValues(debt, [{"quantity": 4, "state": "waiting"}])
        self.assertEqual(self._on_hand(self.board), 0)
        self._receive(self.board, 10)
        self.assertEqual(self._on_hand(self.board), 6)
        self.assertConsumed(order, {self.board: 12, self.bolt: 40})
        self.assertEqual(debt.state, "done")

    def test_more_than_is_owed(self):
        order, debt = self._report()
        result = order.backflush_ids.backflush_correct(3, "typed 10, were 3")
        self.assertEqual(self._get_board(result), [-14, -2, -12, 0])
        self.assertEqual(debt.state, "cancelled")
        self.assertEqual(self._on_hand(self.board), 2)
        order.backflush_post(7)
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 12)
        self._receive(self.board, 12)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_it_never_happened(self):
        order, debt = self._report()
        result = order.backflush_ids.backflush_correct(0, "never")
        self.assertEqual(self._get_board(result), [-20, -8, -12, 0])
        self.assertEqual(debt.state, "cancelled")
        self.assertEqual(self._on_hand(self.board), 8)
        self.assertEqual(self._on_hand(self.bolt), 10000)

    def test_what_is_paid_comes_back(self):
        order, debt = self._report()
        self._receive(self.board, 5)
        self.assertEqual(debt.quantity, 7)
        result = order.backflush_ids.backflush_correct(5, "were 5")
        self.assertEqual(self._get_board(result)[2:], [-7, 0])
        self.assertEqual(self._on_hand(self.board), 3)
        self.assertEqual(debt.state, "cancelled")
        posting = order.backflush_ids.filtered(lambda one: not one.reverses_id)
        posting.backflush_correct(0, "none")
        self.assertEqual(self._on_hand(self.board), 13)

    def test_paid_after_a_correction(self):
        order, debt = self._report()
        posting = order.backflush_ids
        posting.backflush_correct(6, "were 6")
        self._receive(self.board, 1)
        self.assertEqual(debt.quantity, 3)
        posting.backflush_correct(0, "none")
        self.assertEqual(debt.state, "cancelled")
        self.assertEqual(self._on_hand(self.board), 9)

    def test_several_parts(self):
        self._add_stock(self.board, 5)
        order = self._create_order(quantity=10)
        order.backflush_post(4)
        order.backflush_post(4)
        first, second = order.backflush_ids.sorted("id")
        self.assertEqual(self._get_debts(order).mapped("quantity"), [3, 8])
        first.backflush_correct(2, "were 2")
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 7)
        second.backflush_correct(0, "none")
        self.assertEqual(self._on_hand(self.board), 1)
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 0)

    def test_unbuild(self):
        order, _debt = self._report()
        unbuild = self.env["mrp.unbuild"].create(
            {
                "product_id": self.chair.id,
                "mo_id": order.id,
                "product_qty": 10,
                "product_uom_id": self.unit.id,
            }
        )
        with self.assertRaisesRegex(UserError, "Board"):
            unbuild.action_unbuild()
        self._receive(self.board, 12)
        unbuild.action_unbuild()
        self.assertEqual(self._on_hand(self.board), 20)

    def test_a_cancelled_order(self):
        """What was used at the start is owed, whatever becomes of the order."""
        self.bom.bom_line_ids[0].backflush_method = "start"
        order = self._create_order(quantity=10)
        order.action_start()
        debt = self._get_debts(order)
        self.assertEqual(debt.quantity, 20)
        with self.assertRaises(UserError):
            order.action_cancel()
        dialog = self.env["mrp.backflush.cancel"].with_user(self.worker)
        dialog = dialog.create({"production_ids": order.ids, "outcome": "back"})
        dialog.reason = "not now"
        dialog.action_cancel_orders()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(debt.state, "cancelled")

    def test_a_cancelled_order_whose_material_was_used(self):
        self.bom.bom_line_ids[0].backflush_method = "start"
        order = self._create_order(quantity=10)
        order.action_start()
        dialog = self.env["mrp.backflush.cancel"].with_user(self.worker)
        dialog = dialog.create({"production_ids": order.ids, "outcome": "stay"})
        dialog.reason = "cut to pieces"
        dialog.action_cancel_orders()
        self.assertEqual(order.state, "cancel")
        debt = self._get_debts(order)
        self.assertEqual(debt.state, "waiting")
        self._receive(self.board, 20)
        self.assertEqual(debt.state, "done")
