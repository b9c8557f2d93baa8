from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.backflush_auto.context import with_private
from odoo.addons.backflush_auto.tests.common import BackflushCase

FIELDS = ("expected_qty", "consumed_qty", "variance_qty")


class VarianceCase(BackflushCase):
    """Chairs, and what was consumed of boards and bolts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids
        cls.bolt.standard_price = 0.5
        cls._add_stock(cls.board, 100)
        cls._add_stock(cls.bolt, 1000)
        cls.variance = cls.env["mrp.backflush.variance"].with_user(cls.worker)
        # What other tests have committed.
        cls.known = cls.variance.search([])

    def _produce_with(self, product, consumed, quantity=10):
        """Produce, and enter what a component really took."""
        order = self._create_order(quantity=quantity)
        with Form(order) as form:
            form.qty_producing = quantity
        self._component(order, product).quantity = consumed
        self._produce(order)
        return order

    def _find(self, *domain):
        return self.variance.search(list(domain)) - self.known

    def assertVariance(self, row, expected, consumed):
        for name, value in zip(
            FIELDS, (expected, consumed, consumed - expected), strict=True
        ):
            self.assertAlmostEqual(row[name], value, msg=name)


@tagged("post_install", "-at_install")
class TestVariance(VarianceCase):
    @freeze_time("2026-03-02 13:20:00")
    def test_one_row_a_component(self):
        order = self._produce_with(self.bolt, 43)
        rows = self._find(("production_id", "=", order.id))
        self.assertEqual(rows.component_id, self.board + self.bolt)
        row = rows.filtered(lambda it: it.component_id == self.bolt)
        self.assertVariance(row, 40, 43)
        self.assertRecordValues(
            row,
            [
                {
                    "backflush_id": order.backflush_ids.id,
                    "date": fields.Datetime.now(),
                    "company_id": self.env.company.id,
                    "product_id": self.chair.id,
                    "bom_id": self.bom.id,
                    "bom_line_id": self.bolt_line.id,
                    "location_id": self.stock_location.id,
                    "user_id": False,
                    "trigger": "completion",
                    "deferred_qty": 0.0,
                    "currency_id": self.env.company.currency_id.id,
                    "product_uom_id": self.unit.id,
                    "workcenter_id": False,
                }
            ],
        )
        self.assertAlmostEqual(row.variance_value, 1.5)
        self.env.invalidate_all()
        self.assertEqual(row.with_context(tz="Asia/Tokyo").hour, 22)
        self.assertEqual(self._find(("variance_qty", ">", 0)), row)

    def test_line_in_another_unit(self):
        self.bolt_line.write({"product_qty": 1, "product_uom_id": self.dozen.id})
        self._produce_with(self.bolt, 11)
        self.assertVariance(self._find(("component_id", "=", self.bolt.id)), 120, 132)

    def test_kit_and_byproduct(self):
        rest = self._create_product("Rest")
        self.bom.byproduct_ids = [
            Command.create({"product_id": rest.id, "product_qty": 1})
        ]
        screws = self._create_product("Screw set")
        kit = self._create_bom(screws, [(self.bolt, 6)], type="phantom")
        self.bolt_line.product_id = screws
        self._produce(self._create_order(quantity=2))
        rows = self._find()
        self.assertEqual(rows.component_id, self.board + self.bolt)
        row = rows.filtered(lambda it: it.component_id == self.bolt)
        self.assertVariance(row, 48, 48)
        self.assertEqual((row.bom_id, row.bom_line_id), (self.bom, kit.bom_line_ids))
        for bom in self.bom, kit:
            action = bom.with_user(self.worker).action_view_backflush_variance()
            self.assertIn(row, self._find(*action["domain"]))

    def test_work_center(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        operation = self.env["mrp.routing.workcenter"].create(
            {"name": "Assemble", "bom_id": self.bom.id, "workcenter_id": center.id}
        )
        self.bolt_line.write(
            {"operation_id": operation.id, "backflush_method": "operation"}
        )
        order = self._create_order(quantity=3)
        order.workorder_ids.button_start()
        order.workorder_ids.button_finish()
        action = center.with_user(self.worker).action_view_backflush_variance()
        row = self._find(*action["domain"])
        self.assertEqual((row.component_id, row.operation_id), (self.bolt, operation))
        self.assertEqual(row.trigger, "operation")

    def test_what_comes_back_counts_against(self):
        """A component of a reversal moves from production back to stock."""
        order = self._produce_with(self.bolt, 43)
        taken = self._component(order, self.bolt)
        back = self.env["stock.move"].create(
            {
                "product_id": self.bolt.id,
                "product_uom_qty": 43,
                "location_id": taken.location_dest_id.id,
                "location_dest_id": taken.location_id.id,
                "origin_returned_move_id": taken.id,
            }
        )
        back._action_confirm()
        back.quantity = 43
        back.picked = True
        back._action_done()
        for recorded in -40, 40:
            with_private(back, record=True).write(
                {
                    "backflush_id": order.backflush_ids.id,
                    "backflush_expected_qty": recorded,
                }
            )
            rows = self._find(("bom_line_id", "=", self.bolt_line.id))
            self.assertEqual(rows.location_id, self.stock_location)
            self.assertAlmostEqual(sum(rows.mapped("expected_qty")), 0)
            self.assertAlmostEqual(sum(rows.mapped("consumed_qty")), 0)
            self.assertAlmostEqual(sum(rows.mapped("variance_value")), 0)

    def test_correction(self):
        """Of ten that were four, only the four count."""
        order = self._create_order(quantity=10)
        order.backflush_post()
        posting = order.backflush_ids
        posting.backflush_correct(quantity=4)
        rows = self._find(("component_id", "=", self.bolt.id))
        self.assertEqual(set(rows.mapped("trigger")), {"completion", "reversal"})
        self.assertAlmostEqual(sum(rows.mapped("expected_qty")), 16)
        self.assertAlmostEqual(sum(rows.mapped("consumed_qty")), 16)
        self.assertEqual(rows.bom_line_id, self.bolt_line)
        self.assertEqual(rows.location_id, self.stock_location)

    def test_manual_component_that_nobody_recorded(self):
        self.bolt_line.backflush_method = "manual"
        self._produce(self._create_order(quantity=2))
        row = self._find(("component_id", "=", self.bolt.id))
        self.assertVariance(row, 8, 0)
        self.assertAlmostEqual(row.variance_value, -4)

    def test_grouped(self):
        with freeze_time("2026-01-10 10:00:00"):
            self._produce_with(self.bolt, 42)
        with freeze_time("2026-02-10 10:00:00"):
            self._produce_with(self.bolt, 39)
        groups = self.variance._read_group(
            [("component_id", "=", self.bolt.id)],
            ["component_id", "date:month"],
            ["variance_qty:sum", "expected_qty:sum"],
        )
        figures = [(month.month, *sums) for _component, month, *sums in groups]
        self.assertEqual(figures, [(1, 2, 40), (2, -1, 40)])

    def test_favourites(self):
        with freeze_time("2026-03-02 10:00:00"):
            self._produce_with(self.bolt, 42)
        for days, found in (2, True), (9, False):
            today = fields.Datetime.to_datetime("2026-03-02 12:00:00")
            with freeze_time(today + timedelta(days=days)):
                saved = self.env.ref("backflush_auto_accuracy.filter_variance_week")
                rows = self._find(*saved._get_eval_domain())
                self.assertEqual(bool(rows), found)

    def test_value_of_the_move(self):
        if "value" not in self.env["stock.move"]._fields:
            self.skipTest("stock_account is not installed")
        order = self._produce_with(self.bolt, 43)
        self._component(order, self.bolt).sudo().value = 86
        self.bolt.standard_price = 9
        row = self._find(("component_id", "=", self.bolt.id))
        self.assertAlmostEqual(row.variance_value, 6)

    def test_rights(self):
        self._produce_with(self.bolt, 43)
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.variance.with_user(outsider).search([])
        with self.assertRaises(AccessError):
            self._find().unlink()

    def test_other_company(self):
        self._produce_with(self.bolt, 43)
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="mrp.group_mrp_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.variance.with_user(stranger).search([]))

    def test_opened_from_component(self):
        self._produce_with(self.bolt, 43)
        row = self._find(("component_id", "=", self.bolt.id))
        for record in self.bolt, self.bolt.product_tmpl_id:
            action = record.with_user(self.worker).action_view_backflush_variance()
            self.assertEqual(self._find(*action["domain"]), row)
        self.assertEqual(row.action_open_production()["res_id"], row.production_id.id)
