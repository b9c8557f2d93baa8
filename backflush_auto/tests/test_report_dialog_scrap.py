from lxml import etree

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .test_report_dialog import ReportDialogCase
from .test_scrap import ScrapCase


class ScrapDialogCase(ReportDialogCase, ScrapCase):
    """Chairs of which some fail, reported in the dialog."""

    def _damage(self, form, product, quantity, **values):
        with form.damage_ids.new() as line:
            line.product_id = product
            line.quantity = quantity
            for name, value in values.items():
                setattr(line, name, value)

    def _get_told(self, form):
        """What the dialog says leaves of each component."""
        return dict(self._shown(form.component_ids, "product_id", "entered_qty"))


@tagged("post_install", "-at_install")
class TestReportDialogScrap(ScrapDialogCase):
    """A worker reports good and scrapped units side by side."""

    def test_good_and_scrapped(self):
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.scrapped_qty = 10
        self.assertEqual(form.quantity, 90)
        self.assertFalse(form.has_remainder)
        form.scrap_reason_id = self.dent
        told = self._get_told(form)
        self._post(form)
        self.assertRecordValues(
            order,
            [{"state": "done", "qty_produced": 90, "backflush_scrapped_qty": 10}],
        )
        self.assertEqual(order.scrap_ids.scrap_reason_tag_ids, self.dent)
        self.assertEqual(told, {self.board: 200, self.bolt: 400})
        self.assertConsumed(order, told)

    def test_what_is_proposed(self):
        """What failed is not good, unless a person says how much was good."""
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.scrapped_qty = 10
        self.assertEqual(form.quantity, 90)
        form.quantity = 40
        form.scrapped_qty = 20
        self.assertEqual(form.quantity, 40)
        self.assertTrue(form.has_remainder)
        self.assertIn("0 of 100 Units posted, 80 remain", form.summary)
        self.assertEqual(form.coverage, "stock covers it all")
        self._post(form)
        form = self._open(order)
        self.assertEqual(form.quantity, 40)
        self.assertIn("40 of 100 Units posted, 20 scrapped, 40 remain", form.summary)

    def test_entered_on_the_order(self):
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 70
        form = self._open(order)
        form.scrapped_qty = 5
        self.assertEqual(form.quantity, 70)

    def test_made_up_for(self):
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.scrapped_qty = 10
        form.make_up = True
        self.assertEqual(form.quantity, 90)
        self.assertTrue(form.has_remainder)
        self._post(form)
        self.assertRecordValues(order, [{"state": "progress", "qty_produced": 90}])
        self.assertEqual(order._get_backflush_remaining(), 10)

    def test_nothing_good(self):
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.scrapped_qty = 4
        form.quantity = 0
        self.assertFalse(form.has_remainder)
        self.assertEqual(self._get_told(form), {self.board: 8, self.bolt: 16})
        self._post(form)
        self.assertConsumed(order, {self.board: 8, self.bolt: 16})
        form = self._open(order)
        form.quantity = 0
        with self.assertRaisesRegex(UserError, "Enter the quantity"):
            self._post(form)
        form.scrapped_qty = 6
        self._post(form)
        self.assertEqual(order.state, "done")

    def test_at_a_work_order(self):
        self._add_operations()
        order = self._create_order(quantity=10)
        form = self._open(order)
        self.assertTrue(form.has_operations)
        form.scrapped_qty = 2
        form.scrap_workorder_id = order.workorder_ids[1]
        told = self._get_told(form)
        self.assertEqual(told, {self.board: 20, self.bolt: 40, self.paint: 8})
        self._post(form)
        self.assertEqual(order.scrap_ids.workorder_id, order.workorder_ids[1])
        self.assertConsumed(order, told)

    def _open_at(self, workorder):
        """Click *Report Scrap* on a work order."""
        action = workorder.with_user(self.worker).action_backflush_scrap()
        return Form.from_action(self.env(user=self.worker), action)

    def test_from_a_work_order(self):
        """What is consumed there leaves; the rest with the order's own report."""
        self._add_operations()
        self.bom.bom_line_ids[:2].backflush_method = "operation"
        order = self._create_order(quantity=10)
        workorder = order.workorder_ids[1]
        form = self._open_at(workorder)
        self.assertEqual((form.quantity, form.scrapped_qty), (0, 0))
        form.scrapped_qty = 2
        form.scrap_reason_id = self.dent
        self.assertEqual(form.quantity, 0)
        told = self._get_told(form)
        self.assertEqual(told, {self.board: 4, self.bolt: 8})
        self._post(form)
        self.assertRecordValues(
            order.backflush_ids,
            [{"trigger": "operation", "workorder_id": workorder.id, "scrapped_qty": 2}],
        )
        self.assertEqual(order.scrap_ids.workorder_id, workorder)
        self.assertConsumed(order, told)
        self.assertEqual(order._get_backflush_remaining(), 8)
        self.assertEqual((workorder.qty_produced, workorder.qty_remaining), (0, 8))
        order.backflush_post()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40, self.paint: 8})

    def test_good_and_scrapped_at_a_work_order(self):
        self._add_operations()
        self.bom.bom_line_ids.backflush_method = "operation"
        order = self._create_order(quantity=10)
        cut, glue, _paint = order.workorder_ids
        form = self._open_at(cut)
        form.quantity = 6
        form.scrapped_qty = 1
        self.assertIn("0 of 10 Units posted, 9 remain", form.summary)
        self.assertFalse(form.has_remainder)
        told = self._get_told(form)
        values = {"scrap": [self._scrap(1)], "workorder_id": cut.id}
        covered = self._on_hand(self.board) / 2 - 1
        preview = order.backflush_preview(6, **values)
        self._post(form)
        self.assertEqual(told, {self.board: 14})
        self.assertEqual([c["expected"] for c in preview["components"]], [14])
        self.assertEqual(preview["max_quantity"], covered)
        self.assertConsumed(order, told)
        self.assertEqual((cut.qty_produced, cut.qty_remaining), (6, 3))
        self.assertEqual(order.qty_produced, 0)
        form = self._open_at(glue)
        form.quantity = 6
        self.assertEqual(self._get_told(form), {self.board: 0, self.bolt: 24})

    def test_entered_at_a_work_order(self):
        self._add_operations()
        self.bom.bom_line_ids.backflush_method = "operation"
        self.bom.consumption = "strict"
        order = self._create_order(quantity=10)
        form = self._open_at(order.workorder_ids[0])
        form.scrapped_qty = 2
        self.assertFalse(form.beyond)
        self._enter(form, 0, 5)
        self.assertIn("Board: 5.00 Units instead of 4.00", form.beyond)
        with self.assertRaisesRegex(UserError, "5.00 Units instead of 4.00"):
            self._post(form)

    def test_short_at_a_work_order(self):
        self._add_operations()
        self.bom.bom_line_ids.backflush_method = "operation"
        self._add_stock(self.board, 11 - self._on_hand(self.board))
        order = self._create_order(quantity=10)
        form = self._open_at(order.workorder_ids[0])
        form.scrapped_qty = 6
        self.assertIn("the posting will be refused", form.warning)
        form.scrapped_qty = 2
        self.assertIn("at most 3", form.coverage)

    def test_not_from_a_work_order_that_is_done(self):
        self._add_operations()
        order = self._create_order(quantity=10)
        cut = order.workorder_ids[0]
        order.backflush_post(workorder_id=cut.id)
        self.assertEqual(cut.state, "done")
        with self.assertRaisesRegex(UserError, "cannot be reported on"):
            self._open_at(cut)

    def test_all_of_it_failed_at_a_work_order(self):
        """What is consumed at completion leaves once the order is closed."""
        self._add_operations()
        order = self._create_order(quantity=10)
        form = self._open_at(order.workorder_ids[1])
        form.scrapped_qty = 10
        self._post(form)
        self.assertEqual(order._get_backflush_remaining(), 0)
        self.assertConsumed(order, {self.board: 0, self.bolt: 0})
        form = self._open(order)
        self.assertEqual(form.quantity, 0)
        self.assertIs(order.button_mark_done(), True)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 0}])
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.chair), 0)

    def test_beside_the_branch(self):
        """What is consumed on another branch is not consumed for what failed."""
        self._add_operations()
        self.bom.allow_operation_dependencies = True
        cut, glue, paint = self.bom.operation_ids
        paint.blocked_by_operation_ids = cut | glue
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.scrapped_qty = 2
        form.scrap_workorder_id = order.workorder_ids[1]
        told = self._get_told(form)
        self.assertEqual(told, {self.board: 16, self.bolt: 40, self.paint: 8})
        self._post(form)
        self.assertConsumed(order, told)

    def test_wrong_quantities(self):
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.scrapped_qty = -1
        self.assertIn("cannot be negative", form.warning)
        form.scrapped_qty = 1
        self.assertFalse(form.warning)
        self.chair.tracking = "serial"
        form = self._open(order)
        form.scrapped_qty = 0.5
        self.assertIn("whole pieces", form.warning)

    def test_new_reason(self):
        """Only a manager makes one."""
        manager = new_test_user(
            self.env, "backflush_manager", groups="mrp.group_mrp_manager"
        )
        for user, creates in ((self.worker, 0), (manager, 1)):
            arch = self.env["mrp.backflush.report"].with_user(user).get_view()["arch"]
            fields = etree.fromstring(arch).iter("field")
            reasons = [field for field in fields if "reason_id" in field.get("name")]
            options = [f.get("options") for f in reasons if f.get("options")]
            self.assertEqual(len(options), 3)
            for option in options:
                self.assertIn(("no_create'", "no_create_edit'")[creates], option)

    # --- Damaged components ---

    def test_damaged(self):
        order = self._create_order(quantity=10)
        before = self._on_hand(self.board)
        form = self._open(order)
        self._damage(form, self.board, 3, reason_id=self.dent)
        self.assertEqual(self._shown(form.damage_ids, "short_qty"), [(0,)])
        self.assertEqual(self._get_told(form), {self.board: 20, self.bolt: 40})
        self._post(form)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(before - self._on_hand(self.board), 23)
        self.assertRecordValues(
            order.scrap_ids,
            [
                {
                    "product_id": self.board.id,
                    "scrap_qty": 3,
                    "scrap_reason_tag_ids": self.dent.ids,
                    "backflush_id": order.backflush_ids.id,
                }
            ],
        )

    def test_damaged_and_nothing_else(self):
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.quantity = 0
        self._damage(form, self.board, 3)
        self._post(form)
        self.assertConsumed(order, {self.board: 0, self.bolt: 0})
        self.assertEqual(order.scrap_ids.scrap_qty, 3)

    def test_damaged_is_short(self):
        self._add_stock(self.board, 22 - self._on_hand(self.board))
        order = self._create_order(quantity=10)
        form = self._open(order)
        self._damage(form, self.board, 5)
        self.assertEqual(self._shown(form.damage_ids, "short_qty"), [(3,)])
        self.assertIn("the posting will be refused", form.warning)
        self.assertIn("at most 8", form.coverage)
        with self.assertRaisesRegex(UserError, "Board"):
            self._post(form)
        form = self._open(order)
        self._damage(form, self.board, 2)
        self.assertFalse(form.warning)
        self._post(form)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_damaged_and_entered(self):
        """What was entered of the component is consumed, and damage comes on top."""
        self._add_stock(self.board, 25 - self._on_hand(self.board))
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 23
        form = self._open(order)
        self._damage(form, self.board, 3)
        self.assertEqual(self._shown(form.damage_ids, "short_qty"), [(1,)])
        damage = {"product_id": self.board.id, "quantity": 3}
        preview = order.backflush_preview(damaged=[damage])
        self.assertEqual(preview["components"][0]["shortage"], 1)
        self.assertEqual(preview["damaged"][0]["shortage"], 1)
        with form.damage_ids.edit(0) as line:
            line.quantity = 2
        self._post(form)
        self.assertConsumed(order, {self.board: 23, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)

    def test_damaged_lot(self):
        paint = self._create_product("Varnish", tracking="lot")
        self.bom.bom_line_ids = [
            Command.create({"product_id": paint.id, "product_qty": 1})
        ]
        first = self._create_lot(paint, "P1", 10)
        second = self._create_lot(paint, "P2", 10)
        order = self._create_order(quantity=10)
        form = self._open(order)
        self._damage(form, paint, 3, lot_id=second)
        self.assertEqual(self._shown(form.component_ids, "lots")[2], ("P1 (10)",))
        self.assertEqual(self._shown(form.damage_ids, "lots"), [("P2",)])
        self._post(form)
        self.assertEqual(order.scrap_ids.lot_id, second)
        self.assertEqual(self._component(order, paint).move_line_ids.lot_id, first)

    def test_unit_of_what_is_damaged(self):
        self.bom.bom_line_ids[0].product_uom_id = self.dozen
        order = self._create_order(quantity=10)
        form = self._open(order)
        self._damage(form, self.board, 0.5)
        dialog = form.save()
        self.assertEqual(dialog.damage_ids.product_uom_id, self.dozen)
        dialog.action_post()
        self.assertEqual(order.scrap_ids.scrap_qty, 6)

    def test_damaged_of_what_has_left(self):
        """What the order has consumed is not there to be spoilt."""
        self.bom.bom_line_ids[0].backflush_method = "start"
        self._add_stock(self.board, 20 - self._on_hand(self.board))
        order = self._create_order(quantity=10)
        order.action_start()
        form = self._open(order)
        self._damage(form, self.board, 2)
        self.assertEqual(self._shown(form.damage_ids, "short_qty"), [(2,)])
        with self.assertRaisesRegex(UserError, "Board"):
            self._post(form)
        self.assertConsumed(order, {self.board: 20})
        self._add_stock(self.board, 2)
        form = self._open(order)
        self._damage(form, self.board, 2)
        self._post(form)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)

    # --- Beyond the bill of materials ---

    def test_beyond_is_told_live(self):
        self.bom.write({"consumption": "warning", "backflush_over_completion": 10})
        self.bom.bom_line_ids[0].backflush_tolerance_up = 5
        order = self._create_order(quantity=100)
        form = self._open(order)
        self.assertFalse(form.beyond)
        self._enter(form, 0, 210)
        self.assertFalse(form.beyond)
        self._enter(form, 0, 211)
        told = "Board: 211.00 Units instead of 200.00, the limit is 210.00"
        self.assertIn(told, form.beyond)
        self._enter(form, 0, 200)
        self._enter(form, 1, 399)
        self.assertIn("Bolt: 399.00 Units instead of 400.00", form.beyond)
        self._enter(form, 1, 400)
        form.quantity = 111
        told = "Chair: 111.00 Units instead of 100.00, the limit is 110.00"
        self.assertIn(told, form.beyond)
        dialog = form.save()
        dialog.action_post()
        self.assertIn(told, dialog.question)
        self.assertFalse(order.qty_produced)
        dialog.action_post_anyway()
        self.assertEqual((order.state, order.qty_produced), ("done", 111))

    def test_entry_that_no_longer_fits(self):
        """What was entered stays when the quantity changes, and is asked about."""
        self.bom.consumption = "warning"
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.quantity = 50
        self._enter(form, 0, 101)
        form.quantity = 80
        told = "Board: 101.00 Units instead of 160.00"
        self.assertIn(told, form.beyond)
        dialog = form.save()
        dialog.action_post()
        self.assertIn(told, dialog.question)

    def test_beyond_with_scrap(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.scrapped_qty = 10
        self.assertFalse(form.beyond)
        form.quantity = 80
        self._enter(form, 0, 200)
        self.assertIn("Board: 200.00 Units instead of 180.00", form.beyond)
        with self.assertRaisesRegex(UserError, "200.00 Units instead of 180.00"):
            self._post(form)
