from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_scrap_afterwards import ScrapButtonCase


@tagged("post_install", "-at_install")
class TestScrapButton(ScrapButtonCase):
    """Components that are scrapped by Odoo's own button on a backflushed order."""

    def _get_quant(self):
        quants = self.env["stock.quant"].search([("product_id", "=", self.board.id)])
        quant = quants.filtered(lambda q: q.location_id == self.stock_location)
        return quant.quantity, quant.reserved_quantity

    def test_own_reservation_and_no_other(self):
        self._add_stock(self.board, -10000 + 30)
        other = self._create_order(quantity=5)
        other.action_assign()
        order = self._create_order(quantity=10)
        order.action_assign()
        self._click_scrap(order, self.board, 4)
        self.assertEqual(self._get_quant(), (26, 26))
        self.assertEqual(self._component(other, self.board).quantity, 10)
        self.assertEqual(self._component(order, self.board).quantity, 16)
        with self.assertRaisesRegex(UserError, "only 16"):
            self._click_scrap(order, self.board, 17)
        self.assertEqual(self._component(other, self.board).quantity, 10)

    def test_beside_what_is_consumed(self):
        order = self._create_order(quantity=10)
        before = self._on_hand(self.board)
        self._click_scrap(order, self.board, 3)
        order.backflush_post()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(before - self._on_hand(self.board), 23)

    def test_serial_number_is_not_consumed_again(self):
        motor = self._create_product("Motor", tracking="serial")
        self.bom.bom_line_ids = [(0, 0, {"product_id": motor.id, "product_qty": 1})]
        for name in ("M1", "M2"):
            self._create_lot(motor, name, 1)
        order = self._create_order(quantity=1)
        order.action_assign()
        spoilt = self._component(order, motor).move_line_ids.lot_id
        self._click_scrap(order, motor, 1, lot_id=spoilt.id)
        self.assertFalse(self._component(order, motor).move_line_ids)
        order.action_assign()
        order.backflush_post()
        used = self._component(order, motor).move_line_ids.lot_id
        self.assertEqual(len(used), 1)
        self.assertNotEqual(used, spoilt)
