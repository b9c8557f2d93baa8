from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestTours(HttpCase, BackflushCase):
    """What an admin and a worker click, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "backflush_admin", groups="mrp.group_mrp_manager"
        )

    def _start_order_tour(self, tour, order):
        self.start_tour(
            f"/odoo/manufacturing/{order.id}", tour, login=self.worker.login
        )

    def test_admin_switches_a_bom_on(self):
        self.bom.write({"code": "TOUR", "backflush": False})
        self.start_tour("/odoo/boms", "backflush_bom", login=self.admin.login)
        self.assertTrue(self.bom.backflush)
        self.assertRecordValues(
            self.bom.bom_line_ids,
            [
                {"product_id": self.board.id, "backflush_method": False},
                {"product_id": self.bolt.id, "backflush_method": "manual"},
            ],
        )

    def test_worker_produces(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_produce", order)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board), 800)
        self.assertEqual(self._on_hand(self.bolt), 600)
        self.assertEqual(self._on_hand(self.chair), 100)
        self.assertEqual(order.backflush_ids.user_id, self.worker)

    def test_worker_meets_a_shortage(self):
        self._add_stock(self.board, 150)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_shortage", order)
        self.assertEqual(order.state, "confirmed")
        self.assertFalse(order.qty_producing)
        self.assertFalse(order.backflush_ids)
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self.assertEqual(self._on_hand(self.board), 150)
        self.assertEqual(self._on_hand(self.bolt), 1000)
        self.assertEqual(self._on_hand(self.chair), 0)

    def test_worker_reports_a_part(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_part", order)
        self.assertRecordValues(
            order, [{"state": "progress", "qty_producing": 30, "qty_produced": 30}]
        )
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})

    def test_worker_reports_scrap(self):
        self._add_stock(self.board, 202)
        self._add_stock(self.bolt, 1000)
        dent = self.env["stock.scrap.reason.tag"].create({"name": "Dent"})
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_report_scrap", order)
        self.assertRecordValues(
            order,
            [{"state": "done", "qty_produced": 90, "backflush_scrapped_qty": 10}],
        )
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board), 0)
        failed = order.scrap_ids.filtered("backflush_qty")
        self.assertEqual(failed.scrap_reason_tag_ids, dent)
        self.assertEqual((order.scrap_ids - failed).scrap_qty, 2)

    def test_worker_reports_more_than_ordered(self):
        self.bom.write({"consumption": "warning", "backflush_over_completion": 10})
        self._add_stock(self.board, 10000)
        self._add_stock(self.bolt, 10000)
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_over_completion", order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 105}])
        self.assertConsumed(order, {self.board: 210, self.bolt: 420})

    def test_worker_corrects_a_report(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.backflush_post()
        self._start_order_tour("backflush_correct", order)
        self.assertEqual(order.qty_produced, 10)
        self.assertEqual(self._on_hand(self.board), 980)
        self.assertEqual(order.backflush_ids.filtered("reason").reason, "Typing slip")

    def test_correction_of_a_part_on_an_open_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=200)
        order.backflush_post(100)
        self._start_order_tour("backflush_correct", order)
        self.assertEqual(order.qty_produced, 10)
        self.assertEqual(order._get_backflush_remaining(), 190)

    def test_correction_is_refused_after_a_delivery(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.backflush_post()
        self._add_stock(self.chair, -60)
        self._start_order_tour("backflush_correct_refused", order)
        self.assertEqual(order.qty_produced, 60)
        self.assertEqual(self._on_hand(self.chair), 0)

    def test_cancel_asks_what_becomes_of_components(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.bom.bom_line_ids[0].backflush_method = "start"
        order = self._create_order(quantity=100)
        order.action_start()
        self.assertEqual(self._on_hand(self.board), 800)
        self._start_order_tour("backflush_cancel", order)
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_worker_reports_in_the_dialog(self):
        glue = self._create_product("Glue")
        self.bom.bom_line_ids = [
            Command.create(
                {"product_id": glue.id, "product_qty": 1, "backflush_method": "manual"}
            )
        ]
        self._add_stock(self.board, 150)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self._start_order_tour("backflush_report", order)
        self.assertRecordValues(order, [{"state": "progress", "qty_produced": 30}])
        self.assertConsumed(order, {self.board: 64, self.bolt: 120})

    def test_worker_reports_several_orders(self):
        self._add_stock(self.board, 150)
        self._add_stock(self.bolt, 1000)
        orders = [
            self._create_order(name=name, quantity=quantity)
            for name, quantity in (("TOUR/1", 60), ("TOUR/2", 40))
        ]
        action = self.env.ref("mrp.mrp_production_action")
        self.start_tour(
            f"/odoo/action-{action.id}?view_type=list",
            "backflush_report_several",
            login=self.worker.login,
        )
        self.assertEqual([order.state for order in orders], ["done", "done"])
        self.assertEqual([order.qty_produced for order in orders], [60, 5])
