from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestLotSource(BackflushCase):
    """How sure a lot is: named, reserved, or assumed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.tracking = "lot"
        cls._create_lot(cls.board, "A", 10)
        cls._create_lot(cls.board, "B", 100)
        cls._add_stock(cls.bolt, 1000)

    def _get_sources(self, order):
        lines = order.move_raw_ids.move_line_ids.sorted("id")
        return [
            (line.lot_id.name, line.backflush_lot_source)
            for line in lines
            if line.product_id == self.board
        ]

    def test_assumed(self):
        order = self._create_order(quantity=10)
        order.backflush_post()
        self.assertEqual(self._get_sources(order), [("A", "assumed"), ("B", "assumed")])

    def test_reserved(self):
        order = self._create_order(quantity=10)
        order.action_assign()
        order.backflush_post()
        self.assertEqual(
            self._get_sources(order), [("A", "reserved"), ("B", "reserved")]
        )

    def test_named(self):
        order = self._create_order(quantity=10)
        lots = [{"name": "B", "quantity": 20}]
        order.backflush_post(components=[{"product_id": self.board.id, "lots": lots}])
        self.assertEqual(self._get_sources(order), [("B", "named")])

    def test_entered_without_a_lot(self):
        order = self._create_order(quantity=5)
        order.backflush_post(components=[{"product_id": self.board.id, "quantity": 8}])
        self.assertEqual(self._get_sources(order), [("A", "assumed")])

    def test_untracked_goods_have_none(self):
        order = self._create_order(quantity=1)
        order.backflush_post()
        bolts = order.move_raw_ids.filtered(lambda m: m.product_id == self.bolt)
        self.assertFalse(bolts.move_line_ids.backflush_lot_source)

    def test_correction_gives_it_back(self):
        order = self._create_order(quantity=5)
        order.backflush_post()
        order.backflush_ids.backflush_correct()
        [back] = order.backflush_ids.filtered("reverses_id").move_ids.filtered(
            lambda move: move.product_id == self.board
        )
        self.assertEqual(back.move_line_ids.backflush_lot_source, "assumed")

    def _trace(self, lot):
        """The columns of the traceability report of a lot."""
        report = self.env["stock.traceability.report"]
        lines = report.with_context(model="stock.lot", active_id=lot.id).get_lines(
            model_name="stock.lot", model_id=lot.id, level=1
        )
        return [column for line in lines for column in line["columns"]]

    def test_posted_before(self):
        """What was posted by a version that did not know says nothing of it."""
        order = self._create_order(quantity=1)
        order.backflush_post()
        board = order.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.env.cr.execute(
            "UPDATE stock_move_line SET backflush_lot_source = NULL WHERE id = %s",
            [board.move_line_ids.id],
        )
        self.env.invalidate_all()
        self.assertEqual(board.backflush_lots, "A")
        columns = self._trace(board.lot_ids)
        self.assertIn("A", columns)
        self.assertNotIn("A (assumed)", columns)
        order.backflush_ids.backflush_correct()
        back = order.backflush_ids.correction_ids.move_ids.move_line_ids
        self.assertEqual(set(back.mapped("backflush_lot_source")), {False})

    def test_traceability_says_it(self):
        order = self._create_order(quantity=1)
        order.backflush_post()
        self.assertIn("A (assumed)", self._trace(order.move_raw_ids.lot_ids))

    def test_nobody_writes_it(self):
        order = self._create_order(quantity=1)
        order.action_assign()
        lines = order.move_raw_ids.move_line_ids
        with self.assertRaises(AccessError):
            lines[:1].backflush_lot_source = "named"
