from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_report_dialog import ReportDialogCase


@tagged("post_install", "-at_install")
class TestReportDialogLots(ReportDialogCase):
    """A worker says which lots and serial numbers were built in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glue = cls._create_product("Glue", tracking="lot")
        cls.motor = cls._create_product("Motor", tracking="serial")
        cls.machine = cls._create_product("Machine")
        cls._create_bom(cls.machine, [(cls.glue, 3), (cls.motor, 1)])
        cls.old, cls.new = (cls._create_lot(cls.glue, n, 4) for n in ("OLD", "NEW"))
        cls.motors = [cls._create_lot(cls.motor, f"M{n}", 1) for n in range(4)]

    def _choose(self, form, position, *lots):
        with form.component_ids.edit(position) as line:
            for lot in lots:
                line.lot_ids.add(lot)

    def _get_taken(self, order, product):
        move = self._component(order, product).filtered(lambda m: m.state == "done")
        return {line.lot_id: line.quantity for line in move.move_line_ids}

    def test_chosen_lots_are_taken(self):
        order = self._create_order(self.machine, quantity=2)
        form = self._open(order)
        self._choose(form, 0, self.new, self.old)
        self._choose(form, 1, self.motors[3], self.motors[1])
        names = ("entered_qty", "lots", "short_qty")
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(6, "OLD (4), NEW (2)", 0), (2, "M1, M3", 0)],
        )
        self._post(form)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._get_taken(order, self.glue), {self.old: 4, self.new: 2})
        self.assertEqual(
            self._get_taken(order, self.motor), {self.motors[3]: 1, self.motors[1]: 1}
        )

    def test_serial_numbers_count(self):
        """As many are consumed as are chosen."""
        order = self._create_order(self.machine, quantity=2)
        form = self._open(order)
        self._choose(form, 1, *self.motors[:3])
        self.assertEqual(
            self._shown(form.component_ids, "entered_qty", "changed")[1], (3, True)
        )
        self._post(form)
        self.assertConsumed(order, {self.glue: 6, self.motor: 3})

    def test_a_lot_that_lacks(self):
        order = self._create_order(self.machine, quantity=2)
        form = self._open(order)
        self._choose(form, 0, self.new)
        self._choose(form, 1, *self.motors[:2])
        self.assertEqual(self._shown(form.component_ids, "short_qty")[0], (2,))
        self.assertIn("will be refused", form.warning)
        with self.assertRaisesRegex(UserError, "Glue: 6.00 Units needed, 4.00 free"):
            self._post(form)

    def test_what_the_order_has_reserved_is_free_for_it(self):
        order = self._create_order(self.machine, quantity=2)
        order.action_assign()
        form = self._open(order)
        self._choose(form, 0, self.old, self.new)
        self.assertEqual(self._shown(form.component_ids, "short_qty")[0], (0,))
        self._post(form)
        self.assertEqual(self._get_taken(order, self.glue), {self.old: 4, self.new: 2})
