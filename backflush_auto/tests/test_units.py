from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestUnits(BackflushCase):
    """Lines in another unit than their product: what moves say is what stock holds."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kilogram = cls.env.ref("uom.product_uom_kgm")
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.pound = cls.env.ref("uom.product_uom_lb")
        cls.salt = cls._create_product("Salt", uom_id=cls.kilogram.id)
        cls._add_stock(cls.salt, 100)
        cls.soup = cls._create_product("Soup")

    def _create_soup(self, quantity, unit=None, **values):
        values["product_uom_id"] = (unit or self.gram).id
        consumption = values.pop("consumption", "flexible")
        return self._create_bom(
            self.soup, [(self.salt, quantity, values)], consumption=consumption
        )

    def _get_left(self):
        return round(100 - self._on_hand(self.salt), 6)

    def _get_moved(self, order):
        """What the moves of an order say, in the unit of the product."""
        done = order.move_raw_ids.filtered(lambda move: move.state == "done")
        return round(sum(done.mapped("product_qty")), 6)

    def test_grams_of_what_is_kept_in_kilograms(self):
        for quantity in (4, 6):
            with self.subTest(quantity=quantity):
                before = self._get_left()
                bom = self._create_soup(quantity)
                order = self._create_order(self.soup, 10, bom)
                self.assertEqual(order.move_raw_ids.product_uom_qty, 10 * quantity)
                for _number in range(10):
                    [told] = order.backflush_preview(quantity=1)["components"]
                    result = order.backflush_post(quantity=1)
                    consumed = sum(c["consumed"] for c in result["components"])
                    self.assertEqual(told["expected"], consumed)
                    self.assertEqual(told["target"] % 10, 0)
                    left = round(self._get_left() - before, 6)
                    self.assertEqual(left, self._get_moved(order))
                    self.assertEqual(left * 1000, told["target"])
                self.assertEqual(left, quantity / 100)

    def test_plan_is_what_stock_can_hold(self):
        self._create_soup(4)
        orders = [self._create_order(self.soup, number) for number in (1, 2, 3)]
        planned = [order.move_raw_ids.product_uom_qty for order in orders]
        self.assertEqual(planned, [0, 10, 10])

    def test_centimetres_of_what_is_kept_in_metres(self):
        metre = self.env.ref("uom.product_uom_meter")
        tape = self._create_product("Tape", uom_id=metre.id)
        self._add_stock(tape, 100)
        centimetre = {"product_uom_id": self.env.ref("uom.product_uom_cm").id}
        self._create_bom(self.soup, [(tape, 15.3, centimetre)])
        order = self._create_order(self.soup, 12)
        move = order.move_raw_ids
        self.assertEqual(move.product_uom_qty, 184)
        self.assertEqual(move.backflush_due_qty, 184)
        self.assertEqual(move.should_consume_qty, 184)
        order.button_mark_done()
        self.assertEqual(move.quantity, 184)
        self.assertEqual(self._on_hand(tape), 98.16)

    def test_step_and_stock(self):
        """A step that a person has chosen, and what stock can hold."""
        for step, direction, ratio, planned in (
            (5, "up", 4, 10),
            (5, "down", 9, 0),
            (5, "half-up", 4, 0),
            (20, "up", 4, 20),
            (25, "up", 4, 50),
            (15, "down", 44, 30),
            (333, "up", 1, 330),
        ):
            with self.subTest(step=step, direction=direction, ratio=ratio):
                bom = self._create_soup(
                    ratio, backflush_rounding=step, backflush_rounding_method=direction
                )
                order = self._create_order(self.soup, 1, bom)
                self.assertEqual(order.move_raw_ids.product_uom_qty, planned)

    def test_units_that_have_nothing_in_common(self):
        """Pounds of what is kept in kilograms: parts take what one report takes."""
        self._create_soup(1, self.pound)
        whole = self._create_order(self.soup, 10)
        whole.backflush_post()
        self.assertEqual(self._get_left(), 4.54)
        order = self._create_order(self.soup, 10)
        for _number in range(10):
            order.backflush_post(quantity=1)
            self.assertEqual(order.move_raw_ids.mapped("backflush_variance_qty")[0], 0)
        self.assertEqual(self._get_left(), 9.08)
        lines = order.move_raw_ids.move_line_ids
        self.assertAlmostEqual(sum(lines.mapped("quantity_product_uom")), 4.54)

    def test_entry_that_stock_cannot_hold(self):
        self._create_soup(40)
        order = self._create_order(self.soup, 10)
        entry = [{"product_id": self.salt.id, "quantity": 44}]
        with self.assertRaisesRegex(UserError, "44.00 g is not a multiple of 10.00 g"):
            order.backflush_post(components=entry)
        order.qty_producing = 10
        order.move_raw_ids.quantity = 396
        with self.assertRaisesRegex(UserError, "396.00 g is not a multiple of 10.00 g"):
            order.button_mark_done()
        order.move_raw_ids.quantity = 390
        order.button_mark_done()
        self.assertEqual(self._get_left(), 0.39)

    def test_lot_that_stock_cannot_hold(self):
        spice = self._create_product("Spice", uom_id=self.kilogram.id, tracking="lot")
        self._create_lot(spice, "A", 10)
        bom = self._create_bom(
            self.soup,
            [(spice, 40, {"product_uom_id": self.gram.id})],
            consumption="flexible",
        )
        order = self._create_order(self.soup, 1, bom)
        entry = {"product_id": spice.id, "lots": [{"name": "A", "quantity": 44}]}
        with self.assertRaisesRegex(UserError, "44.00 g is not a multiple of 10.00 g"):
            order.backflush_post(components=[entry])
        entry["lots"][0]["quantity"] = 50
        order.backflush_post(components=[entry])
        self.assertEqual(self._on_hand(spice), 9.95)

    def test_entry_in_pounds(self):
        """It is rounded, and the component says so."""
        self._create_soup(1, self.pound)
        order = self._create_order(self.soup, 1)
        order.qty_producing = 1
        order.move_raw_ids.quantity = 3
        order.button_mark_done()
        self.assertEqual(self._get_left(), 1.36)
        self.assertEqual(order.move_raw_ids.quantity, 3)
        self.assertEqual(order.move_raw_ids.move_line_ids.quantity_product_uom, 1.36)

    def test_typed_demand(self):
        self._create_soup(40)
        order = self._create_order(self.soup, 10)
        order.move_raw_ids.product_uom_qty = 336
        self.assertEqual(order.move_raw_ids.product_uom_qty, 340)
        order.button_mark_done()
        self.assertEqual(self._get_left(), 0.34)

    def test_byproducts(self):
        bom = self._create_soup(100)
        peel = self._create_product("Peel", uom_id=self.kilogram.id)
        self.env["mrp.bom.byproduct"].create(
            {
                "bom_id": bom.id,
                "product_id": peel.id,
                "product_qty": 4,
                "product_uom_id": self.gram.id,
            }
        )
        order = self._create_order(self.soup, 10)
        for _number in range(10):
            order.backflush_post(quantity=1)
            moves = order.move_byproduct_ids
            done = moves.filtered(lambda move: move.state == "done")
            self.assertEqual(sum(done.mapped("quantity")), self._on_hand(peel) * 1000)
        self.assertEqual((order.state, self._on_hand(peel)), ("done", 0.04))

    def test_finished_goods(self):
        """An order in grams of what is kept in kilograms."""
        order = self._create_order(
            self.salt, 100, bom=self._create_bom(self.salt, [(self.board, 1)])
        )
        self._add_stock(self.board, 1000)
        order = self._create_order(
            self.salt, 100, bom=order.bom_id, product_uom_id=self.gram.id
        )
        with self.assertRaisesRegex(UserError, "multiples of 10.00 g only"):
            order.backflush_post(quantity=4)
        order.backflush_post(quantity=20)
        self.assertEqual(self._on_hand(self.salt), 100.02)

    def test_unbuild_in_parts(self):
        self._create_soup(4)
        order = self._create_order(self.soup, 10)
        order.backflush_post()
        for number in range(1, 11):
            unbuild = self.env["mrp.unbuild"].create(
                {"mo_id": order.id, "product_id": self.soup.id, "product_qty": 1}
            )
            unbuild.action_unbuild()
            returned = order.move_raw_ids.returned_move_ids
            given = sum(returned.mapped("quantity")) / 1000
            self.assertAlmostEqual(self._get_left(), 0.04 - given)
            self.assertAlmostEqual(given, (number * 4 + 5) // 10 / 100)

    def test_stock_is_reserved(self):
        self.env.company.backflush_reserve = True
        for unit, ratio in ((self.gram, 6), (self.pound, 1)):
            bom = self._create_soup(ratio, unit)
            before = self._get_left()
            order = self._create_order(self.soup, 7, bom)
            self.assertTrue(self._reserved(self.salt))
            for part in (1, 3, 3):
                order.backflush_post(quantity=part)
                lines = order.move_raw_ids.filtered(
                    lambda move: move.state == "done"
                ).move_line_ids
                left = round(self._get_left() - before, 6)
                self.assertEqual(
                    left, round(sum(lines.mapped("quantity_product_uom")), 6)
                )
            self.assertEqual(left, {6: 0.04, 1: 3.18}[ratio])
            self.assertEqual(self._reserved(self.salt), 0)

    def test_entry_below_lines_in_another_unit(self):
        """A line of 24 pieces; of the component 1, 0.5 and 0 dozens are entered."""
        part = self._create_product("Part")
        self._add_stock(part, 100)
        self._create_bom(self.soup, [(part, 2, {"product_uom_id": self.dozen.id})])
        order = self._create_order(self.soup, 3)
        component = order.move_raw_ids
        component.move_line_ids = [
            Command.create(
                {
                    **component._prepare_move_line_vals(quantity=0),
                    "product_uom_id": self.unit.id,
                    "quantity": 24,
                }
            )
        ]
        for dozens in (1, 0.5, 0):
            component.quantity = dozens
            self.assertEqual(component._quantity_sml(), dozens)
            self.assertEqual(self._reserved(part), 12 * dozens)
        component.quantity = 0.5
        order.backflush_post(1, remainder="cancel")
        self.assertEqual(self._on_hand(part), 94)
        self.assertEqual(component.quantity, 0.5)
