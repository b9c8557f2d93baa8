from .common import BackflushCase


class TestCopies(BackflushCase):
    """Orders that are copied, split and merged."""

    def test_copied_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        copied = order.copy()
        self.assertTrue(copied.backflush)
        copied.action_confirm()
        copied.button_mark_done()
        self.assertConsumed(copied, {self.board: 200, self.bolt: 400})
        self.assertEqual(copied.backflush_count, 1)

    def test_copy_of_an_order_with_an_entry(self):
        """The copy has no entry: it consumes what it should."""
        self.bom.consumption = "flexible"
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 22
        self._produce(order)
        copied = order.copy()
        copied.action_confirm()
        self._produce(copied)
        self.assertConsumed(copied, {self.board: 20, self.bolt: 40})

    def test_copy_of_an_order_whose_component_left_in_parts(self):
        self._add_stock(self.board, 1000)
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.quantity = 20
        board._action_done()
        copied = order.copy()
        self.assertEqual(copied.move_raw_ids.mapped("product_uom_qty"), [20, 40])
        copied = order.copy({"product_uom_id": self.dozen.id, "product_qty": 1})
        self.assertEqual(copied.move_raw_ids.mapped("product_uom_qty"), [24, 48])

    def test_copies_of_orders_with_and_without_the_flag(self):
        self.bom.product_qty = 3
        orders = self._create_order(quantity=1, backflush=False)
        orders |= self._create_order(quantity=1)
        copied = orders.copy()
        boards = copied.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.mapped("product_uom_qty"), [0.67, 0.67])
        self.assertEqual([bool(b.backflush_method) for b in boards], [False, True])

    def test_copied_backorder_begins_its_own_count(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 10)
        order = self._create_order(quantity=2)
        rest = self._produce(order, 1, backorder=True)
        self.assertEqual(self._component(rest, self.board).product_uom_qty, 0.34)
        copied = rest.copy()
        copied.action_confirm()
        board = self._component(copied, self.board)
        self.assertEqual(board.product_uom_qty, 0.33)
        self.assertAlmostEqual(board.backflush_ratio, 1 / 3, places=12)

    def test_split_orders(self):
        """Three orders split from one plan and consume together what it would have."""
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=3)
        orders = order._split_productions({order: [1, 1, 1]})
        boards = orders.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.mapped("product_uom_qty"), [0.33, 0.34, 0.33])
        orders[::-1].button_mark_done()
        self.assertEqual(boards.mapped("quantity"), [0.33, 0.34, 0.33])

    def test_what_should_be_consumed_so_far(self):
        """The second of six chairs of one sheet takes 0.33 - 0.17, not 0.83 / 5."""
        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 100)
        self.bom.product_qty = 6
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=6)
        rest = order._split_productions({order: [1, 5]})[1]
        board = self._component(rest, self.board)
        self.assertEqual(board.product_uom_qty, 0.83)
        [told, _bolt] = rest.backflush_preview(quantity=1)["components"]
        rest.qty_producing = 1
        # It is the first that is made, so far.
        self.assertEqual((board.should_consume_qty, told["expected"]), (0.17, 0.17))
        order.backflush_post()
        board.invalidate_recordset()
        self.assertEqual(board.should_consume_qty, 0.16)

    def test_merged_orders(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        orders = self._create_order(quantity=10) | self._create_order(quantity=20)
        action = orders.action_merge()
        merged = orders.browse(action["res_id"])
        self.assertTrue(merged.backflush)
        merged.button_mark_done()
        self.assertConsumed(merged, {self.board: 60, self.bolt: 120})
