from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..reporting import locks
from .common_correction import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrectionLimits(CorrectionCase):
    """How far a correction goes, and what it leaves behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _report(self, quantity=10):
        order = self._create_order(quantity=quantity)
        return self._posting(order.backflush_post())

    def test_it_says_less(self):
        posting = self._report()
        for quantity in (10, 10.004, 11):
            with self.assertRaisesRegex(UserError, "a correction says less"):
                posting.backflush_correct(quantity)
        posting.backflush_correct(9.99)
        with self.assertRaisesRegex(UserError, "counts 9.99"):
            posting.backflush_correct(9.99)
        self.assertEqual(posting.quantity_left, 9.99)

    def test_nearest_quantity_is_possible(self):
        """Of 30 by-products 20 are there: a third of a unit is more than that."""
        chips = self._create_product("Chips")
        self.bom.byproduct_ids = [
            Command.create({"product_id": chips.id, "product_qty": 3})
        ]
        posting = self._report()
        self._add_stock(chips, -10)
        with self.assertRaisesRegex(UserError, "Correct it to 3.34 Units or more"):
            posting.backflush_correct(1)
        with self.assertRaisesRegex(UserError, "20.00 of 20.01 Units Chips"):
            posting.backflush_correct(3.33)
        posting.backflush_correct(3.34)
        self.assertAlmostEqual(self._on_hand(chips), 0.02)

    def test_what_was_taken_last_comes_back_first(self):
        glue = self._create_product("Glue", tracking="lot")
        lamp = self._create_product("Lamp")
        self._create_bom(lamp, [(glue, 2)])
        for name, quantity in (("A", 5), ("B", 30)):
            self._create_lot(glue, name, quantity)
        posting = self._posting(self._create_order(lamp, 10).backflush_post())
        posting.backflush_correct(4)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", glue.id),
                ("location_id", "=", self.stock_location.id),
                ("quantity", "!=", 0),
            ]
        )
        there = {quant.lot_id.name: quant.quantity for quant in quants}
        self.assertEqual(there, {"B": 27})

    def test_goods_know_what_they_were_made_of(self):
        posting = self._report()
        posting.backflush_correct(4)
        correction = posting.correction_ids
        goods = correction.finished_move_ids.move_line_ids
        self.assertEqual(goods.product_id, self.chair)
        self.assertEqual(goods.produce_line_ids, correction.move_ids.move_line_ids)

    def test_one_waits_for_another(self):
        """With the reference of a correction, and the products of its order."""
        posting = self._report()

        def count():
            self.env.cr.execute(
                "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' "
                "AND classid = %s AND granted AND pid = pg_backend_pid()",
                [locks.REFERENCES],
            )
            return self.env.cr.fetchone()[0]

        before = count()
        posting.backflush_correct(4, "slip", "C-LOCK-1")
        self.assertEqual(count(), before + 1)
