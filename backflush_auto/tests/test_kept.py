from unittest.mock import patch

from .test_deferral import DeferralCase


class TestKept(DeferralCase):
    """What another addon has written on a component is kept by all that it becomes."""

    def setUp(self):
        super().setUp()
        cls = type(self.env["stock.move"])
        original = cls._prepare_backflush_kept_vals

        def prepare_kept_vals(move):
            meant = {"price_unit": 7.0 if move.product_id == self.board else 0.0}
            return {**original(move), **meant}

        self.enterContext(
            patch.object(cls, "_prepare_backflush_kept_vals", prepare_kept_vals)
        )
        self._add_stock(self.board, 14)
        self.order = self._create_order(quantity=10)
        self.assertNotIn(7, self._get_kept(self.order, self.board))

    def _get_kept(self, order, product):
        moves = order.move_raw_ids.filtered(lambda move: move.product_id == product)
        return moves.sorted("id").mapped("price_unit")

    def test_parts(self):
        self.order.backflush_post(4)
        self.order.backflush_post(3)
        self.assertEqual(self._get_kept(self.order, self.board), [0, 7, 7])
        self.assertNotIn(7, self._get_kept(self.order, self.bolt))

    def test_rest_of_a_component_that_was_corrected(self):
        self.order.backflush_shortage = "defer"
        self.order.backflush_post(10)
        self.order.backflush_ids.backflush_correct(6, "counted again")
        rest = self.order.move_raw_ids._filter_backflush_open()
        rest = rest.filtered(lambda move: move.product_id == self.board)
        self.assertEqual(rest.mapped("price_unit"), [7])

    def test_debt(self):
        self.order.backflush_shortage = "defer"
        self.order.backflush_post(10)
        debt = self._get_debts(self.order).move_id
        expected = {"product_uom_qty": 6, "price_unit": 7}
        self.assertRecordValues(debt, [expected])
        self._receive(self.board, 4)
        kept = self._get_kept(self.order, self.board)
        self.assertEqual(kept, [0, 7, 7])

    def test_backorder(self):
        self.order.backflush_post(4, remainder="backorder")
        backorder = self.order.production_group_id.production_ids - self.order
        self.assertEqual(self._get_kept(backorder, self.board), [7])
        self.assertEqual(self._get_kept(backorder, self.bolt), [0])
