from odoo.tests import Form, tagged

from .common import BackflushCase

NUMBERS = {
    "expected": "backflush_due_qty",
    "to_consume": "should_consume_qty",
    "target": "backflush_target_qty",
    "covered": "backflush_covered_qty",
}


class FormNumbersCase(BackflushCase):
    """Compares what the form shows with what a preview tells."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "flexible"
        cls._add_stock(cls.board, 10000)
        cls._add_stock(cls.bolt, 10000)

    def _read_form(self, form):
        """The numbers of the open components on a form, saved or not."""
        lines = {}
        for number in range(len(form.move_raw_ids)):
            with form.move_raw_ids.edit(number) as line:
                if line.state not in ("done", "cancel"):
                    lines[line.id] = {
                        name: round(line[field], 6) for name, field in NUMBERS.items()
                    }
        return lines

    def _read_order(self, order):
        """The numbers of the open components, as they are once they are saved."""
        return {
            move.id: {name: round(move[field], 6) for name, field in NUMBERS.items()}
            for move in order.move_raw_ids._filter_backflush_open()
        }

    def _read_preview(self, order, quantity=0.0):
        return {
            component["move_id"]: {
                "expected": round(component["expected"], 6),
                "to_consume": round(component["expected"], 6),
                "target": round(component["target"], 6),
                "covered": round(component["covered"], 6),
            }
            for component in order.backflush_preview(quantity=quantity)["components"]
        }

    def assertTyped(self, order, quantity):
        """Type a quantity: the form shows what a preview of it tells, then and saved.

        :param quantity: all that was produced on the order
        """
        told = self._read_preview(order, max(0.0, quantity - order.qty_produced))
        with Form(order) as form:
            form.qty_producing = quantity
            self.assertEqual(self._read_form(form), told)
        self.assertEqual(self._read_order(order), told)
        with Form(order) as form:
            self.assertEqual(self._read_form(form), told)


@tagged("post_install", "-at_install")
class TestFormNumbers(FormNumbersCase):
    """What the form shows, saved or while a person types, is what a posting takes."""

    def _type_demand(self, form, product, quantity):
        for number in range(len(form.move_raw_ids)):
            with form.move_raw_ids.edit(number) as line:
                if line.state != "done" and line.product_id == product:
                    line.product_uom_qty = quantity

    def _expect(self, order, **expected):
        by_name = {
            move.product_id.name.lower(): move.backflush_due_qty
            for move in order.move_raw_ids._filter_backflush_open()
        }
        self.assertEqual(by_name, expected)

    def test_before_and_after_a_part(self):
        """Nothing is entered: a posting would take all that remains."""
        order = self._create_order(quantity=20)
        self.assertEqual(self._read_order(order), self._read_preview(order))
        self._expect(order, board=40, bolt=80)
        order.backflush_post(quantity=12)
        self.assertEqual(self._read_order(order), self._read_preview(order))
        self._expect(order, board=16, bolt=32)
        order.backflush_post()
        for field in ("backflush_due_qty", "should_consume_qty"):
            numbers = order.move_raw_ids.mapped(field)
            self.assertEqual(sorted(numbers), [16, 24, 32, 48])

    def test_typing_on_an_order_in_parts(self):
        order = self._create_order(quantity=20)
        self.assertTyped(order, 12)
        order.backflush_post(quantity=12)
        self.assertTyped(order, 14)
        self._expect(order, board=4, bolt=8)
        self.assertTyped(order, 25)
        self.assertTyped(order, 13)
        self.assertTyped(order, 12)
        self._expect(order, board=16, bolt=32)
        self.assertTyped(order, 0)

    def test_another_demand_is_typed(self):
        order = self._create_order(quantity=20)
        order.action_toggle_is_locked()
        order.backflush_post(quantity=10)
        with Form(order) as form:
            form.qty_producing = 15
            self._type_demand(form, self.board, 60)
            typed = self._read_form(form)
        self.assertEqual(typed, self._read_order(order))
        self.assertEqual(typed, self._read_preview(order, 5))
        self._expect(order, board=40, bolt=20)

    def test_a_demand_is_typed_and_typed_back(self):
        self.bom.product_qty = 3
        order = self._create_order(quantity=20)
        order.action_toggle_is_locked()
        board = self._component(order, self.board)
        ratio = board.backflush_ratio
        with Form(order) as form:
            self._type_demand(form, self.board, 60)
            self._type_demand(form, self.board, board.product_uom_qty)
        self.assertEqual(board.backflush_ratio, ratio)

    def test_a_component_is_added(self):
        glue = self._create_product("Glue")
        order = self._create_order(quantity=20)
        with Form(order) as form:
            form.qty_producing = 5
            with form.move_raw_ids.new() as line:
                line.product_id = glue
                line.product_uom_qty = 10
            typed = [line["expected"] for line in self._read_form(form).values()]
        self._expect(order, board=10, bolt=20, glue=2.5)
        self.assertEqual(sorted(typed), [2.5, 10, 20])

    def test_a_new_order_is_typed(self):
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            with form.move_raw_ids.new() as line:
                line.product_id = self._create_product("Glue")
                line.product_uom_qty = 10
            form.product_id = self.chair
            form.product_qty = 20
            self._type_demand(form, self.board, 60)
        order = form.record
        self.assertEqual(self._component(order, self.board).backflush_ratio, 3)
        order.action_confirm()
        self.assertEqual(self._component(order, self.board).backflush_ratio, 3)
        self.assertEqual(self._read_order(order), self._read_preview(order))
