from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .test_deferral import DeferralCase


class TestDecisions(DeferralCase):
    """What people do about debts that do not pay themselves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.yard = cls.env["stock.location"].create(
            {"name": "Yard", "location_id": cls.warehouse.view_location_id.id}
        )
        cls.worker.group_ids |= cls.env.ref("stock.group_stock_multi_locations")
        cls.worker.group_ids |= cls.env.ref("stock.group_production_lot")

    def _owe(self, quantity=10):
        order = self._create_order(quantity=quantity)
        order.button_mark_done()
        return order, self._get_debts(order).with_user(self.worker)

    def _decide(self, debts, button, **values):
        action = getattr(debts, button)()
        with Form.from_action(self.env(user=self.worker), action) as form:
            for name, value in values.items():
                if name == "lot_ids":
                    form.lot_ids.add(value)
                else:
                    form[name] = value
        form.record.action_decide()

    def test_settle_now(self):
        """Stock was there all the time, and is not reserved any more."""
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        _order, debt = self._owe()
        self.assertIn("Other orders have reserved 20.00", debt.suggestion)
        action = debt.action_backflush_settle()
        self.assertEqual(action["params"]["type"], "warning")
        other.do_unreserve()
        action = debt.action_backflush_settle()
        self.assertEqual(action["params"]["type"], "success")
        self.assertEqual(debt.state, "done")
        self.assertEqual(self._on_hand(self.board), 0)

    def test_take_from_another_location(self):
        self._add_stock(self.board, 15, self.yard)
        order, debt = self._owe()
        self._decide(debt, "action_backflush_take_from", location_id=self.yard)
        self.assertEqual((debt.quantity, debt.state), (5, "waiting"))
        self.assertEqual(self._on_hand(self.board, self.yard), 0)
        self.assertConsumed(order, {self.board: 15, self.bolt: 40})
        with self.assertRaisesRegex(UserError, "Nothing could be taken"):
            self._decide(debt, "action_backflush_take_from", location_id=self.yard)
        self.assertEqual(debt.tries, 0)
        self._receive(self.board, 5)
        self.assertEqual(debt.state, "done")

    def test_a_program_names_its_own_stock_only(self):
        """The form offers internal locations; a program may write any."""
        foreign = self.env["res.company"].create({"name": "Other Factory"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", foreign.id)], limit=1
        )
        abroad = warehouse.lot_stock_id
        customers = self.env.ref("stock.stock_location_customers")
        for place in (abroad, customers):
            self._add_stock(self.board, 30, place)
        _order, debt = self._owe()
        for place in (abroad, customers):
            dialog = self.env["mrp.backflush.settlement"].create(
                {
                    "exception_ids": debt.ids,
                    "decision": "take",
                    "location_id": place.id,
                }
            )
            with self.assertRaisesRegex(UserError, "Choose a location"):
                dialog.with_user(self.worker).action_decide()
            self.assertEqual(self._on_hand(self.board, place), 30)
        self.assertEqual((debt.quantity, debt.state), (20, "waiting"))

    def test_take_a_serial_number(self):
        motor = self._create_product("Motor", tracking="serial")
        self.bom.bom_line_ids[0].write({"product_id": motor.id, "product_qty": 1})
        _order, debt = self._owe(1)
        _first, second = (self._create_lot(motor, name, 1) for name in ("A", "B"))
        self.assertEqual(debt.suggestion, "Lot A is free")
        self._decide(debt, "action_backflush_take_from", lot_ids=second)
        self.assertEqual(debt.state, "done")
        self.assertEqual(debt.move_id.lot_ids, second)

    def test_not_consumed_after_all(self):
        order, debt = self._owe()
        with self.assertRaisesRegex(UserError, "reason"):
            debt.backflush_cancel(" ")
        self.assertIs(debt.backflush_cancel("8 chairs have no boards"), True)
        self.assertRecordValues(
            debt,
            [
                {
                    "state": "cancelled",
                    "quantity": 0,
                    "cancel_reason": "8 chairs have no boards",
                    "issued": False,
                }
            ],
        )
        self.assertEqual(debt.move_id.backflush_variance_qty, -20)
        self.assertIn("8 chairs", order.message_ids[0].body)
        self._receive(self.board, 30)
        self.assertEqual(self._on_hand(self.board), 30)
        with self.assertRaisesRegex(UserError, "Nothing is owed any more"):
            debt.backflush_cancel("again")

    def test_issued_otherwise(self):
        _order, debt = self._owe()
        self._decide(debt, "action_backflush_issued", reason="slip 12")
        self.assertRecordValues(debt, [{"state": "cancelled", "issued": True}])
        self.assertEqual(debt.move_id.backflush_variance_qty, 0)

    def test_closed_debts_stay_covered(self):
        order = self._create_order(quantity=10)
        order.backflush_post(5)
        self._get_debts(order).with_user(self.worker).backflush_cancel("none")
        [board, _bolt] = order.backflush_preview()["components"]
        self.assertEqual((board["covered"], board["expected"]), (10, 10))

    def test_rights(self):
        _order, debt = self._owe()
        with self.assertRaises(AccessError):
            debt.with_user(self.clerk).backflush_cancel("mine")
        with self.assertRaises(AccessError):
            debt.with_user(self.clerk).action_backflush_settle()
        company = self.env["res.company"].create({"name": "Other"})
        self.worker.write({"company_ids": company.ids, "company_id": company.id})
        with self.assertRaises(AccessError):
            debt.with_company(company).backflush_cancel("mine")

    def test_one_activity_a_product(self):
        orders = self._owe()[0] | self._owe()[0]
        debts = self._get_debts(orders).sudo()
        debts._remind()
        activities = debts._search_activities(self.board)
        self.assertFalse(activities)
        debts.date = "2026-01-01"
        self.board.responsible_id = self.worker
        for _again in range(2):
            debts._remind()
            activities = debts._search_activities(self.board)
            self.assertEqual(len(activities), 1)
        self.assertEqual(activities.user_id, self.worker)
        self._receive(self.board, 30)
        self.assertTrue(activities.exists())
        self._receive(self.board, 30)
        self.assertFalse(activities.exists())

    def test_named_lots_pay_only(self):
        glue = self._create_product("Glue", tracking="lot")
        self.bom.bom_line_ids[0].product_id = glue
        mine = self._create_lot(glue, "MINE", 4)
        self._create_lot(glue, "OTHER", 50)
        order = self._create_order(quantity=10)
        lots = [{"name": "MINE", "quantity": 20}]
        order.backflush_post(
            10, components=[{"product_id": glue.id, "quantity": 20, "lots": lots}]
        )
        debt = self._get_debts(order)
        self.assertRecordValues(debt, [{"quantity": 16, "cause": "lot"}])
        self.assertEqual(debt.lot_ids, mine)
        self._receive(glue, 50, "OTHER 2")
        self.assertEqual(debt.quantity, 16)
        self._add_stock(glue, 16, lot_id=mine)
        debt.with_user(self.worker).action_backflush_settle()
        self.assertEqual(debt.state, "done")
