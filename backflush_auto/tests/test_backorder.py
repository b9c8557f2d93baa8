from .common import BackflushCase


class TestBackorder(BackflushCase):
    """One order completed in several orders consumes what one would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_part_with_backorder(self):
        order = self._create_order(quantity=100)
        rest = self._produce(order, 30, backorder=True)
        self.assertEqual((order.state, order.qty_produced), ("done", 30))
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual((rest.state, rest.product_qty), ("confirmed", 70))
        self.assertTrue(rest.backflush)
        self.assertEqual(rest.move_raw_ids.mapped("product_uom_qty"), [140, 280])
        self.assertEqual(self._reserved(self.board), 0)
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 140, self.bolt: 280})
        self.assertEqual(order.backflush_ids.quantity, 30)
        self.assertEqual(rest.backflush_ids.quantity, 70)

    def test_part_without_backorder(self):
        order = self._create_order(quantity=100)
        self.assertFalse(self._produce(order, 30))
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual(order.backflush_ids.quantity, 30)

    def test_backorder_gets_what_a_manual_component_had_reserved(self):
        self.warehouse.manu_type_id.reservation_method = "manual"
        self.bom.bom_line_ids[0].backflush_method = "manual"
        self._add_stock(self.board, 3 - self._on_hand(self.board))
        order = self._create_order(quantity=2)
        order.action_assign()
        self.assertEqual(self._reserved(self.board), 3)
        answer = order.backflush_post(quantity=1, remainder="backorder")
        rest = order.browse(answer["backorder"]["id"])
        board = self._component(rest, self.board)
        self.assertEqual((board.product_uom_qty, board.quantity), (2, 2))
        self.assertEqual(self._reserved(self.board), 2)

    def test_backorder_always(self):
        self.warehouse.manu_type_id.create_backorder = "always"
        order = self._create_order(quantity=100)
        order.qty_producing = 30
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual(len(order.production_group_id.production_ids), 2)

    def test_over_production(self):
        order = self._create_order(quantity=100)
        self._produce(order, 110)
        self.assertConsumed(order, {self.board: 220, self.bolt: 440})

    def test_one_by_one(self):
        """A sheet for three chairs, one chair an order, is one sheet for three."""
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        first = self._create_order(quantity=3)
        second = self._produce(first, 1, backorder=True)
        third = self._produce(second, 1, backorder=True)
        self._produce(third, 1)
        orders = first | second | third
        boards = orders.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.mapped("quantity"), [0.33, 0.34, 0.33])
        self.assertEqual(self._on_hand(self.board), 999)

    def test_last_backorder_produces_more(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        first = self._create_order(quantity=2)
        second = self._produce(first, 1, backorder=True)
        self._produce(second, 5)
        self.assertEqual(self._on_hand(self.board), 998)

    def test_waste_is_not_taken_back_from_the_backorder(self):
        order = self._create_order(quantity=100)
        order.qty_producing = 30
        self._component(order, self.board).quantity = 70
        rest = self._produce(order, backorder=True)
        self.assertConsumed(order, {self.board: 70, self.bolt: 120})
        self.assertRecordValues(
            order.backflush_ids.move_ids,
            [
                {"backflush_expected_qty": 60, "backflush_variance_qty": 10},
                {"backflush_expected_qty": 120, "backflush_variance_qty": 0},
            ],
        )
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 140, self.bolt: 280})

    def test_reserved_by_hand(self):
        """What was reserved is used, and the rest of it stays with the backorder."""
        order = self._create_order(quantity=100)
        order.action_assign()
        rest = self._produce(order, 30, backorder=True)
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual(self._reserved(self.board), 140)
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 140, self.bolt: 280})
        self.assertEqual(self._reserved(self.board), 0)

    def test_many_orders_some_in_part(self):
        """Odoo posts those with and those without a backorder apart."""
        orders = self.env["mrp.production"]
        for _number in range(3):
            orders |= self._create_order(quantity=10)
        orders[0].qty_producing = 4
        orders[1].qty_producing = 5
        orders = orders.with_user(self.worker)
        orders.with_context(
            skip_backorder=True, mo_ids_to_backorder=orders[0].ids
        ).button_mark_done()
        self.assertEqual(orders.mapped("state"), ["done"] * 3)
        consumed = [sum(order.move_raw_ids.mapped("quantity")) for order in orders]
        self.assertEqual(consumed, [24, 30, 60])
        self.assertEqual(self._on_hand(self.board), 1000 - 38)

    def test_material_issued_by_hand_and_a_backorder(self):
        """Odoo copies what has left and its rest into the backorder."""
        for issued in (5, 15):
            order = self._create_order(quantity=10)
            board = self._component(order, self.board)
            board.quantity = issued
            board._action_done()
            rest = self._produce(order, 4, backorder=True)
            self.assertEqual(len(self._component(rest, self.board)), 1)
            self._produce(rest)
            boards = self._component(order | rest, self.board)
            done = boards.filtered(lambda move: move.state == "done")
            self.assertEqual(sum(done.mapped("quantity")), 20)

    def test_rest_edited_after_material_was_issued(self):
        """35 for the rest make 40 for all; the backorder takes its part of them."""
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.quantity = 5
        board._action_done()
        self._component(order, self.board)[1].product_uom_qty = 35
        rest = self._produce(order, 4, backorder=True)
        self._produce(rest)
        boards = self._component(order | rest, self.board)
        done = boards.filtered(lambda move: move.state == "done")
        self.assertEqual(sum(done.mapped("quantity")), 40)

    def test_surplus_covers_several_orders(self):
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.quantity = 14
        board._action_done()
        orders = order._split_productions({order: [4, 3, 3]})
        orders.button_mark_done()
        done = self._component(orders, self.board).filtered(lambda m: m.state == "done")
        self.assertEqual(sum(done.mapped("quantity")), 20)

    def test_material_issued_by_hand(self):
        """What left by hand, outside a posting, is not taken again."""
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.quantity = 50
        board._action_done()
        self.assertEqual(
            self._component(order, self.board).mapped("product_uom_qty"), [50, 150]
        )
        self.assertEqual(
            self._component(order, self.board).mapped("picked"), [True, False]
        )
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(
            order.backflush_ids.move_ids.mapped("backflush_expected_qty"), [400, 150]
        )

    def test_posting_takes_before_its_backorder_reserves(self):
        """Of what is there the posting takes what it showed, the backorder the rest."""
        motor = self._create_product("Motor", tracking="serial")
        for number in range(3):
            self._create_lot(motor, f"M{number}", 1)
        self._create_bom(self.chair, [(motor, 1)], sequence=-1)
        self.env.company.backflush_serial_auto = True
        for method in ("at_confirm", "by_date"):
            with self.subTest(method):
                self.warehouse.manu_type_id.reservation_method = method
                order = self._create_order(quantity=7)
                order.do_unreserve()
                [shown] = order.backflush_preview(quantity=1)["components"]
                result = order.backflush_post(quantity=1, remainder="backorder")
                [taken] = result["components"]
                self.assertEqual(
                    [lot["name"] for lot in taken["lots"]],
                    [lot["name"] for lot in shown["lots"]],
                )
                rest = order.browse(result["backorder"]["id"])
                left = self._on_hand(motor)
                self.assertEqual(rest.move_raw_ids.quantity, left)
                rest.action_cancel()
