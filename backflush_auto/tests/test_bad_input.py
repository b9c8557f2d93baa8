import re
from math import inf, nan

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..context import with_private
from .common import BackflushCase

# What JSON and XML-RPC can carry, and nobody can calculate with.
NUMBERS = (nan, inf, -inf, 1e308, -1e308, 1e13)


@tagged("post_install", "-at_install")
class TestNumbers(BackflushCase):
    """Numbers that are none are refused wherever they are written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.order = cls._create_order(cls, quantity=10)
        cls.report = cls._open(cls)

    def _open(self):
        action = self.order.action_backflush_report()
        return Form.from_action(self.env(user=self.worker), action).save()

    def _get_records(self):
        """A record of each model with numbers of ours that a user can write."""
        yield self.bom.bom_line_ids[0]
        yield self.order
        yield self.order.move_raw_ids[0]
        yield self.report
        yield self.report.component_ids[0]
        yield self.env["mrp.backflush.report.order"].create(
            {"report_id": self.report.id, "production_id": self.order.id}
        )

    def _get_names(self, record):
        for name, field in record._fields.items():
            module = field._modules and field._modules[0]
            is_ours = name.startswith("backflush_") or record._name.startswith(
                "mrp.backflush"
            )
            if field.type == "float" and is_ours:
                assert module.startswith("backflush_auto"), name
                yield name

    def test_written(self):
        for record in self._get_records():
            record = record.sudo()
            for name in self._get_names(record):
                for number in NUMBERS:
                    field = record._fields[name]
                    if abs(number) < (field.maximum if field.store else 1e30):
                        continue
                    message = f"{name}.*{re.escape(str(number))}"
                    with (
                        self.subTest(model=record._name, field=name, number=number),
                        self.assertRaisesRegex(ValidationError, message),
                    ):
                        with_private(record, record=True).write({name: number})
        self.assertEqual(self.order.backflush_preview()["max_quantity"], 250)

    def test_created(self):
        line = {"product_id": self.board.id, "product_qty": 1}
        for name in ("backflush_scrap", "backflush_rounding"):
            for number in NUMBERS:
                with self.assertRaisesRegex(ValidationError, name):
                    self.bom.bom_line_ids = [Command.create({**line, name: number})]
                with self.assertRaisesRegex(ValidationError, name):
                    self.order.move_raw_ids = [
                        Command.create(
                            {
                                "product_id": self.board.id,
                                "product_uom_qty": 1,
                                name: number,
                            }
                        )
                    ]
        with self.assertRaisesRegex(ValidationError, "quantity"):
            self.env["mrp.backflush.report"].create(
                {"production_ids": self.order.ids, "quantity": nan}
            )

    def test_typed(self):
        """An onchange is refused like a write."""
        report = self.env["mrp.backflush.report"].with_user(self.worker)
        values = {"production_ids": [Command.set(self.order.ids)], "quantity": nan}
        with self.assertRaisesRegex(ValidationError, "quantity"):
            report.onchange(values, ["quantity"], {"quantity": {}, "summary": {}})

    def test_large_numbers_are_calculated_with(self):
        """The largest that can be written: the answer to any question is a number."""
        move = self.order.move_raw_ids[0]
        move.write({"backflush_ratio": 1e12, "backflush_scrap": 1e12})
        for quantity in (0, 1, 1e12):
            preview = self.order.backflush_preview(quantity)
            self.assertGreater(preview["components"][0]["shortage"], 1e20)
        self._open()
        with self.assertRaisesRegex(UserError, "Board: .* needed"):
            self.order.backflush_post()
        move.write({"backflush_ratio": 1e-12, "backflush_scrap": 0})
        self.assertEqual(self.order.backflush_preview()["components"][0]["expected"], 0)


@tagged("post_install", "-at_install")
class TestCalls(BackflushCase):
    """Methods called on none or on several records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.bom.bom_line_ids[0].backflush_method = "start"

    METHODS = {
        "mrp.production": (
            "action_backflush_report",
            "action_view_backflushes",
            "action_start",
            "action_assign",
            "backflush_preview",
            "backflush_post",
            "button_mark_done",
        ),
        "mrp.workorder": ("button_start", "button_finish"),
        "mrp.bom": (
            "action_backflush_on",
            "action_backflush_off",
        ),
        "mrp.backflush.report": (
            "action_generate_serials",
            "action_post",
            "action_post_anyway",
        ),
        "mrp.production.backorder": ("action_backflush_keep_open", "action_backorder"),
    }

    def _call(self, records, name):
        try:
            return getattr(records, name)()
        except UserError as refusal:
            self.assertNotIn("singleton", str(refusal))
            return refusal

    def test_on_none(self):
        for model, names in self.METHODS.items():
            for name in names:
                with self.subTest(model=model, method=name):
                    self._call(self.env[model], name)

    def test_on_two(self):
        manager = new_test_user(self.env, "boss", groups="mrp.group_mrp_manager")
        second = self._create_bom(self._create_product("Table"), [(self.board, 0)])
        orders = self._create_order(quantity=2) | self._create_order(quantity=3)
        reports = self.env["mrp.backflush.report"].with_user(self.worker)
        for order in orders:
            reports |= reports.create({"production_ids": order.ids})
        records = {
            "mrp.production": orders,
            "mrp.bom": (self.bom | second).with_user(manager),
            "mrp.backflush.report": reports,
        }
        for model, called in records.items():
            for name in self.METHODS[model]:
                with self.subTest(model=model, method=name):
                    self._call(called, name)

    def test_several_orders_are_started(self):
        orders = self._create_order(quantity=2) | self._create_order(quantity=3)
        self.assertIs(orders.action_start(), True)
        self.assertEqual(orders.mapped("state"), ["progress"] * 2)
        for order in orders:
            self.assertConsumed(
                order, {self.board: 2 * order.product_qty, self.bolt: 0}
            )

    def test_dialogs_of_others(self):
        """Nobody reads or posts what another has entered."""
        other = new_test_user(
            self.env, "other_worker", groups=self._get_worker_groups()
        )
        order = self._create_order(quantity=2)
        report = self.env["mrp.backflush.report"].with_user(self.worker)
        report = report.create({"production_ids": order.ids})
        for record in (report, report.component_ids[0]):
            record = record.with_user(other)
            self.env.invalidate_all()
            with self.assertRaises(AccessError):
                record.read(["display_name"])
        with self.assertRaises(AccessError):
            report.with_user(other).action_post()
        with self.assertRaises(AccessError):
            report.component_ids.with_user(other).create(
                {"report_id": report.id, "move_id": order.move_raw_ids[0].id}
            )
