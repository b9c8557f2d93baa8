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
