from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestShortNow(BackflushCase):
    """What is short for the orders of this week, and what would cover it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 30)
        cls._add_stock(cls.bolt, 1000)

    def _create_order_in(self, days, quantity, **values):
        start = fields.Datetime.now() + timedelta(days=days)
        return self._create_order(quantity=quantity, date_start=start, **values)

    def _open(self, orders):
        """The lines of these orders, as a worker sees them."""
        lines = self.env["mrp.backflush.short"].with_user(self.worker)
        action = lines.action_open()
        found = lines.search(action["domain"])
        return found.filtered(lambda line: line.production_id in orders)

    def test_orders_take_what_there_is_by_their_date(self):
        late = self._create_order_in(3, 10)
        early = self._create_order_in(1, 10)
        much_later = self._create_order_in(30, 100)
        unflushed = self._create_order_in(1, 100, backflush=False)
        unflushed.do_unreserve()
        lines = self._open(late | early | much_later | unflushed)
        self.assertRecordValues(
            lines,
            [
                {
                    "production_id": late.id,
                    "product_id": self.board.id,
                    "needed_qty": 20,
                    "short_qty": 10,
                    "cover": "",
                }
            ],
        )
        self.assertEqual(lines.action_open_order()["res_id"], late.id)
        self.assertEqual(lines.action_open_component()["res_id"], self.board.id)

    def test_what_would_cover_it(self):
        yard = self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.warehouse.view_location_id.id}
        )
        self._add_stock(self.board, 12, yard)
        self._create_bom(self.board, [(self.bolt, 1)])
        making = self._create_order(self.board, quantity=7)
        order = self._create_order_in(1, 40)
        cover = self._open(order).cover
        self.assertIn(f"{making.name}: 7 on ", cover)
        self.assertIn(f"12 in {yard.display_name}", cover)

    def test_nothing_is_written(self):
        order = self._create_order_in(1, 40)
        self._open(order)
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self.assertEqual(order.state, "confirmed")
