from odoo.tests import Form

from .common import BackflushCase


class TestFlagOff(BackflushCase):
    """With the flag off Odoo does what it does without us."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.backflush = False

    def test_reserves_at_confirmation(self):
        self._add_stock(self.board, 800)
        order = self._create_order(quantity=100)
        self.assertEqual(self._reserved(self.board), 200)
        self.assertRecordValues(
            order.move_raw_ids,
            [
                {"backflush_method": False, "backflush_ratio": 0},
                {"backflush_method": False, "backflush_ratio": 0},
            ],
        )

    def test_produced_quantity_fills_the_components(self):
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 30
        self.assertEqual(order.move_raw_ids.mapped("quantity"), [60, 120])

    def test_negative_without_a_word(self):
        self._add_stock(self.board, 800)
        order = self._create_order(quantity=1000)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board), -1200)
        self.assertFalse(order.backflush_ids)

    def test_orders_with_and_without_the_flag_together(self):
        self._add_stock(self.board, 40)
        self._add_stock(self.bolt, 80)
        orders = self._create_order(quantity=10)
        orders |= self._create_order(quantity=10, backflush=True)
        self.assertEqual(self._reserved(self.board), 20)
        orders.button_mark_done()
        self.assertEqual(orders.mapped("state"), ["done"] * 2)
        self.assertEqual(orders.mapped("backflush_count"), [0, 1])
        self.assertEqual(self._on_hand(self.board), 0)
