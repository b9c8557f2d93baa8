from itertools import product

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BackflushCase


class ComponentEntriesCase(BackflushCase):
    """A chair with glue, which has lots, and a motor, which has serial numbers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "flexible"
        cls.glue = cls._create_product("Glue", tracking="lot", default_code="GLUE")
        cls.motor = cls._create_product("Motor", tracking="serial")
        cls.nail = cls._create_product("Nail", default_code="NAIL")
        cls.board.default_code = "BOARD"
        for untracked in (cls.board, cls.bolt, cls.nail):
            cls._add_stock(untracked, 1000)
        for name in ("A", "B", "C"):
            cls._create_lot(cls.glue, name, 500)
        for number in range(4):
            cls._create_lot(cls.motor, f"M{number}", 1)
        cls.bom.bom_line_ids = [
            Command.create({"product_id": cls.glue.id, "product_qty": 1}),
            Command.create({"product_id": cls.motor.id, "product_qty": 1}),
        ]

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=2)
        self.motors = self._entry(self.motor, M0=0, M1=0)

    def _entry(self, component, quantity=None, **lots):
        entry = {"product_id": component.id}
        if quantity is not None:
            entry["quantity"] = quantity
        if lots:
            entry["lots"] = [{"name": n, "quantity": q} for n, q in lots.items()]
        return entry

    def _post(self, *entries, **values):
        """What was consumed of each product.

        :return: ``{name: (quantity, {lot name: quantity})}``
        """
        result = self.order.backflush_post(components=list(entries), **values)
        return {
            component["product"]: (
                component["consumed"],
                {lot["name"]: lot["quantity"] for lot in component["lots"]},
            )
            for component in result["components"]
        }


@tagged("post_install", "-at_install")
class TestComponentEntries(ComponentEntriesCase):
    """Several entries for one component add up, lot by lot."""

    def assertRefused(self, message, *entries):
        entries = [self.motors, *entries]
        with self.assertRaisesRegex(UserError, message):
            self.order.backflush_post(components=entries)
        [result] = self.order.backflush_post_batch(
            [{"production_id": self.order.id, "components": entries}]
        )
        self.assertRegex(result["error"]["message"], message)
        self.assertFalse(self.order.backflush_ids)

    def test_quantities_however_they_are_named(self):
        for first, second in product(range(3), repeat=2):
            with self.subTest(first=first, second=second):
                self.order = self._create_order(quantity=1)
                names = [
                    {"product_id": self.board.id},
                    {"default_code": "BOARD"},
                    {"move_id": self._component(self.order, self.board).id},
                ]
                consumed = self._post(
                    self._entry(self.motor, 0),
                    {**names[first], "quantity": 3},
                    {**names[second], "quantity": 1.5},
                )
                self.assertEqual(consumed["[BOARD] Board"], (4.5, {}))

    def test_lots(self):
        consumed = self._post(
            self.motors,
            {"default_code": "GLUE", "lots": [{"name": "A", "quantity": 1}]},
            self._entry(self.glue, 4, B=3, A=1),
            self._entry(self.glue, 5, C=0),
        )
        self.assertEqual(consumed["[GLUE] Glue"], (10, {"A": 2, "B": 3, "C": 5}))

    def test_serial_numbers(self):
        entries = [self._entry(self.motor, M3=1), self._entry(self.motor, 1, M2=0)]
        consumed = self._post(*entries)
        self.assertEqual(consumed["Motor"], (2, {"M2": 1, "M3": 1}))

    def test_nothing_adds_nothing(self):
        entries = [self._entry(self.glue, 0), self._entry(self.glue, A=2)]
        consumed = self._post(self.motors, *entries)
        self.assertEqual(consumed["[GLUE] Glue"], (2, {"A": 2}))

    def test_added_components(self):
        entries = [
            self._entry(self.nail, 3),
            {"default_code": "NAIL", "quantity": 2},
            self._entry(self.nail, 0.25),
        ]
        consumed = self._post(self.motors, *entries)
        self.assertEqual(consumed["[NAIL] Nail"], (5.25, {}))
        self.assertEqual(len(self._component(self.order, self.nail)), 1)

    def test_quantities_that_are_seen_together_only(self):
        consumed = self._post(self.motors, *[self._entry(self.nail, 0.004)] * 3)
        self.assertEqual(consumed["[NAIL] Nail"], (0.01, {}))

    def test_part_after_part(self):
        """The entry names the component by a move that is posted already."""
        move = self._component(self.order, self.board)
        serials = [self._entry(self.motor, M0=0), self._entry(self.motor, M1=0)]
        self._post(serials[0], {"move_id": move.id, "quantity": 1}, quantity=1)
        consumed = self._post(
            serials[1],
            {"move_id": move.id, "quantity": 1},
            {"move_id": self._component(self.order, self.board)[1].id, "quantity": 4},
        )
        self.assertEqual(consumed["[BOARD] Board"], (5, {}))

    def test_two_components_of_one_product(self):
        """Each has entries of its own."""
        self.bom.bom_line_ids = [
            Command.create({"product_id": self.board.id, "product_qty": 5})
        ]
        self.order = self._create_order(quantity=2)
        first, second = self._component(self.order, self.board)
        self._post(
            self._entry(self.motor, M2=0, M3=0),
            {"move_id": first.id, "quantity": 3},
            {"move_id": second.id, "quantity": 8},
            {"move_id": first.id, "quantity": 3.5},
        )
        self.assertEqual([first.quantity, second.quantity], [6.5, 8])

    def test_refused(self):
        glue, motor = self.glue, self.motor
        for message, entries in [
            (
                "lots: .*Glue: one entry names lots and another a quantity without",
                [self._entry(glue, 5), self._entry(glue, A=3)],
            ),
            ("lots: Motor: a lot is named twice", [self._entry(motor, M0=1)]),
            (
                "lots: .*Glue: a lot is named twice",
                [{"product_id": glue.id, "lots": [{"name": "A", "quantity": 1}] * 2}],
            ),
            (
                "lots: .*Glue: the lots do not add up",
                [self._entry(glue, 5, A=5), self._entry(glue, 5, A=4)],
            ),
            (
                "lots: .*Glue: a lot has no quantity",
                [self._entry(glue, 5, A=0), self._entry(glue, B=0)],
            ),
            ("lots: .*Glue: there is no lot X, Y", [self._entry(glue, Y=1, X=1)]),
            ("quantity: 0.004 is less", [self._entry(self.nail, 0.004)]),
            ("1,800.00 Units needed", [self._entry(self.board, 900)] * 2),
            ("501.00 Units needed", [self._entry(glue, A=500), self._entry(glue, A=1)]),
        ]:
            with self.subTest(message):
                self.assertRefused(message, *entries)

    def test_dialog_with_two_rows_of_one_component(self):
        """A program can write what the form has not: the preview adds up, too."""
        move = self._component(self.order, self.board)
        report = self.env["mrp.backflush.report"].with_user(self.worker)
        report = report.create({"production_ids": self.order.ids, "quantity": 1})
        row = {"report_id": report.id, "move_id": move.id, "changed": True}
        rows = report.component_ids.filtered(lambda row: row.move_id == move)
        rows.write({"entered_qty": 700, "changed": True})
        rows |= rows.create({**row, "entered_qty": 800})
        self.assertEqual(rows.mapped("short_qty"), [500, 500])
        self.order.consumption = "flexible"
        report.component_ids.filtered(lambda r: r.product_id == self.motor).write(
            {"entered_qty": 0, "changed": True}
        )
        rows[1].entered_qty = 2
        report.action_post()
        self.assertEqual(move.quantity, 702)

    def test_dialog_with_a_component_of_another_order(self):
        other = self._create_order(quantity=3)
        report = self.env["mrp.backflush.report"].with_user(self.worker)
        report = report.create({"production_ids": self.order.ids, "quantity": 1})
        move = self._component(other, self.board)
        row = report.component_ids.create(
            {
                "report_id": report.id,
                "move_id": move.id,
                "changed": True,
                "entered_qty": 5,
            }
        )
        self.assertEqual((row.expected_qty, row.short_qty), (0, 0))
        with self.assertRaisesRegex(UserError, "has no open component with the id"):
            report.action_post()

    def test_preview_of_next_to_nothing(self):
        with self.assertRaisesRegex(UserError, "quantity: 0.001 is less than"):
            self.order.backflush_preview(0.001)
