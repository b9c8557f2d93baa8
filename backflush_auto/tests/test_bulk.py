from odoo.tests import Form

from .common import BackflushCase


class TestBulk(BackflushCase):
    """Glue stands on the BoM for information: nothing of it is planned or moved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.glue = cls._create_product("Glue")
        cls.bom.bom_line_ids[1].write(
            {"product_id": cls.glue.id, "product_qty": 0.5, "backflush_method": "bulk"}
        )

    def test_order_has_no_such_component(self):
        order = self._create_order(quantity=100)
        self.assertEqual(order.move_raw_ids.product_id, self.board)
        self.assertEqual(order.backflush_bulk, "50.00 Units Glue")
        self._produce(order)
        self.assertConsumed(order, {self.board: 200})
        self.assertEqual(self.glue.virtual_available, 0)

    def test_on_the_form(self):
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 10
            self.assertEqual(len(form.move_raw_ids), 1)
            self.assertEqual(form.backflush_bulk, "5.00 Units Glue")
            form.backflush = False
            self.assertEqual(len(form.move_raw_ids), 2)

    def test_by_product_and_in_a_kit(self):
        self.bom.bom_line_ids[1].backflush_method = False
        kit_bom = self._create_bom(
            self.glue, [(self.board, 1), (self.bolt, 4)], type="phantom"
        )
        self.bolt.backflush_method = "bulk"
        order = self._create_order(quantity=10)
        self.assertEqual(order.move_raw_ids.product_id, self.board)
        self.assertEqual(order.backflush_bulk, "20.00 Units Bolt")
        kit_bom.bom_line_ids[1].backflush_method = "completion"
        order = self._create_order(quantity=10)
        self.assertEqual(order.move_raw_ids.product_id, self.board + self.bolt)

    def test_whole_kit(self):
        self._create_bom(self.glue, [(self.bolt, 4)], type="phantom")
        order = self._create_order(quantity=10)
        self.assertEqual(order.move_raw_ids.product_id, self.board)
        self.assertEqual(order.backflush_bulk, "20.00 Units Bolt")

    def test_kit_added_by_hand(self):
        kit = self._create_product("Kit")
        kit_bom = self._create_bom(
            kit, [(self.glue, 1), (self.bolt, 4)], type="phantom"
        )
        kit_bom.bom_line_ids[0].backflush_method = "bulk"
        kit_bom.bom_line_ids[1].write({"backflush_scrap": 5, "backflush_rounding": 1})
        order = self._create_order(quantity=10)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = kit
            line.product_uom_qty = 3
        self.assertEqual(order.move_raw_ids.product_id, self.board + self.bolt)
        bolts = self._component(order, self.bolt)
        self.assertRecordValues(bolts, [{"product_uom_qty": 13, "backflush_scrap": 5}])
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 13})

    def test_added_by_hand(self):
        """Whoever puts it on an order wants it there."""
        self.glue.backflush_method = "bulk"
        self._add_stock(self.glue, 10)
        order = self._create_order(quantity=10)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = self.glue
            line.product_uom_qty = 3
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.glue: 3})

    def test_switched_on_an_open_order_and_off(self):
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        self.assertEqual(order.move_raw_ids.product_id, self.board + self.glue)
        order.backflush = True
        self.assertEqual(order.move_raw_ids.product_id, self.board)
        order.backflush = False
        self.assertRecordValues(
            self._component(order, self.glue),
            [{"product_uom_qty": 50, "state": "confirmed"}],
        )

    def test_updated_bom(self):
        self.bom.bom_line_ids[1].backflush_method = "completion"
        order = self._create_order(quantity=100)
        self.assertEqual(order.move_raw_ids.product_id, self.board + self.glue)
        self.bom.bom_line_ids[1].backflush_method = "bulk"
        order.with_user(self.env.user).action_update_bom()
        self.assertEqual(order.move_raw_ids.product_id, self.board)
        self.assertEqual(order.backflush_bulk, "50.00 Units Glue")
