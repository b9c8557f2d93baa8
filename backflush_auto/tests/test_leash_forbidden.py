from unittest.mock import patch

from odoo.exceptions import UserError

from .test_leash import LeashCase


class TestForbidden(LeashCase):
    """Another addon forbids negative stock of a product."""

    def setUp(self):
        super().setUp()
        cls = type(self.board)
        original = cls._can_backflush_be_negative

        def can_be_negative(product, location):
            allowed = original(product, location)
            return allowed and (product, location) != (self.board, self.stock_location)

        self.enterContext(
            patch.object(cls, "_can_backflush_be_negative", can_be_negative)
        )
        self._add_stock(self.board, 3)

    def test_what_is_missing_is_owed(self):
        order = self._create_order(quantity=10)
        [board, bolt] = order.backflush_preview(10)["components"]
        self.assertEqual((board["deferred"], bolt["deferred"]), (17, 0))
        self.assertEqual(self._get_board(order.backflush_post(10)), [20, 3, 17, 0])
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(self._on_hand(self.bolt), 9960)
        self.assertEqual(self._get_debts(order).mapped("quantity"), [17])
        self._receive(self.board, 17)
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(self._get_debts(order).mapped("quantity"), [0])

    def test_no_limit_allows_it(self):
        self.board.backflush_negative_limit = 15
        self.assertEqual(self._get_board(self._report()[1]), [20, 3, 17, 0])

    def test_elsewhere_it_is_allowed(self):
        shelf = self.stock_location.create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.bom.bom_line_ids[0].backflush_location_id = shelf
        self.assertEqual(self._get_board(self._report()[1]), [20, 20, 0, 0])
        self.assertEqual(self._on_hand(self.board, shelf), -20)

    def test_damage_is_refused(self):
        self.env["stock.scrap.reason.tag"].create({"name": "Broken"})
        damaged = [{"product_id": self.board.id, "quantity": 5, "reason": "Broken"}]
        with self.assertRaisesRegex(UserError, "Board"):
            self._report(1, damaged=damaged)
        self.assertEqual(self._on_hand(self.board), 3)
