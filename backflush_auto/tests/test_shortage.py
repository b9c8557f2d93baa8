from odoo.exceptions import UserError

from .common import BackflushCase


class TestShortage(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.bolt, 10000)

    def assertRefused(self, orders, *texts):
        with self.assertRaises(UserError) as error:
            orders.button_mark_done()
        for text in texts:
            self.assertIn(text, str(error.exception))
        return str(error.exception)

    def test_nothing_is_posted(self):
        self._add_stock(self.board, 199)
        order = self._create_order(quantity=100)
        self.assertRefused(order, "Board: 200.00 Units needed, 199.00 free", order.name)
        self.env.invalidate_all()
        self.assertEqual(order.state, "confirmed")
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self.assertFalse(order.backflush_ids)
        self.assertEqual(self._on_hand(self.board), 199)
        self.assertEqual(self._on_hand(self.bolt), 10000)

    def test_two_orders_share_the_stock(self):
        """Enough for each alone, not for both."""
        self._add_stock(self.board, 30)
        orders = self._create_order(quantity=10) | self._create_order(quantity=10)
        self.assertRefused(
            orders,
            "Board: 40.00 Units needed, 30.00 free in WH/Stock, 10.00 missing",
            f"{orders[0].name}: 20.00",
            f"{orders[1].name}: 20.00",
        )
        orders[0].button_mark_done()
        self.assertEqual(self._on_hand(self.board), 10)

    def test_reserved_for_another_order(self):
        self._add_stock(self.board, 30)
        other = self._create_order(quantity=10)
        other.action_assign()
        self.assertEqual(self._reserved(self.board), 20)
        order = self._create_order(quantity=10)
        self.assertRefused(order, "Board: 20.00 Units needed, 10.00 free")
        self.assertEqual(self._reserved(self.board), 20)
        other.button_mark_done()
        self.assertConsumed(other, {self.board: 20, self.bolt: 40})

    def test_stock_elsewhere_does_not_count(self):
        shelf, _other = self.env["stock.location"].create(
            [
                {"name": "Shelf", "location_id": self.stock_location.id},
                {
                    "name": "Elsewhere",
                    "location_id": self.warehouse.view_location_id.id,
                },
            ]
        )
        self._add_stock(self.board, 15, _other)
        self._add_stock(self.board, 15, shelf)
        order = self._create_order(quantity=10)
        self.assertRefused(order, "Board: 20.00 Units needed, 15.00 free in WH/Stock")

    def test_stock_below_the_source_location_counts(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self._add_stock(self.board, 15, shelf)
        self._add_stock(self.board, 5)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board), 0)

    def test_negative(self):
        self.bom.backflush_shortage = "negative"
        self._add_stock(self.board, 150)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board), -50)

    def test_negative_leaves_reservations_alone(self):
        self._add_stock(self.board, 150)
        other = self._create_order(quantity=50)
        other.action_assign()
        self.bom.backflush_shortage = "negative"
        order = self._create_order(quantity=100)
        order.button_mark_done()
        self.assertEqual(self._component(other, self.board).quantity, 100)
        self.assertEqual(self._reserved(self.board), 100)
        self.assertEqual(self._on_hand(self.board), -50)

    def test_negative_of_the_order(self):
        order = self._create_order(quantity=1)
        order.backflush_shortage = "negative"
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board), -2)

    def test_consumables_are_never_short(self):
        self.board.is_storable = False
        order = self._create_order(quantity=100)
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_services_are_no_components(self):
        labour = self.env["product.product"].create(
            {"name": "Labour", "type": "service"}
        )
        self.bom.bom_line_ids[0].product_id = labour
        order = self._create_order(quantity=100)
        order.button_mark_done()
        self.assertConsumed(order, {self.bolt: 400})

    def test_a_persons_entry_beyond_the_stock(self):
        self._add_stock(self.board, 200)
        order = self._create_order(quantity=100)
        self._component(order, self.board).quantity = 210
        self.assertRefused(order, "Board: 210.00 Units needed, 200.00 free")
        order.backflush_shortage = "negative"
        self._produce(order)
        self.assertEqual(self._on_hand(self.board), -10)

    def test_a_persons_entry_of_what_never_was_in_stock(self):
        order = self._create_order(quantity=100)
        self._component(order, self.board).quantity = 210
        self.assertRefused(order, "Board: 210.00 Units needed, 0.00 free")

    def test_reservation_of_goods_that_vanished(self):
        self._add_stock(self.board, 200)
        order = self._create_order(quantity=100)
        order.action_assign()
        self._add_stock(self.board, -50)
        self.assertRefused(order, "Board: 200.00 Units needed, 150.00 free")

    def test_all_short_components_of_all_orders(self):
        table = self._create_product("Table")
        leg = self._create_product("Leg")
        self._create_bom(table, [(leg, 4), (self.board, 3)])
        orders = self._create_order(quantity=10) | self._create_order(table, 5)
        message = self.assertRefused(orders, "Leg: 20.00 Units needed, 0.00 free")
        self.assertIn("Board: 35.00 Units needed, 0.00 free", message)

    def test_the_whole_mass_action_is_refused(self):
        self._add_stock(self.board, 20)
        orders = self._create_order(quantity=10) | self._create_order(quantity=1)
        self.assertRefused(orders)
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("state"), ["confirmed"] * 2)

    def test_refused_before_any_question(self):
        """The worker is not asked about a backorder of what cannot be posted."""
        order = self._create_order(quantity=100)
        order.qty_producing = 30
        self.assertRefused(order, "Board: 60.00 Units needed, 0.00 free")

    def test_reserving_at_confirmation(self):
        self.env.company.backflush_reserve = True
        self._add_stock(self.board, 300)
        order = self._create_order(quantity=100)
        self.assertEqual(self._reserved(self.board), 200)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board), 100)

    def test_scheduler_does_not_reserve(self):
        self._add_stock(self.board, 300)
        order = self._create_order(quantity=100)
        self.env["stock.rule"].run_scheduler()
        self.assertEqual(self._reserved(self.board), 0)
        self.assertEqual(order.components_availability_state, "available")


class TestTwoLines(BackflushCase):
    """A product on two lines of one order, one of them manual."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = [
            (cls.bolt, 2),
            (cls.bolt, 5, {"backflush_method": "manual"}),
        ]
        cls.bench = cls._create_product("Bench")
        cls.bench_bom = cls._create_bom(cls.bench, lines)
        cls._add_stock(cls.bolt, 15)

    def _create_reserved(self, **values):
        """An order of 3, whose manual line has reserved all there is."""
        order = self._create_order(self.bench, quantity=3, **values)
        self.assertEqual(order.move_raw_ids.mapped("quantity"), [0, 15])
        return order

    def test_what_the_manual_line_has_reserved(self):
        """The order has it, and it goes where nothing else is free."""
        order = self._create_reserved()
        [told, _manual] = order.backflush_preview(3)["components"]
        self.assertEqual(told["shortage"], 0)
        order.backflush_post(3)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.bolt: 6})
        self.assertEqual(self._on_hand(self.bolt), 9)
        self.assertEqual(self._reserved(self.bolt), 0)

    def test_other_stock_comes_first(self):
        order = self._create_reserved()
        self._add_stock(self.bolt, 3)
        order.backflush_post(2)
        manual = order.move_raw_ids.filtered(lambda m: m.backflush_method == "manual")
        self.assertEqual(manual.quantity, 14)
        self.assertEqual(self._on_hand(self.bolt), 14)

    def test_what_a_person_has_entered_stays(self):
        order = self._create_reserved()
        manual = order.move_raw_ids[1]
        manual.write({"quantity": 12, "picked": True})
        with self.assertRaisesRegex(UserError, "18.00 Units needed, 15.00 free"):
            order.backflush_post(3)

    def test_another_order_keeps_its_own(self):
        self._create_reserved()
        order = self._create_order(self.bench, quantity=1)
        with self.assertRaisesRegex(UserError, "2.00 Units needed, 0.00 free"):
            order.backflush_post(1)

    def test_reserved_goods_that_vanished(self):
        order = self._create_reserved()
        self.env["stock.quant"].search(
            [
                ("product_id", "=", self.bolt.id),
                ("location_id", "=", self.stock_location.id),
            ]
        ).quantity = 5
        [told, _manual] = order.backflush_preview(3)["components"]
        self.assertEqual(told["shortage"], 1)
        with self.assertRaisesRegex(UserError, "1.00 missing"):
            order.backflush_post(3)

    def test_lots_that_the_preview_tells(self):
        """The lots that the manual line holds are the last that are taken."""
        glue = self._create_product("Glue", tracking="lot")
        lots = [self._create_lot(glue, name, 10) for name in ("A", "B")]
        product = self._create_product("Boat")
        self._create_bom(
            product, [(glue, 5), (glue, 6, {"backflush_method": "manual"})]
        )
        order = self._create_order(product, quantity=1)
        self.assertEqual(order.move_raw_ids[1].lot_ids, lots[0])
        lots[1].quant_ids.sudo().quantity = 2
        [told, _manual] = order.backflush_preview(1)["components"]
        self.assertEqual(
            [(lot["name"], lot["quantity"]) for lot in told["lots"]],
            [("A", 4), ("B", 1)],
        )

    def test_batch_leaves_others_what_they_hold(self):
        """What an order holds for its rest is taken by no other report of the call."""
        self._add_stock(self.board, 40 - self._on_hand(self.board))
        self._add_stock(self.bolt, 1000)
        orders = self._create_order(quantity=10) | self._create_order(quantity=10)
        orders.action_assign()
        entry = {"product_id": self.board.id, "quantity": 25}
        first, second = orders.backflush_post_batch(
            [
                {
                    "production_id": orders[0].id,
                    "quantity": 5,
                    "remainder": "keep",
                    "components": [entry],
                },
                {"production_id": orders[1].id, "quantity": 2, "remainder": "keep"},
            ]
        )
        self.assertFalse(first["ok"])
        self.assertEqual(first["error"]["type"], "shortage")
        self.assertTrue(second["ok"])
        boards = orders.move_raw_ids.filtered(
            lambda m: m.product_id == self.board and m.state != "done"
        )
        self.assertEqual(boards.mapped("quantity"), [20, 16])
        self.assertEqual(self._reserved(self.board), 36)

    def test_batch_reserves_nothing_twice(self):
        """What an order gives up goes to another report, or to its backorder."""
        self._add_stock(self.board, 10 - self._on_hand(self.board))
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=10)
        order.action_assign()
        orders = order.sudo()._split_productions({order.sudo(): [5, 5]})
        other = self._create_order(quantity=2)
        results = other.backflush_post_batch(
            [
                {"production_id": order.id, "quantity": 3, "remainder": "cancel"},
                {"production_id": other.id, "quantity": 2},
            ]
        )
        self.assertEqual([result["ok"] for result in results], [True, True])
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(self._reserved(self.board), 0)
        boards = orders[1].move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.quantity, 0)
