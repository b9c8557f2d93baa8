from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .test_deferral import DeferralCase


class LeashCase(DeferralCase):
    """Chairs of 2 boards whose stock may go below zero, but not too far or too long."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.backflush_shortage = "negative"

    def _report(self, quantity=10, **values):
        order = self._create_order(quantity=quantity)
        return order, order.backflush_post(quantity, **values)

    def _get_board(self, result):
        [board] = [c for c in result["components"] if c["product"] == "Board"]
        names = ("expected", "consumed", "deferred", "variance")
        return [board[name] for name in names]

    def _get_records(self):
        records = self.env["mrp.backflush.negative"]
        return records.search([("product_id", "=", self.board.id)])


class TestLimit(LeashCase):
    def test_what_goes_beyond_is_owed(self):
        self.board.backflush_negative_limit = 15
        self._add_stock(self.board, 3)
        order, result = self._report()
        self.assertEqual(self._get_board(result), [20, 18, 2, 0])
        self.assertEqual(self._on_hand(self.board), -15)
        debt = self._get_debts(order)
        self.assertRecordValues(debt, [{"quantity": 2, "cause": "short"}])
        self.assertEqual(self._get_board(self._report(5)[1]), [10, 0, 10, 0])
        self._receive(self.board, 10)
        self.assertEqual((self._on_hand(self.board), debt.quantity), (-5, 2))
        self.assertEqual(self._get_board(self._report(10)[1]), [20, 10, 10, 0])
        self._receive(self.board, 16)
        self.assertEqual((self._on_hand(self.board), debt.state), (0, "waiting"))
        self._receive(self.board, 30)
        self.assertEqual((self._on_hand(self.board), debt.state), (9, "done"))

    def test_within_the_limit(self):
        self.board.backflush_negative_limit = 20
        order, result = self._report()
        self.assertEqual(self._get_board(result), [20, 20, 0, 0])
        self.assertFalse(self._get_debts(order))
        self.assertEqual(self._on_hand(self.board), -20)

    def test_orders_of_one_posting_share_it(self):
        self.board.backflush_negative_limit = 30
        orders = self._create_order(quantity=10) | self._create_order(quantity=10)
        orders.button_mark_done()
        self.assertEqual(self._on_hand(self.board), -30)
        self.assertEqual(self._get_debts(orders).mapped("quantity"), [10])

    def test_the_category(self):
        outer = self.env["product.category"].create(
            {"name": "Wood", "backflush_negative_limit": 5}
        )
        inner = outer.create({"name": "Boards", "parent_id": outer.id})
        self.board.categ_id = inner
        self.assertEqual(self._get_board(self._report()[1])[2], 15)
        inner.backflush_negative_limit = 7
        self.assertEqual(self._get_board(self._report()[1])[2], 18)
        self.board.backflush_negative_limit = 12
        self.assertEqual(self._get_board(self._report()[1])[2], 15)

    def test_block_and_defer_go_below_nothing(self):
        self.board.backflush_negative_limit = 15
        order = self._create_order(quantity=10)
        order.backflush_shortage = "block"
        with self.assertRaises(UserError):
            order.backflush_post(10)
        order.backflush_shortage = "defer"
        result = order.backflush_post(10)
        self.assertEqual(self._get_board(result), [20, 0, 20, 0])

    def test_preview(self):
        self.board.backflush_negative_limit = 15
        self._add_stock(self.board, 3)
        order = self._create_order(quantity=10)
        for quantity in (10, 4):
            [board, bolt] = order.backflush_preview(quantity)["components"]
            self.assertEqual(board["deferred"], max(0, 2 * quantity - 18))
            self.assertEqual(bolt["deferred"], 0)
        result = order.backflush_post(10)
        self.assertEqual(self._get_board(result)[2], 2)

    def test_the_dialog(self):
        order = self._create_order(quantity=10)
        for limit, is_told in ((0, False), (15, True)):
            self.board.backflush_negative_limit = limit
            action = order.action_backflush_report()
            with Form.from_action(self.env(user=self.worker), action) as form:
                self.assertIn("into negative stock", form.warning)
                self.assertEqual("beyond the limit" in form.warning, is_told)

    def test_a_persons_entry(self):
        self.board.backflush_negative_limit = 15
        entry = {"product_id": self.board.id, "quantity": 24}
        _order, result = self._report(components=[entry])
        self.assertEqual(self._get_board(result), [20, 15, 9, 4])
        self.assertEqual(self._on_hand(self.board), -15)

    def test_what_is_reserved_elsewhere_is_not_there(self):
        self.board.backflush_negative_limit = 15
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        _order, result = self._report()
        self.assertEqual(self._get_board(result)[2], 5)
        self.assertEqual(self._component(other, self.board).quantity, 20)

    def test_damage_is_never_owed(self):
        self.board.backflush_negative_limit = 25
        damaged = [{"product_id": self.board.id, "quantity": 5, "reason": "Broken"}]
        self.env["stock.scrap.reason.tag"].create({"name": "Broken"})
        self._report(damaged=damaged)
        self.assertEqual(self._on_hand(self.board), -25)
        with self.assertRaisesRegex(UserError, "Board"):
            self._report(1, damaged=damaged)

    def test_other_units(self):
        self.bom.bom_line_ids[0].write(
            {"product_qty": 1, "product_uom_id": self.dozen.id}
        )
        self.board.backflush_negative_limit = 30
        order, result = self._report(4)
        self.assertEqual(self._get_board(result), [4, 2.5, 1.5, 0])
        self.assertEqual(self._get_debts(order).product_qty, 18)
        self._receive(self.board, 50)
        self.assertEqual(self._on_hand(self.board), 2)

    def test_limits_are_numbers_from_zero(self):
        for name in ("backflush_negative_limit", "backflush_negative_hours"):
            for model in ("product.template", "product.category"):
                records = self.env[model]
                with self.assertRaises(ValidationError):
                    records.create({"name": "Wood", name: float("nan")})
                with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                    records.create({"name": "Wood", name: -1})

    def test_a_correction_gives_back_what_was_taken(self):
        self.board.backflush_negative_limit = 15
        order, _result = self._report()
        order.backflush_ids.backflush_correct(0, "never")
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertFalse(self._get_debts(order).filtered(lambda d: d.quantity))


class TestHours(LeashCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.backflush_negative_hours = 4
        cls.board.responsible_id = cls.worker

    def _pass_hours(self, hours):
        """Go on when so many hours have passed."""
        time = fields.Datetime.now() + timedelta(hours=hours)
        freezer = freeze_time(time)
        freezer.start()
        self.addCleanup(freezer.stop)

    def _get_activities(self):
        return self.board.activity_ids.filtered("summary")

    def test_negative_for_too_long(self):
        first, result = self._report()
        self.assertEqual(self._get_board(result)[2], 0)
        [record] = self._get_records()
        taken = self._component(first, self.board)
        self.assertEqual((record.move_id, record.quantity), (taken, -20))
        self.assertEqual(self._get_board(self._report()[1])[2], 0)
        self._pass_hours(4)
        order, result = self._report()
        self.assertEqual(self._get_board(result), [20, 0, 20, 0])
        picking = self._receive(self.board, 45)
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(record.cleared_move_id, picking.move_ids)
        names = (record.reference, record.cleared_reference)
        self.assertEqual(names, (first.name, picking.name))
        self.assertEqual(self._get_debts(order).quantity, 15)
        self._receive(self.board, 15)
        self.assertEqual(self._get_board(self._report()[1])[2], 0)
        self.assertEqual(len(self._get_records()), 2)

    def test_an_activity_for_who_is_responsible(self):
        self._report()
        self.env["mrp.backflush.negative"].sudo()._remind()
        self.assertFalse(self._get_activities())
        self._pass_hours(5)
        for _again in range(2):
            self.env["mrp.backflush.negative"].sudo()._remind()
            self.assertEqual(len(self._get_activities()), 1)
        self.assertEqual(self._get_activities().user_id, self.worker)
        self._receive(self.board, 19)
        self.assertTrue(self._get_activities())
        self._receive(self.board, 1)
        self.assertFalse(self._get_activities())

    def test_the_scheduled_action_is_triggered(self):
        cron = self.env.ref("backflush_auto.ir_cron_settle")
        self._report()
        [record] = self._get_records()
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        due = fields.Datetime.to_datetime(record.date) + timedelta(hours=4)
        self.assertIn(due, triggers.mapped("call_at"))

    def test_negative_before_it_was_limited(self):
        """When it went below zero is read from what has moved."""
        self.board.backflush_negative_hours = 0
        first, _result = self._report()
        self.assertFalse(self._get_records())
        self._pass_hours(3)
        self._report()
        self._pass_hours(2)
        self.board.backflush_negative_hours = 4
        [board, _bolt] = self._create_order(quantity=1).backflush_preview()[
            "components"
        ]
        self.assertEqual(board["deferred"], 2)
        self.assertFalse(self._get_records())
        self.assertEqual(self._get_board(self._report()[1])[2], 20)
        self._receive(self.board, 5)
        [record] = self._get_records()
        self.assertEqual(record.move_id, self._component(first, self.board))

    def test_a_delivery_counts_as_well(self):
        move = self.env["stock.move"].create(
            {
                "product_id": self.board.id,
                "product_uom_qty": 5,
                "location_id": self.stock_location.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            }
        )
        move._action_confirm()
        move.quantity = 5
        move.picked = True
        move._action_done()
        self.assertEqual(self._get_records().move_id, move)
        self._pass_hours(6)
        self.assertEqual(self._get_board(self._report()[1])[2], 20)

    def test_an_edit_clears_it(self):
        self._report()
        quant = self.env["stock.quant"]._gather(self.board, self.stock_location)
        quant.sudo().quantity = 3
        self.assertTrue(self._get_records().cleared_date)
        self.assertFalse(self._get_records().cleared_move_id)

    def test_a_count_clears_it(self):
        self._report()
        quant = self.env["stock.quant"]._gather(self.board, self.stock_location)
        quant.inventory_quantity = 3
        quant.action_apply_inventory()
        self.assertTrue(self._get_records().cleared_move_id.is_inventory)

    def test_another_company(self):
        self._report()
        self._pass_hours(6)
        company = self.env["res.company"].create({"name": "Other"})
        negative = self.env["mrp.backflush.negative"]
        self.assertTrue(negative._find_overdue(self.board, self.env.company))
        self.assertFalse(negative._find_overdue(self.board, company))

    def test_a_tracked_product_is_owed(self):
        glue = self._create_product("Glue", tracking="lot", backflush_negative_hours=4)
        self.bom.bom_line_ids[0].product_id = glue
        order = self._create_order(quantity=1)
        with self.assertRaises(UserError):
            order.backflush_post()
        self.env["stock.quant"]._update_available_quantity(
            glue, self.stock_location, -1
        )
        self._pass_hours(5)
        result = order.backflush_post()
        deferred = {c["product"]: c["deferred"] for c in result["components"]}
        self.assertEqual(deferred, {"Glue": 2, "Bolt": 0})

    def test_where_nothing_is_limited_nothing_is_asked(self):
        self.board.backflush_negative_hours = 0
        counts = []
        for hours in (0, 4):
            self.bolt.backflush_negative_hours = hours
            order = self._create_order(quantity=1)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            order.backflush_post()
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 4)

    def test_forms(self):
        self.env.user.group_ids |= self.env.ref("mrp.group_mrp_user")
        with Form(self.board.product_tmpl_id) as form:
            form.backflush_negative_limit = 40
        self.assertEqual(self.board.backflush_negative_limit, 40)
        category = self.env["product.category"].create({"name": "Wood"})
        with Form(category) as form:
            form.backflush_negative_hours = 8
        self.assertEqual(category.backflush_negative_hours, 8)

    def test_a_record_is_not_deleted(self):
        self._report()
        with self.assertRaises(UserError):
            self._get_records().sudo().unlink()
