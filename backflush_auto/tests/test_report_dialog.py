from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import BackflushCase

CLOSE = {"type": "ir.actions.act_window_close"}


class ReportDialogCase(BackflushCase):
    """Chairs for whose boards stock is scarce."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 110)
        cls._add_stock(cls.bolt, 1000)

    def _open(self, orders):
        """Click Report Production."""
        action = orders.action_backflush_report()
        return Form.from_action(self.env(user=self.worker), action)

    def _post(self, form):
        """Click Post, and again where the dialog asks."""
        report = form.save()
        answer = report.action_post()
        return report.action_post_anyway() if report.question else answer

    def assertPosted(self, action):
        """The dialog closes, and the posting can be corrected."""
        self.assertEqual(action["tag"], "backflush_posted")
        self.assertEqual(action["params"]["next"], CLOSE)

    def _shown(self, lines, *names):
        """What the dialog shows of its lines.

        :param lines: of the form
        :param names: of their fields
        """
        shown = []
        for position in range(len(lines)):
            with lines.edit(position) as line:
                shown.append(tuple(getattr(line, name) for name in names))
        return shown

    def _enter(self, form, position, quantity):
        with form.component_ids.edit(position) as line:
            line.entered_qty = quantity


@tagged("post_install", "-at_install")
class TestReportDialog(ReportDialogCase):
    """A worker reports production of one order."""

    def test_preview_follows_the_quantity(self):
        form = self._open(self._create_order(quantity=100))
        self.assertEqual(form.quantity, 100)
        names = ("product_id", "expected_qty", "free_qty", "short_qty", "entered_qty")
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(self.board, 200, 110, 90, 200), (self.bolt, 400, 1000, 0, 400)],
        )
        self.assertIn("the posting will be refused", form.warning)
        form.quantity = 30
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(self.board, 60, 110, 0, 60), (self.bolt, 120, 1000, 0, 120)],
        )
        self.assertFalse(form.warning)

    def test_question(self):
        """Where the BoM allows it with a warning only, a person is asked, once."""
        for consumption, is_asked in (("flexible", False), ("warning", True)):
            self.bom.consumption = consumption
            order = self._create_order(quantity=10)
            form = self._open(order)
            self._enter(form, 0, 21)
            report = form.save()
            answer = report.action_post()
            self.assertEqual(bool(report.question), is_asked)
            if is_asked:
                self.assertFalse(order.backflush_ids)
                self.assertEqual(answer["res_id"], report.id)
                self.assertIn("Board: 21.00 Units instead of 20.00", report.question)
                with Form(report) as again:
                    again.quantity = 5
                    self.assertFalse(again.question)
                self.assertTrue(report.action_post())
                answer = report.action_post_anyway()
                self.assertConsumed(order, {self.board: 21, self.bolt: 20})
            self.assertPosted(answer)

    def test_manual_component_is_asked_for(self):
        self.bom.consumption = "warning"
        self.bom.bom_line_ids[1].backflush_method = "manual"
        order = self._create_order(quantity=2)
        report = self._open(order).save()
        report.action_post()
        self.assertIn("Bolt: 0.00 Units instead of 8.00", report.question)
        report.action_post_anyway()
        self.assertEqual(order.state, "done")

    def test_nothing_differs(self):
        self.bom.consumption = "warning"
        order = self._create_order(quantity=2)
        self.assertPosted(self._open(order).save().action_post())
        self.assertEqual(order.state, "done")

    def test_opening_writes_nothing(self):
        order = self._create_order(quantity=100)
        moves = order.move_raw_ids
        before = order.read(load=""), moves.read(load="")
        form = self._open(order)
        form.quantity = 30
        self._enter(form, 0, 61)
        form.save()
        self.env.invalidate_all()
        self.assertEqual((order.read(load=""), moves.read(load="")), before)

    def test_parts_to_the_end(self):
        order = self._create_order(quantity=50)
        form = self._open(order)
        form.quantity = 30
        self.assertTrue(form.has_remainder)
        self.assertPosted(self._post(form))
        self.assertRecordValues(order, [{"state": "progress", "qty_produced": 30}])
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        form = self._open(order)
        self.assertEqual(form.summary, "30 of 50 Units posted, 20 remain;")
        self.assertEqual(form.coverage, "stock covers it all")
        self.assertEqual(form.quantity, 20)
        self.assertFalse(form.has_remainder)
        self._post(form)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 50}])

    def test_stock_covers_a_part(self):
        form = self._open(self._create_order(quantity=100))
        self.assertEqual(form.coverage, "stock covers at most 55")

    def test_quantity_entered_on_the_order(self):
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 30
        self.assertEqual(self._open(order).quantity, 30)

    def test_draft_order(self):
        order = self._create_order(quantity=100, confirm=False)
        form = self._open(order)
        form.quantity = 30
        self._post(form)
        self.assertRecordValues(order, [{"state": "progress", "qty_produced": 30}])

    def test_more_than_planned(self):
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.quantity = 12
        self._post(form)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 12}])

    def test_nothing_entered(self):
        order = self._create_order(quantity=100)
        form = self._open(order)
        for quantity in (0, -5):
            form.quantity = quantity
            with self.assertRaisesRegex(UserError, "Enter the quantity"):
                self._post(form)
        self.assertFalse(order.qty_produced)

    # --- Components ---

    def test_changed_component(self):
        order = self._create_order(quantity=100)
        form = self._open(order)
        form.quantity = 30
        self._enter(form, 0, 70)
        names = ("expected_qty", "entered_qty", "changed")
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(60, 70, True), (120, 120, False)],
        )
        form.quantity = 31
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(62, 70, True), (124, 124, False)],
        )
        dialog = form.save()
        [report] = dialog._prepare_reports()
        self.assertEqual(
            report["components"],
            [{"move_id": self._component(order, self.board).id, "quantity": 70}],
        )
        dialog.action_post()
        self.assertIn("Board: 70.00 Units instead of 62.00", dialog.question)
        dialog.action_post_anyway()
        self.assertConsumed(order, {self.board: 70, self.bolt: 124})
        variance = order.backflush_ids.move_ids.mapped("backflush_variance_qty")
        self.assertEqual(variance, [8, 0])

    def test_change_taken_back(self):
        form = self._open(self._create_order(quantity=10))
        self._enter(form, 0, 25)
        self._enter(form, 0, 20)
        self.assertEqual(
            self._shown(form.component_ids, "changed"), [(False,), (False,)]
        )
        form.quantity = 5
        self.assertEqual(self._shown(form.component_ids, "entered_qty"), [(10,), (20,)])

    def test_change_that_stock_does_not_cover(self):
        order = self._create_order(quantity=50)
        form = self._open(order)
        self.assertEqual(self._shown(form.component_ids, "short_qty"), [(0,), (0,)])
        self._enter(form, 0, 115)
        self.assertEqual(self._shown(form.component_ids, "short_qty"), [(5,), (0,)])
        with self.assertRaisesRegex(UserError, "Board: 115.00 Units needed, 110.00"):
            self._post(form)

    def test_change_that_stock_covers(self):
        order = self._create_order(quantity=60)
        form = self._open(order)
        self.assertEqual(self._shown(form.component_ids, "short_qty"), [(10,), (0,)])
        self._enter(form, 0, 110)
        self.assertFalse(form.warning)
        self._post(form)
        self.assertConsumed(order, {self.board: 110, self.bolt: 240})

    def test_manual_component(self):
        self.bom.bom_line_ids[1].backflush_method = "manual"
        order = self._create_order(quantity=10)
        form = self._open(order)
        names = ("expected_qty", "entered_qty", "changed")
        self.assertEqual(
            self._shown(form.component_ids, *names), [(20, 20, False), (40, 0, False)]
        )
        form.quantity = 5
        self._post(form)
        self.assertConsumed(order, {self.board: 10})
        form = self._open(order)
        self._enter(form, 1, 33)
        self._post(form)
        self.assertConsumed(order, {self.board: 20, self.bolt: 33})

    def test_entered_on_the_order(self):
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 23
        form = self._open(order)
        names = ("expected_qty", "entered_qty", "recorded", "changed")
        self.assertEqual(
            self._shown(form.component_ids, *names),
            [(20, 23, True, False), (40, 40, False, False)],
        )
        self._post(form)
        self.assertConsumed(order, {self.board: 23, self.bolt: 40})

    def test_entered_on_the_order_and_changed(self):
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 23
        form = self._open(order)
        self._enter(form, 0, 21)
        self._post(form)
        self.assertConsumed(order, {self.board: 21, self.bolt: 40})

    def test_own_reservation_is_free(self):
        order = self._create_order(quantity=50)
        order.action_assign()
        form = self._open(order)
        self._enter(form, 0, 110)
        self.assertEqual(
            self._shown(form.component_ids, "free_qty", "short_qty"),
            [(110, 0), (1000, 0)],
        )

    def test_lots_of_a_component(self):
        paint = self._create_product("Paint", tracking="lot")
        self._create_lot(paint, "A", 6)
        self._create_lot(paint, "B", 20)
        self.bom.bom_line_ids = [
            Command.create({"product_id": paint.id, "product_qty": 1})
        ]
        form = self._open(self._create_order(quantity=10))
        self.assertTrue(form.has_lots)
        self.assertEqual(self._shown(form.component_ids, "lots")[2], ("A (6), B (4)",))
        form.quantity = 2.5
        self.assertEqual(self._shown(form.component_ids, "lots")[2], ("A (2.50)",))

    def test_serial_numbers_to_be_chosen(self):
        motor = self._create_product("Motor", tracking="serial")
        for name in ("M1", "M2"):
            self._create_lot(motor, name, 1)
        self.bom.bom_line_ids = [
            Command.create({"product_id": motor.id, "product_qty": 1})
        ]
        order = self._create_order(quantity=2)
        order.do_unreserve()
        names = ("short_qty", "lots")
        form = self._open(order)
        self.assertEqual(
            self._shown(form.component_ids, *names)[2], (2, "2 to be chosen")
        )
        with self.assertRaisesRegex(UserError, "which serial numbers"):
            self._post(form)
        order.action_assign()
        form = self._open(order)
        self.assertEqual(self._shown(form.component_ids, *names)[2], (0, "M1, M2"))

    # --- What remains ---

    def test_backorder(self):
        order = self._create_order(quantity=50)
        form = self._open(order)
        form.quantity = 30
        form.remainder = "backorder"
        action = self._post(form)
        backorder = order.production_group_id.production_ids - order
        self.assertRecordValues(
            order + backorder,
            [
                {"state": "done", "product_qty": 30},
                {"state": "confirmed", "product_qty": 20},
            ],
        )
        self.assertEqual(action["tag"], "backflush_posted")
        self.assertEqual(action["params"]["links"][1]["label"], backorder.name)
        self.assertEqual(action["params"]["next"], CLOSE)

    def test_cancel_the_rest(self):
        order = self._create_order(quantity=50)
        form = self._open(order)
        form.quantity = 30
        form.remainder = "cancel"
        self.assertPosted(self._post(form))
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 30}])
        self.assertEqual(len(order.production_group_id.production_ids), 1)

    # --- Finished lots ---

    def test_finished_lot(self):
        self.chair.tracking = "lot"
        lot = self._create_lot(self.chair, "L1")
        order = self._create_order(quantity=10)
        form = self._open(order)
        form.quantity = 4
        form.lot_id = lot
        self._post(form)
        form = self._open(order)
        self.assertEqual(form.lot_id, lot)
        self._post(form)
        self.assertEqual(lot.product_qty, 10)

    def test_finished_lot_left_empty(self):
        self.chair.tracking = "lot"
        order = self._create_order(quantity=10)
        self._post(self._open(order))
        self.assertEqual(order.lot_producing_ids.product_qty, 10)

    def test_finished_serials(self):
        self.chair.tracking = "serial"
        order = self._create_order(quantity=3)
        form = self._open(order)
        form.quantity = 2
        form.serial_numbers = "S1\n\n S1 \n"
        self.assertEqual(form.serial_count, "1 of 2 serial numbers")
        with self.assertRaisesRegex(UserError, "there are 1 of 2 serial numbers"):
            self._post(form)
        form.first_serial = "S08"
        dialog = form.save()
        action = dialog.action_generate_serials()
        self.assertEqual(action["res_id"], dialog.id)
        form = Form.from_action(self.env(user=self.worker), action)
        self.assertEqual(form.serial_numbers, "S08\nS09")
        self.assertEqual(self._shown(form.component_ids, "entered_qty"), [(4,), (8,)])
        self._post(form)
        self.assertEqual(order.lot_producing_ids.mapped("name"), ["S08", "S09"])
        self.assertRecordValues(order, [{"state": "progress", "qty_produced": 2}])
        latest = self._open(order).first_serial
        self._create_lot(self.chair, latest)
        _latest, following = self.env["stock.lot"].generate_lot_names(latest, 2)
        self.assertEqual(self._open(order).first_serial, following["lot_name"])

    # --- Refusals ---

    def test_shortage_names_all(self):
        self.env["stock.quant"].search([("product_id", "=", self.bolt.id)]).unlink()
        order = self._create_order(quantity=100)
        with self.assertRaises(UserError) as refused:
            self._post(self._open(order))
        self.assertIn("Board: 200.00 Units needed, 110.00 free", str(refused.exception))
        self.assertIn("Bolt: 400.00 Units needed, 0.00 free", str(refused.exception))
        self.assertFalse(order.qty_produced)

    def test_negative_stock(self):
        self.bom.backflush_shortage = "negative"
        order = self._create_order(quantity=100)
        form = self._open(order)
        self.assertIn("goes into negative stock", form.warning)
        self._post(form)
        self.assertEqual(self._on_hand(self.board), -90)

    def test_waits_for_other_postings(self):
        """Only where the request is this very call can it wait and begin anew."""
        dialog = self._open(self._create_order(quantity=10)).save()
        name = "odoo.addons.backflush_auto.reporting.poster.lock_postings"
        with patch(name) as hold:
            dialog.action_post()
        env, entry, products, references, alone = hold.call_args.args
        self.assertEqual(env.uid, self.worker.id)
        self.assertEqual(entry, [f"{dialog._name}.action_post"])
        self.assertEqual(products, self.chair | self.board | self.bolt)
        self.assertFalse(references)
        self.assertFalse(alone)

    def test_posted_twice(self):
        order = self._create_order(quantity=50)
        form = self._open(order)
        form.quantity = 10
        dialog = form.save()
        dialog.action_post()
        with self.assertRaises(UserError) as refused:
            dialog.action_post()
        self.assertIn("posted already", str(refused.exception))
        self.assertEqual(order.qty_produced, 10)

    def test_posted_by_somebody_else(self):
        order = self._create_order(quantity=50)
        dialog = self._open(order).save()
        order.backflush_post()
        self.env.invalidate_all()
        self.assertEqual(dialog.component_ids.mapped("expected_qty"), [0, 0])
        with self.assertRaisesRegex(UserError, "it is Done"):
            dialog.action_post()

    def test_strict_bill_of_materials(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=10)
        form = self._open(order)
        self._enter(form, 0, 25)
        with self.assertRaisesRegex(UserError, "Board: 25.00 Units instead of 20.00"):
            self._post(form)

    def test_orders_that_cannot_be_reported(self):
        done = self._create_order(quantity=1)
        done.button_mark_done()
        stock = self._create_order(quantity=1, backflush=False)
        with self.assertRaisesRegex(UserError, f"done or cancelled.*{done.name}"):
            done.action_backflush_report()
        with self.assertRaisesRegex(UserError, f"not backflushed.*{stock.name}"):
            stock.action_backflush_report()

    def test_only_manufacturing_users(self):
        for model in ("", ".component", ".order"):
            self.assertTrue(
                self.env[f"mrp.backflush.report{model}"]
                .with_user(self.worker)
                .has_access("create")
            )
            self.assertFalse(
                self.env[f"mrp.backflush.report{model}"]
                .with_user(self.env.ref("base.public_user"))
                .has_access("read")
            )


@tagged("post_install", "-at_install")
class TestReportDialogOfSeveral(ReportDialogCase):
    """A worker reports production of several orders at once."""

    def _create_orders(self, *quantities):
        orders = [self._create_order(quantity=quantity) for quantity in quantities]
        return self.env["mrp.production"].with_user(self.worker).union(*orders)

    def test_orders_share_stock(self):
        orders = self._create_orders(40, 30)
        form = self._open(orders)
        names = ("production_id", "remaining_qty", "most_qty", "quantity", "short")
        self.assertEqual(
            self._shown(form.order_ids, *names),
            [(orders[0], 40, 55, 40, ""), (orders[1], 30, 55, 30, "Board")],
        )
        self.assertFalse(form.has_remainder)
        with form.order_ids.edit(0) as line:
            line.quantity = 25
        self.assertTrue(form.has_remainder)
        self.assertEqual(self._shown(form.order_ids, "short"), [("",), ("",)])
        self.assertEqual(self._post(form)["params"]["next"], CLOSE)
        self.assertRecordValues(
            orders,
            [
                {"state": "progress", "qty_produced": 25},
                {"state": "done", "qty_produced": 30},
            ],
        )

    def test_all_or_none(self):
        table = self._create_product("Table")
        leg = self._create_product("Leg")
        self._create_bom(table, [(leg, 4)])
        orders = self._create_orders(40, 30)
        orders |= self._create_order(table, quantity=2)
        orders |= self._create_order(self.chair, quantity=1)
        with self.assertRaises(UserError) as refused:
            self._post(self._open(orders))
        message = str(refused.exception)
        self.assertIn("Board: 142.00 Units needed, 110.00 free", message)
        self.assertIn("Leg: 8.00 Units needed, 0.00 free", message)
        for order in orders[:3]:
            self.assertIn(order.name, message)
        self.assertEqual(orders.mapped("qty_produced"), [0, 0, 0, 0])
        self.assertEqual(self._on_hand(self.board), 110)

    def test_backorders(self):
        orders = self._create_orders(10, 20)
        form = self._open(orders)
        for position in range(2):
            with form.order_ids.edit(position) as line:
                line.quantity = 5
        form.remainder = "backorder"
        action = self._post(form)
        self.assertEqual(orders.mapped("state"), ["done", "done"])
        self.assertEqual(len(action["params"]["links"]), 4)
        message = "2 orders posted: %s, %s; backorder: %s, %s"
        self.assertEqual(action["params"]["message"], message)

    def test_order_taken_from_the_list(self):
        orders = self._create_orders(10, 20)
        form = self._open(orders)
        form.order_ids.remove(0)
        self._post(form)
        self.assertEqual(orders.mapped("state"), ["confirmed", "done"])

    def test_lots(self):
        self.chair.tracking = "lot"
        lot = self._create_lot(self.chair, "L1")
        orders = self._create_orders(10, 20)
        form = self._open(orders)
        with form.order_ids.edit(0) as line:
            line.lot_id = lot
        self._post(form)
        self.assertEqual(lot.product_qty, 10)
        self.assertEqual(orders[1].lot_producing_ids.product_qty, 20)

    def test_without_quantity(self):
        orders = self._create_orders(10, 20)
        form = self._open(orders)
        with form.order_ids.edit(1) as line:
            line.quantity = 0
        with self.assertRaisesRegex(UserError, f"Enter the quantity.*{orders[1].name}"):
            self._post(form)
        self.assertEqual(orders.mapped("qty_produced"), [0, 0])

    def test_refused_for_other_reasons(self):
        """What was closed since the dialog was opened is named."""
        orders = self._create_orders(10, 20, 5)
        dialog = self._open(orders).save()
        orders[0].button_mark_done()
        orders[1].backflush = False
        with self.assertRaises(UserError) as refused:
            dialog.action_post()
        for order in orders[:2]:
            self.assertIn(order.name, str(refused.exception))
        self.assertEqual(orders[2].qty_produced, 0)

    def test_serial_numbers(self):
        orders = self._create_orders(10)
        self.chair.tracking = "serial"
        orders |= self._create_orders(2)
        with self.assertRaisesRegex(UserError, f"one by one.*{orders[1].name}"):
            orders.action_backflush_report()

    def test_from_the_list(self):
        orders = self._create_orders(10, 20)
        server_action = self.env.ref("backflush_auto.mrp_production_report_action")
        action = (
            server_action.with_user(self.worker)
            .with_context(active_model=orders._name, active_ids=orders.ids)
            .run()
        )
        form = Form.from_action(self.env(user=self.worker), action)
        self.assertEqual(
            self._shown(form.order_ids, "production_id"), [(o,) for o in orders]
        )

    def test_other_company(self):
        """Where two companies are active, an order takes its own company's stock."""
        company = self.env["res.company"].create({"name": "Other"})
        self.bom.company_id = False
        self.worker.company_ids |= company
        other = self.env["mrp.production"].with_user(self.worker)
        other = other.with_company(company).create({"product_id": self.chair.id})
        other.action_confirm()
        self.assertEqual(other.company_id, company)
        both = (self.worker.company_id | company).ids
        orders = self._create_orders(10) | other
        orders = orders.with_context(allowed_company_ids=both)
        with self.assertRaisesRegex(UserError, "several companies.*Other"):
            orders.action_backflush_report()
        action = orders[1].action_backflush_report()
        env = self.env(user=self.worker, context=orders.env.context)
        form = Form.from_action(env, action)
        self.assertEqual(self._shown(form.component_ids, "short_qty"), [(2,), (4,)])
        self._add_stock(self.board, 2, other.location_src_id)
        self._add_stock(self.bolt, 4, other.location_src_id)
        self._post(form)
        self.assertEqual(other.state, "done")
        self.assertEqual(self._on_hand(self.board), 110)
