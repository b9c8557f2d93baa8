from odoo import Command

from .common import BackflushCase


class TestRecipes(BackflushCase):
    """Kits, variants and units of measure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_kit_in_a_kit(self):
        frame, joint = self._create_product("Frame"), self._create_product("Joint")
        self._create_bom(joint, [(self.bolt, 1)], type="phantom", product_qty=3)
        self._create_bom(frame, [(self.board, 2), (joint, 4)], type="phantom")
        table = self._create_product("Table")
        self._create_bom(table, [(frame, 1), (self.board, 1)])
        order = self._create_order(table, 10)
        self.assertEqual(
            sorted(order.move_raw_ids.mapped("product_uom_qty")), [10, 13.33, 20]
        )
        self._produce(order)
        self.assertConsumed(order, {self.board: 30, self.bolt: 13.33})

    def test_kit_is_not_rounded_on_the_way(self):
        """Three joints of a third of a bolt are one bolt, in any number of parts."""
        joint = self._create_product("Joint")
        self._create_bom(joint, [(self.bolt, 1)], type="phantom", product_qty=3)
        table = self._create_product("Table")
        self._create_bom(table, [(joint, 1)])
        first = self._create_order(table, 3)
        second = self._produce(first, 1, backorder=True)
        self._produce(second)
        self.assertEqual(self._on_hand(self.bolt), 999)

    def test_same_kit_on_two_lines(self):
        joint = self._create_product("Joint")
        self._create_bom(joint, [(self.bolt, 2)], type="phantom")
        table = self._create_product("Table")
        self._create_bom(table, [(joint, 1), (joint, 3)])
        order = self._create_order(table, 10)
        self.assertEqual(order.move_raw_ids.mapped("backflush_ratio"), [2, 6])
        self._produce(order)
        self.assertConsumed(order, {self.bolt: 80})

    def test_method_of_a_kit_line_reaches_its_components(self):
        joint, frame = self._create_product("Joint"), self._create_product("Frame")
        self._create_bom(
            joint,
            [(self.bolt, 2), (self.board, 1, {"backflush_method": "completion"})],
            type="phantom",
        )
        self._create_bom(frame, [(joint, 1)], type="phantom")
        table = self._create_product("Table")
        self._create_bom(table, [(frame, 1, {"backflush_method": "manual"})])
        order = self._create_order(table, 1)
        methods = {m.product_id: m.backflush_method for m in order.move_raw_ids}
        self.assertEqual(methods, {self.bolt: "manual", self.board: "completion"})

    def test_product_on_two_lines(self):
        self.bom.bom_line_ids = [
            Command.create({"product_id": self.board.id, "product_qty": 0.5})
        ]
        first = self._create_order(quantity=10)
        self.assertEqual(len(self._component(first, self.board)), 2)
        second = self._produce(first, 3, backorder=True)
        self._produce(second)
        self.assertConsumed(first, {self.board: 7.5, self.bolt: 12})
        self.assertConsumed(second, {self.board: 17.5, self.bolt: 28})

    def test_lines_of_some_variants(self):
        template = self._create_colours("Stool", is_storable=True)
        red, blue = template.product_variant_ids
        red_paint = self._create_product("Red Paint")
        self._add_stock(red_paint, 10)
        only_red = red.product_template_attribute_value_ids
        self._create_bom(
            red,
            [
                (self.board, 1),
                (
                    red_paint,
                    0.25,
                    {
                        "bom_product_template_attribute_value_ids": [
                            Command.set(only_red.ids)
                        ]
                    },
                ),
            ],
        )
        red_order, blue_order = self._create_order(red, 4), self._create_order(blue, 4)
        (red_order | blue_order).button_mark_done()
        self.assertConsumed(red_order, {self.board: 4, red_paint: 1})
        self.assertConsumed(blue_order, {self.board: 4})

    def test_order_in_dozens(self):
        order = self._create_order(quantity=2, product_uom_id=self.dozen.id)
        self.assertEqual(order.move_raw_ids.mapped("backflush_ratio"), [2, 4])
        self._produce(order)
        self.assertConsumed(order, {self.board: 48, self.bolt: 96})
        self.assertEqual(self._on_hand(self.chair), 24)
        self.assertRecordValues(
            order.backflush_ids, [{"quantity": 2, "product_uom_id": self.dozen.id}]
        )

    def test_bom_in_dozens(self):
        self.bom.product_uom_id = self.dozen
        order = self._create_order(quantity=30, product_uom_id=self.unit.id)
        self._produce(order)
        self.assertConsumed(order, {self.board: 5, self.bolt: 10})

    def test_component_in_dozens(self):
        self.bom.bom_line_ids[1].write(
            {"product_qty": 1, "product_uom_id": self.dozen.id}
        )
        order = self._create_order(quantity=10)
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 10})
        self.assertEqual(self._on_hand(self.bolt), 880)

    def test_component_stocked_in_dozens(self):
        """4 bolts of a stock in dozens: what it can hold, made good by the next."""
        bolt = self._create_product("Boxed Bolt", uom_id=self.dozen.id)
        self._add_stock(bolt, 100)
        self.bom.bom_line_ids[1].write(
            {"product_id": bolt.id, "product_uom_id": self.unit.id}
        )
        first = self._create_order(quantity=3)
        second = self._produce(first, 1, backorder=True)
        self.assertConsumed(first, {self.board: 2, bolt: 3.96})
        self._produce(second)
        self.assertConsumed(second, {self.board: 4, bolt: 8.04})
        self.assertEqual(self._on_hand(bolt), 99)
        self.assertEqual(
            (first | second).backflush_ids.move_ids.mapped("backflush_variance_qty"),
            [0] * 4,
        )

    def test_component_stocked_in_dozens_reserved_by_hand(self):
        bolt = self._create_product("Boxed Bolt", uom_id=self.dozen.id)
        self._add_stock(bolt, 100)
        self.bom.bom_line_ids[1].write(
            {"product_id": bolt.id, "product_uom_id": self.unit.id}
        )
        order = self._create_order(quantity=1)
        order.action_assign()
        self._produce(order)
        self.assertConsumed(order, {self.board: 2, bolt: 3.96})
        self.assertEqual(self._on_hand(bolt), 99.67)

    def test_component_over_several_quants(self):
        gram, kilo = (
            self.env.ref("uom.product_uom_gram"),
            self.env.ref("uom.product_uom_kgm"),
        )
        flour = self._create_product("Flour", uom_id=kilo.id, tracking="lot")
        for name, quantity in (("F1", 0.2), ("F2", 0.3), ("F3", 5)):
            self._create_lot(flour, name, quantity)
        bread = self._create_product("Bread")
        self._create_bom(bread, [(flour, 555, {"product_uom_id": gram.id})])
        order = self._create_order(bread, 1)
        self._produce(order)
        self.assertConsumed(order, {flour: 560})  # 0.56 kg: what stock can hold

    def test_traces(self):
        """4 g of a stock kept in hundredths of a kilo: due with what comes later."""
        gram = self.env.ref("uom.product_uom_gram")
        spice = self._create_product(
            "Spice", uom_id=self.env.ref("uom.product_uom_kgm").id
        )
        self._add_stock(spice, 1)
        self.bom.bom_line_ids[1].write(
            {"product_id": spice.id, "product_qty": 4, "product_uom_id": gram.id}
        )
        order = self._create_order(quantity=2)
        order.backflush_post(quantity=1)
        self.assertConsumed(order, {self.board: 2, spice: 0})
        self._produce(order)
        self.assertConsumed(order, {self.board: 4, spice: 10})

    def test_zero_quantity_line(self):
        self.bom.bom_line_ids[1].product_qty = 0
        order = self._create_order(quantity=10)
        self._produce(order)
        self.assertConsumed(order, {self.board: 20})
