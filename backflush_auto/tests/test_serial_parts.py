from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.backflush_auto.hooks import uninstall_hook

from .common import BackflushCase


class SerialCase(BackflushCase):
    """A lamp with a serial number, made of a motor that has one, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lamp = cls._create_product("Lamp", tracking="serial")
        cls.motor = cls._create_product("Motor", tracking="serial")
        for number in range(6):
            cls._create_lot(cls.motor, f"M{number}", 1)
        cls.lamp_bom = cls._create_bom(cls.lamp, [(cls.motor, 1)])
        cls.stool_bom = cls._create_bom(cls.chair, [(cls.motor, 1)])
        (cls.bom | cls.lamp_bom | cls.stool_bom).consumption = "flexible"


@tagged("post_install", "-at_install")
class TestSerialParts(SerialCase):
    """Orders in parts of which serial numbers are posted."""

    def _post(self, order, *names, remainder="keep"):
        lots = names if order.product_tracking == "serial" else ()
        quantity = len(names)
        return order.backflush_post(
            quantity=quantity, lot_names=list(lots), remainder=remainder
        )

    def test_not_switched_off(self):
        lamps = self._create_order(self.lamp, 3)
        stools = self._create_order(self.chair, 3, bom=self.stool_bom)
        for order in lamps, stools:
            with self.subTest(order.product_id.name):
                self._post(order, "L1")
                with self.assertRaisesRegex(UserError, f"off for {order.name}: serial"):
                    order.backflush = False
                self.assertTrue(order.backflush)
                self._post(order, "L2", "L3")
                self.assertEqual(order.state, "done")

    def test_rest_as_backorder_is_switched_off(self):
        """What was posted in parts is closed; Odoo alone completes the rest."""
        for product, bom in ((self.lamp, self.lamp_bom), (self.chair, self.stool_bom)):
            with self.subTest(product.name):
                order = self._create_order(product, 3, bom=bom)
                self._post(order, "L1")
                result = self._post(order, "L2", remainder="backorder")
                rest = order.browse(result["backorder"]["id"])
                rest.backflush = False
                if product.tracking == "serial":
                    rest.lot_producing_ids = self._create_lot(product, "L3")
                rest.set_qty_producing()
                rest.button_mark_done()
                self.assertRecordValues(rest, [{"state": "done", "qty_produced": 1}])

    def test_consumed_early(self):
        """Nothing is produced yet, but a serial number is consumed."""
        self.lamp_bom.bom_line_ids.backflush_method = "start"
        order = self._create_order(self.lamp, 2)
        order.action_start()
        self.assertConsumed(order, {self.motor: 2})
        with self.assertRaisesRegex(UserError, f"off for {order.name}: serial"):
            order.backflush = False

    def test_no_part_is_posted(self):
        order = self._create_order(self.lamp, 2)
        order.backflush = False
        lots = [self._create_lot(self.lamp, name).id for name in ("L1", "L2")]
        order.lot_producing_ids = [Command.set(lots)]
        order.set_qty_producing()
        order.button_mark_done()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 2}])

    def test_other_parts_are_switched_off(self):
        """Odoo alone completes what has no serial numbers."""
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=3)
        self._post(order, "", remainder="keep")
        order.backflush = False
        order.qty_producing = 3
        order.set_qty_producing()
        order.button_mark_done()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 3}])
        self.assertConsumed(order, {self.board: 6, self.bolt: 12})

    def test_uninstall(self):
        order = self._create_order(self.lamp, 3)
        self._post(order, "L1")
        module = self.env["ir.module.module"].search([("name", "=", "backflush_auto")])
        for uninstall in (
            lambda: uninstall_hook(self.env),
            module.with_user(self.env.ref("base.user_admin")).button_uninstall,
        ):
            with self.assertRaisesRegex(UserError, f"{order.name}: serial"):
                with self.cr.savepoint():
                    uninstall()
        self.assertEqual(module.state, "installed")
        result = self._post(order, "L2", remainder="backorder")
        uninstall_hook(self.env)
        rest = order.browse(result["backorder"]["id"])
        self.assertFalse(rest.backflush)
        rest.lot_producing_ids = self._create_lot(self.lamp, "L3")
        rest.set_qty_producing()
        rest.button_mark_done()
        self.assertEqual(rest.state, "done")


@tagged("post_install", "-at_install")
class TestWholePieces(SerialCase):
    """A serial number is one piece, and never half of one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        centre = cls.env["mrp.workcenter"].create({"name": "Bench"})
        for bom in cls.lamp_bom | cls.stool_bom:
            bom.operation_ids = [
                Command.create({"name": "Mount", "workcenter_id": centre.id})
            ]
            bom.bom_line_ids.write(
                {"operation_id": bom.operation_ids.id, "backflush_method": "operation"}
            )

    def setUp(self):
        super().setUp()
        self.lamps = self._create_order(self.lamp, 2)
        self.stools = self._create_order(self.chair, 2, bom=self.stool_bom)
        self.messages = {
            self.lamps: "quantity: 0.50 Units of Lamp on .*whole pieces",
            self.stools: "Motor: 0.50 Units",
        }

    def assertRefused(self, report):
        for order, message in self.messages.items():
            order = order.with_user(self.worker)
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                report(order)
            self.assertFalse(order.backflush_ids)

    def test_program(self):
        self.assertRefused(lambda order: order.backflush_preview(quantity=0.5))
        self.assertRefused(lambda order: order.backflush_post(quantity=0.5))
        self.assertRefused(
            lambda order: order.backflush_post(
                quantity=0.5, workorder_id=order.workorder_ids.id
            )
        )

    def test_batch(self):
        reports = [{"production_id": o.id, "quantity": 0.5} for o in self.messages]
        results = self.lamps.backflush_post_batch(reports)
        for result, message in zip(results, self.messages.values(), strict=True):
            self.assertRegex(result["error"]["message"], message)
            self.assertEqual(result["error"]["field"], "quantity")

    def test_dialog(self):
        def report(order):
            action = order.action_backflush_report()
            form = Form.from_action(self.env(user=self.worker), action)
            form.quantity = 0.5
            form.save().action_post()

        self.assertRefused(report)

    def test_form(self):
        def report(order):
            if order.product_tracking == "serial":
                order.lot_producing_ids = self._create_lot(self.lamp, "L1")
            order.qty_producing = 0.5
            order.with_context(skip_backorder=True).button_mark_done()

        self.assertRefused(report)

    def test_work_order(self):
        def report(order):
            order.workorder_ids.qty_produced = 0.5
            order.workorder_ids.button_finish()

        self.assertRefused(report)

    def test_split(self):
        message = "quantity: 1.50 Units of Lamp on"
        order = self._create_order(self.lamp, 3)
        with self.assertRaisesRegex(UserError, message):
            order._split_productions({order: [1.5, 1.5]})

    def test_entries(self):
        lot = {"name": "M0"}
        for entry, message in (
            ({"lots": [{**lot, "quantity": 0.5}]}, "Motor: a serial number is one"),
            ({"lots": [{**lot, "quantity": 2}]}, "Motor: a serial number is one"),
            ({"quantity": 0.5, "lots": [lot]}, "Motor: the lots do not add up"),
            ({"quantity": 1.5}, "quantity: 1.50 Units of Motor: "),
        ):
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self.stools.backflush_post(
                    components=[{"product_id": self.motor.id, **entry}]
                )

    def test_whole_pieces_of_a_fraction(self):
        """A motor for two stools: rounded to whole ones, each part can be posted."""
        line = self.stool_bom.bom_line_ids
        line.product_qty = 0.5
        order = self._create_order(self.chair, 2, bom=self.stool_bom)
        with self.assertRaisesRegex(UserError, "Motor: 0.50 Units"):
            order.backflush_post(quantity=1)
        line.write({"backflush_rounding": 1, "backflush_rounding_method": "up"})
        order = self._create_order(self.chair, 2, bom=self.stool_bom)
        for _part in range(2):
            order.backflush_post(quantity=1)
        self.assertConsumed(order, {self.motor: 1})
