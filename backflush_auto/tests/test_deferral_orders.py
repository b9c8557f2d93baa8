from ast import literal_eval

from lxml import etree

from odoo import Command
from odoo.exceptions import UserError

from .test_deferral import DeferralCase


class TestOrdersThatOwe(DeferralCase):
    """What Odoo does with orders goes on beside what they owe."""

    def _owe(self, quantity=10, **values):
        order = self._create_order(quantity=quantity, **values)
        order.button_mark_done()
        return order

    def _owe_part(self, total=10, quantity=4):
        order = self._create_order(quantity=total)
        order.backflush_post(quantity)
        return order

    def _get_board(self, order):
        [board, _bolt] = order.backflush_preview()["components"]
        return [board[name] for name in ("target", "covered", "expected")]

    # --- Who sees it ---

    def _count_open_work(self):
        self.env.invalidate_all()
        names = ["count_mo_todo", "count_mo_waiting", "count_mo_late"]
        return self.warehouse.manu_type_id.read(names)

    def test_no_list_of_open_work(self):
        # Orders that other tests have committed are among them.
        before = self._count_open_work()
        order = self._owe()
        self.env.invalidate_all()
        orders = self.env["mrp.production"]
        for name in (
            *("todo", "waiting", "filter_ready", "filter_confirmed", "available"),
            *("filter_in_progress", "filter_to_close", "filter_late_mo", "late"),
        ):
            domain = self._find_filter(name)
            self.assertNotIn(order, orders.search(domain), name)
        self.assertEqual(self._count_open_work(), before)
        self.assertFalse(order.reservation_state)
        self.assertEqual(order.state, "done")
        debts = self._get_debts(order)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_exception_action"
        )
        self.assertEqual(action["res_model"], debts._name)

    def _find_filter(self, name):
        """The domain of a filter of the list of orders."""
        view = self.env.ref("mrp.view_mrp_production_filter")
        arch = self.env["mrp.production"].get_view(view.id, "search")["arch"]
        path = f"//filter[@name='{name}']/@domain"
        return literal_eval(etree.fromstring(arch).xpath(path)[0])

    def test_forecast(self):
        """Stock that is about to come is counted once, and the order is named."""
        order = self._owe()
        self.assertEqual(self.board.virtual_available, -20)
        report = self.env["stock.forecasted_product_product"]
        values = report.get_report_values(docids=self.board.ids)
        lines = [
            line
            for line in values["docs"]["lines"]
            if line["document_out"] and line["document_out"]["id"] == order.id
        ]
        self.assertEqual([line["quantity"] for line in lines], [20])
        self._receive(self.board, 20)
        self.board.invalidate_recordset()
        self.assertEqual(self.board.virtual_available, 0)

    def test_replenishment(self):
        self._owe()
        orderpoint = self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.board.id,
                "location_id": self.stock_location.id,
                "product_min_qty": 5,
                "product_max_qty": 5,
            }
        )
        self.assertEqual(orderpoint.qty_forecast, -20)
        self.assertEqual(orderpoint.qty_to_order, 25)

    def test_procured_once(self):
        """What is owed was ordered with the order, and is not ordered again."""
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        log = self._create_product("Log")
        self._add_stock(log, 100)
        self._create_bom(self.board, [(log, 1)])
        manufacture = self.warehouse.manufacture_pull_id.route_id
        self.board.route_ids = [Command.set((route | manufacture).ids)]
        order = self._create_order(quantity=10)
        children = self.env["mrp.production"].search(
            [("product_id", "=", self.board.id)]
        )
        self.assertEqual(children.mapped("product_qty"), [20])
        order.backflush_post(10)
        self.assertEqual(self._get_debts(order).quantity, 20)
        again = self.env["mrp.production"].search([("product_id", "=", self.board.id)])
        self.assertEqual(again, children)
        children.button_mark_done()
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board), 0)

    def test_kits(self):
        """A kit has what its components have when all that is owed is taken."""
        kit = self._create_product("Set", is_storable=False)
        self._create_bom(kit, [(self.board, 2)], type="phantom")
        self._add_stock(self.board, 8)
        self._owe()
        self.env.invalidate_all()
        self.assertEqual(kit.virtual_available, -6)
        self._receive(self.board, 32)
        self.env.invalidate_all()
        self.assertEqual((kit.qty_available, kit.virtual_available), (10, 10))

    def test_components_of_a_kit_are_owed(self):
        kit = self._create_product("Set", is_storable=False)
        self._create_bom(kit, [(self.board, 2)], type="phantom")
        self.bom.bom_line_ids[0].write({"product_id": kit.id, "product_qty": 1})
        order = self._owe()
        debt = self._get_debts(order)
        self.assertEqual((debt.product_id, debt.quantity), (self.board, 20))

    def test_overview(self):
        self.board.standard_price = 7
        self._add_stock(self.board, 8)
        order = self._owe()
        report = self.env["report.mrp.report_mo_overview"]
        data = report.get_report_values(order.id)["data"]
        boards = [
            row["summary"]
            for row in data["components"]
            if row["summary"]["product_id"] == self.board.id
        ]
        self.assertEqual([row["quantity"] for row in boards], [8, 12])
        self.assertIn("deferred", boards[1]["name"])
        self.assertEqual([row["real_cost"] for row in boards], [8 * 7, 12 * 7])
        self._receive(self.board, 12)
        data = report.get_report_values(order.id)["data"]
        self.assertEqual(len(data["components"]), 3)

    # --- What is done with orders ---

    def test_unlocked(self):
        order = self._owe()
        for _lock in range(2):
            order.action_toggle_is_locked()
            self.assertEqual(order.state, "done")
            self.assertEqual(self._get_debts(order).quantity, 20)
        self._receive(self.board, 20)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_split_and_merge(self):
        """Odoo divides and joins no order that has begun: what is owed stays."""
        first, second = self._owe_part(), self._create_order(quantity=10)
        with self.assertRaises(UserError):
            first.action_split()
        with self.assertRaises(UserError):
            (first | second).action_merge()
        self.assertEqual(self._get_debts(first).quantity, 8)

    def test_a_backorder_that_is_merged(self):
        order = self._create_order(quantity=10)
        result = order.backflush_post(4, remainder="backorder")
        rest = order.browse(result["backorder"]["id"])
        other = self._create_order(quantity=5)
        merged = order.browse((rest | other).action_merge()["res_id"])
        merged.backflush_post()
        self.assertEqual(self._get_debts(order).quantity, 8)
        self.assertEqual(self._get_debts(merged).quantity, 22)
        self._receive(self.board, 30)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_another_bill_of_materials(self):
        order = self._owe_part()
        self.bom.bom_line_ids[0].product_qty = 3
        order.action_update_bom()
        self.assertEqual(self._get_debts(order).quantity, 8)
        self.assertEqual(self._get_board(order), [30, 8, 22])
        order.backflush_post()
        self._receive(self.board, 30)
        self.assertConsumed(order, {self.board: 30, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)

    def test_another_quantity(self):
        order = self._owe_part()
        dialog = self.env["change.production.qty"].with_user(self.worker)
        dialog.create({"mo_id": order.id, "product_qty": 6}).change_prod_qty()
        self.assertEqual(self._get_debts(order).quantity, 8)
        self.assertEqual(self._get_board(order), [12, 8, 4])

    def test_cancelled_with_parts(self):
        order = self._owe_part()
        order.action_cancel()
        self.assertIn(order.state, ("done", "cancel"))
        debt = self._get_debts(order)
        self.assertRecordValues(debt, [{"quantity": 8, "state": "waiting"}])
        open_moves = order.move_raw_ids.filtered(
            lambda move: move.state not in ("done", "cancel")
        )
        self.assertEqual(open_moves, debt.move_id)
        self._receive(self.board, 10)
        self.assertEqual(debt.state, "done")
        self.assertEqual(self._on_hand(self.board), 2)

    def test_copied(self):
        order = self._owe()
        copy = order.copy()
        copy.action_confirm()
        self.assertFalse(self._get_debts(copy))
        self.assertEqual(copy.move_raw_ids.mapped("product_uom_qty"), [20, 40])

    def test_switched_off(self):
        """What was consumed with backflushing is owed without it as well."""
        order = self._owe_part()
        order.sudo().backflush = False
        self._receive(self.board, 10)
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board), 2)

    def test_scrap_shrinks_nothing_twice(self):
        """Components that are scrapped on an order that owes are another matter."""
        self.env["stock.scrap.reason.tag"].create({"name": "Cracked"})
        order = self._create_order(quantity=10)
        scrap = [{"quantity": 2, "reason": "Cracked"}]
        order.backflush_post(8, scrap=scrap)
        self.assertEqual(self._get_debts(order).quantity, 20)
        posting = order.backflush_ids
        posting.backflush_correct(0, "never")
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 0)
        self.assertEqual(self._on_hand(self.bolt), 10000)
        order.backflush_post()
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 20)
