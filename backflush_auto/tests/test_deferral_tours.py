from odoo.tests import HttpCase, tagged

from .test_deferral import DeferralCase


@tagged("post_install", "-at_install")
class TestDeferralTours(HttpCase, DeferralCase):
    """What people click, and need not click, where stock comes late."""

    def _start_order_tour(self, tour, order):
        self.start_tour(
            f"/odoo/manufacturing/{order.id}", tour, login=self.worker.login
        )

    def test_a_report_defers(self):
        self._add_stock(self.board, 8)
        order = self._create_order(quantity=10)
        self._start_order_tour("backflush_defer", order)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 8, self.bolt: 40})
        self.assertEqual(self._get_debts(order).quantity, 12)

    def test_a_receipt_pays(self):
        """Nobody has to know that something is owed."""
        order = self._create_order(quantity=10)
        order.button_mark_done()
        debt = self._get_debts(order)
        picking = self._prepare_receipt(self.board, 25)
        self.start_tour(
            f"/odoo/action-stock.action_picking_tree_all/{picking.id}",
            "backflush_defer_receipt",
            login=self.clerk.login,
        )
        self.assertEqual(debt.state, "done")
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 5)

    def test_a_worker_takes_from_another_location(self):
        self.worker.group_ids |= self.env.ref("stock.group_stock_multi_locations")
        yard = self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.warehouse.view_location_id.id}
        )
        self._add_stock(self.board, 30, yard)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self._start_order_tour("backflush_take_from", order)
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board, yard), 10)
