from odoo.tests import HttpCase, tagged

from .common_correction import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrectionTours(HttpCase, CorrectionCase):
    """Corrections and cancels in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_several_orders_are_cancelled(self):
        self.bom.bom_line_ids[0].backflush_method = "start"
        started, other = (
            self._create_order(name=name, quantity=quantity)
            for name, quantity in (("TOUR/1", 60), ("TOUR/2", 40))
        )
        started.action_start()
        action = self.env.ref("mrp.mrp_production_action")
        self.start_tour(
            f"/odoo/action-{action.id}?view_type=list",
            "backflush_cancel_several",
            login=self.worker.login,
        )
        self.assertEqual([started.state, other.state], ["cancel", "cancel"])
        self.assertEqual(self._on_hand(self.board), 1000 - 120)
        said = ["".join(order.message_ids.mapped("body")) for order in (started, other)]
        self.assertIn("Boards were cut", said[0])
        self.assertNotIn("Boards were cut", said[1])


@tagged("post_install", "-at_install")
class TestCorrectionOnPhone(HttpCase, CorrectionCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_worker_corrects_a_report(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.backflush_post()
        self.start_tour(
            f"/odoo/manufacturing/{order.id}",
            "backflush_correct_on_phone",
            login=self.worker.login,
        )
        self.assertEqual(order.qty_produced, 10)
        self.assertEqual(self._on_hand(self.board), 980)
