from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestShortageFindings(BomCheckCase):
    """What a bill of materials does about a shortage, and how that has gone so far."""

    def _receive(self, product, quantity):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        move._action_done()
        return move

    def _record_negative(self, product, hours):
        now = fields.Datetime.now()
        self.env["mrp.backflush.negative"].sudo().create(
            {
                "product_id": product.id,
                "location_id": self.stock_location.id,
                "company_id": self.env.company.id,
                "date": now - timedelta(hours=hours),
                "cleared_date": now,
            }
        )

    def _owe(self, days, quantity=10):
        order = self._create_order(quantity=quantity)
        order.button_mark_done()
        debts = order.move_raw_ids.backflush_exception_ids.sudo()
        debts.date = fields.Datetime.now() - timedelta(days=days)
        return debts

    def _track_boards(self):
        motor = self._create_product("Motor", tracking="serial")
        self._create_lot(motor, "SN 1", 1)
        self.board_line.write({"product_id": motor.id, "product_qty": 1})

    def test_serial_numbers_do_not_go_below_zero(self):
        self._track_boards()
        self.env.company.backflush_serial_auto = True
        self.assertAllWell()
        self.bom.backflush_shortage = "negative"
        finding = self.assertFinds(
            "serial_shortage", self.board_line, "warning", "Motor"
        )
        self.bom.backflush_shortage = "block"
        self.assertMended(finding)

    def test_serial_numbers_wait_for_a_person(self):
        self._track_boards()
        self.bom.backflush_shortage = "defer"
        for auto in (True, False):
            self.env.company.backflush_serial_auto = auto
            self.assertFinds("serial_debt", self.board_line, "warning", "Motor")

    def test_a_limit_below_the_usual_receipt(self):
        self.bom.backflush_shortage = "negative"
        self.board.backflush_negative_limit = 100
        for quantity in (150, 120):
            self._receive(self.board, quantity)
        self.assertAllWell()
        self._receive(self.board, 80)
        finding = self.assertFinds(
            "short_leash", self.board_line, "warning", "usually brings 120 Units"
        )
        self.bom.backflush_shortage = "block"
        self.assertMended(finding)
        self.bom.backflush_shortage = "negative"
        self.board.backflush_negative_limit = 120
        self.assertMended(finding)

    def test_fewer_hours_than_receipts_take(self):
        self.bom.backflush_shortage = "negative"
        self.board.categ_id = self.env["product.category"].create(
            {"name": "Wood", "backflush_negative_hours": 4}
        )
        for hours in (2, 6, 8):
            self.assertAllWell()
            self._record_negative(self.board, hours)
        finding = self.assertFinds(
            "short_hours", self.board_line, "warning", "4 hours, but usually is for 6"
        )
        self.board.backflush_negative_hours = 6
        self.assertMended(finding)

    def test_old_debts(self):
        self.bom.backflush_shortage = "defer"
        self._add_stock(self.bolt, 1000)
        self._owe(6)
        self.assertAllWell()
        self._owe(9)
        self._owe(30)
        [finding] = self._check()
        self.assertEqual((finding.kind, finding.severity), ("old_debts", "warning"))
        self.assertIn("(2, since", finding.message)
        self.assertIn("Board", finding.message)
        self._add_stock(self.board, 60)
        self.assertMended(finding)

    def test_debts_of_another_company_are_not_told(self):
        self.bom.backflush_shortage = "defer"
        self._add_stock(self.bolt, 1000)
        self._owe(9)
        [finding] = self._check()
        company = self.env["res.company"].create({"name": "Other"})
        message, _advice = finding._get_texts(company)
        self.assertNotIn("Board", message)
        self.assertNotIn("(", message)
