from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestOutdatedEntries(BackflushCase):
    """An entry on the form that no longer fits what is reported is asked about."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "flexible"
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 10000)

    def _type(self, order, *steps, saves=False):
        """Type on the form: quantities of the product, and of the first component.

        :param saves: the form is saved after each of them
        :return: the variance of the first component
        """
        form = Form(order)
        for name, quantity in steps:
            if name == "good":
                form.qty_producing = quantity
            else:
                with form.move_raw_ids.edit(0) as line:
                    line.quantity = quantity
            if saves:
                form.save()
        form.save()
        return order.move_raw_ids[0].backflush_variance_qty

    def _ask(self, order):
        """Click *Produce*; the question that it ends in."""
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        return Form.from_action(self.env(user=self.worker), action).save()

    def assertAsked(self, wizard, product, consumed, expected):
        self.assertRecordValues(
            wizard.mrp_consumption_warning_line_ids,
            [
                {
                    "product_id": product.id,
                    "product_consumed_qty_uom": consumed,
                    "product_expected_qty_uom": expected,
                }
            ],
        )

    def test_reported_quantity_changed(self):
        for saves in (False, True):
            with self.subTest(saves=saves):
                order = self._create_order(quantity=100)
                steps = [("good", 50), ("board", 101), ("good", 100)]
                self.assertEqual(self._type(order, *steps, saves=saves), -99)
                wizard = self._ask(order)
                self.assertAsked(wizard, self.board, 101, 200)
                self.assertFalse(order.qty_produced)
                wizard.action_confirm()
                self.assertEqual(order.state, "done")
                self.assertConsumed(order, {self.board: 101, self.bolt: 400})

    def test_put_right(self):
        order = self._create_order(quantity=100)
        self._type(order, ("good", 50), ("board", 101), ("good", 100))
        self._ask(order).action_set_qty()
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_entered_last(self):
        """What is entered for the reported quantity is meant."""
        order = self._create_order(quantity=100)
        shown = self._type(order, ("good", 100), ("board", 190))
        self.assertEqual(shown, -10)
        self.assertIs(order.button_mark_done(), True)
        self.assertConsumed(order, {self.board: 190, self.bolt: 400})

    def test_entered_anew(self):
        order = self._create_order(quantity=100)
        steps = [("good", 50), ("board", 101), ("good", 100), ("board", 201)]
        self.assertEqual(self._type(order, *steps), 1)
        self.assertIs(order.button_mark_done(), True)
        self.assertConsumed(order, {self.board: 201, self.bolt: 400})

    def test_fits_again(self):
        order = self._create_order(quantity=100)
        steps = [("good", 50), ("board", 101), ("good", 80), ("good", 50)]
        self.assertEqual(self._type(order, *steps), 1)
        answer = order.button_mark_done()
        self.assertEqual(answer["res_model"], "mrp.production.backorder")

    def test_on_a_warning_bom(self):
        """Each component is asked about once."""
        self.bom.consumption = "warning"
        order = self._create_order(quantity=100)
        self._type(order, ("good", 50), ("board", 101), ("good", 100))
        self.assertAsked(self._ask(order), self.board, 101, 200)

    def test_within_the_tolerance(self):
        self.bom.consumption = "warning"
        self.bom.bom_line_ids[0].backflush_tolerance_up = 50
        order = self._create_order(quantity=100)
        self._type(order, ("good", 80), ("board", 165), ("good", 60), ("good", 80))
        self._type(order, ("good", 75))
        wizard = self._ask(order)
        self.assertAsked(wizard, self.board, 165, 150)

    def test_part(self):
        """The rest of the component is nobody's entry."""
        order = self._create_order(quantity=100)
        self._type(order, ("good", 50), ("board", 101))
        wizard = Form.from_action(
            self.env(user=self.worker), order.button_mark_done()
        ).save()
        wizard.action_backflush_keep_open()
        self.assertConsumed(order, {self.board: 101, self.bolt: 200})
        with Form(order) as form:
            form.qty_producing = 100
        self.assertIs(order.button_mark_done(), True)
        self.assertConsumed(order, {self.board: 201, self.bolt: 400})

    def test_programs_are_not_asked(self):
        order = self._create_order(quantity=100)
        self._type(order, ("good", 50), ("board", 101))
        result = order.backflush_post(80)
        self.assertEqual(result["production"]["qty_produced"], 80)

    def test_without_backflush(self):
        """Odoo asks as it does, and shows no variance."""
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        self._type(order, ("good", 50), ("board", 101), ("good", 100))
        self.assertFalse(self._component(order, self.board).backflush_variance_qty)
        self.assertIs(order.button_mark_done(), True)


@tagged("post_install", "-at_install")
class TestOverCompletionOnTheForm(BackflushCase):
    """More than ordered, beyond the tolerance, is asked about on the form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.write({"consumption": "warning", "backflush_over_completion": 10})
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 10000)

    def _produce_on_form(self, order, quantity):
        with Form(order) as form:
            form.qty_producing = quantity
        return order.button_mark_done()

    def test_within(self):
        order = self._create_order(quantity=100)
        self.assertIs(self._produce_on_form(order, 110), True)

    def test_beyond(self):
        order = self._create_order(quantity=100)
        action = self._produce_on_form(order, 111)
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        self.assertRecordValues(
            wizard.mrp_consumption_warning_line_ids,
            [
                {
                    "product_id": self.chair.id,
                    "product_consumed_qty_uom": 111,
                    "product_expected_qty_uom": 100,
                    "backflush_limit_qty": 110,
                }
            ],
        )
        wizard.action_set_qty()
        self.assertEqual((order.state, order.qty_produced), ("done", 100))

    def test_strict(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=100)
        action = self._produce_on_form(order, 111)
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        with self.assertRaisesRegex(UserError, "111.00 Units instead of 100.00"):
            order.with_context(skip_consumption=True).button_mark_done()
