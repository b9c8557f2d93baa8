from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import BackflushCase


class DeferralCase(BackflushCase):
    """Chairs whose boards come late: what is missing is owed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.backflush_shortage = "defer"
        cls._add_stock(cls.bolt, 10000)
        cls.clerk = new_test_user(
            cls.env, "backflush_clerk", groups="stock.group_stock_user"
        )

    def _receive(self, product, quantity, lot_name=False, location=None):
        """A receipt, validated by somebody who knows nothing of production."""
        picking = self._prepare_receipt(product, quantity, lot_name, location)
        picking.button_validate()
        self.assertEqual(picking.state, "done")
        return picking

    def _prepare_receipt(self, product, quantity, lot_name=False, location=None):
        """A receipt that only has to be validated."""
        location = location or self.stock_location
        picking = (
            self.env["stock.picking"]
            .with_user(self.clerk)
            .create(
                {
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "location_id": self.env.ref("stock.stock_location_suppliers").id,
                    "location_dest_id": location.id,
                    "move_ids": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "product_uom_qty": quantity,
                                "location_id": self.env.ref(
                                    "stock.stock_location_suppliers"
                                ).id,
                                "location_dest_id": location.id,
                            }
                        )
                    ],
                }
            )
        )
        picking.action_confirm()
        move = picking.move_ids
        if lot_name:
            move.move_line_ids.unlink()
            vals = move._prepare_move_line_vals(quantity=quantity)
            move.move_line_ids = [Command.create({**vals, "lot_name": lot_name})]
        else:
            move.quantity = quantity
        move.picked = True
        return picking

    def _get_debts(self, orders):
        return self.env["mrp.backflush.exception"].search(
            [("production_id", "in", orders.ids)]
        )


class TestDeferral(DeferralCase):
    def test_what_is_missing_is_owed(self):
        self._add_stock(self.board, 8)
        order = self._create_order(quantity=10)
        result = order.backflush_post(10, reference="late boards")
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 8, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)
        boards = [c for c in result["components"] if c["product"] == "Board"]
        self.assertEqual(len(boards), 1)
        names = ("expected", "consumed", "deferred", "variance")
        self.assertEqual([boards[0][name] for name in names], [20, 8, 12, 0])
        debt = self._get_debts(order)
        self.assertRecordValues(
            debt,
            [
                {
                    "backflush_id": order.backflush_ids.id,
                    "product_id": self.board.id,
                    "location_id": self.stock_location.id,
                    "quantity": 12,
                    "state": "waiting",
                    "cause": "short",
                    "user_id": self.worker.id,
                }
            ],
        )
        self.assertEqual(debt.move_id.state, "confirmed")
        self.assertEqual(debt.move_id.raw_material_production_id, order)
        self.assertFalse(debt.move_id.move_line_ids)
        self.assertEqual(self.board.virtual_available, -12)
        again = order.backflush_post(10, reference="late boards")
        self.assertEqual(again["components"], result["components"])

    def test_nothing_at_all_is_there(self):
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._get_debts(order).quantity, 20)
        self.assertConsumed(order, {self.bolt: 40})

    def test_preview(self):
        self._add_stock(self.board, 8)
        order = self._create_order(quantity=10)
        board, _bolt = order.backflush_preview(10)["components"]
        self.assertEqual((board["shortage"], board["deferred"]), (12, 12))
        order.backflush_shortage = "block"
        board, _bolt = order.backflush_preview(10)["components"]
        self.assertEqual((board["shortage"], board["deferred"]), (12, 0))

    def test_parts_owe_what_parts_are_due(self):
        self._add_stock(self.board, 8)
        order = self._create_order(quantity=10)
        order.backflush_post(3)
        self.assertFalse(self._get_debts(order))
        order.backflush_post(3)
        self.assertEqual(self._get_debts(order).mapped("quantity"), [4])
        [board, _bolt] = order.backflush_preview()["components"]
        self.assertEqual((board["covered"], board["expected"]), (12, 8))
        rest = order.move_raw_ids._filter_backflush_open()
        self.assertEqual(sorted(rest.mapped("product_uom_qty")), [8, 16])
        order.backflush_post(4)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._get_debts(order).mapped("quantity"), [4, 8])
        self._receive(self.board, 30)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 18)

    def test_a_backorder_leaves_the_debt_where_it_is(self):
        order = self._create_order(quantity=10)
        order.backflush_post(3)
        rest = self._produce(order, 7, backorder=True)
        self.assertEqual(self._get_debts(order).mapped("quantity"), [6, 8])
        self.assertEqual(rest.product_qty, 3)
        self.assertEqual(self._component(rest, self.board).product_uom_qty, 6)
        rest.button_mark_done()
        self.assertEqual(self._get_debts(rest).quantity, 6)
        self._receive(self.board, 20)
        self.assertConsumed(order, {self.board: 14, self.bolt: 28})
        self.assertConsumed(rest, {self.board: 6, self.bolt: 12})
        self.assertEqual(self._on_hand(self.board), 0)

    def test_a_batch(self):
        self._add_stock(self.board, 30)
        orders = self._create_order(quantity=10) | self._create_order(quantity=10)
        results = (
            self.env["mrp.production"]
            .with_user(self.worker)
            .backflush_post_batch(
                [{"production_id": order.id, "quantity": 10} for order in orders]
            )
        )
        self.assertEqual([result["ok"] for result in results], [True, True])
        deferred = [result["components"][0]["deferred"] for result in results]
        self.assertEqual(deferred, [0, 10])

    def test_an_order_of_operations(self):
        workcenter = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": "Saw", "workcenter_id": workcenter.id}),
            Command.create({"name": "Screw", "workcenter_id": workcenter.id}),
        ]
        first, second = self.bom.operation_ids
        line, other = self.bom.bom_line_ids
        line.write({"operation_id": first.id, "backflush_method": "operation"})
        other.write({"operation_id": second.id, "backflush_method": "operation"})
        self._add_stock(self.board, 5)
        order = self._create_order(quantity=10)
        order.backflush_post(4, workorder_id=order.workorder_ids[0].id)
        self.assertEqual(self._get_debts(order).quantity, 3)
        self.assertEqual(self._get_debts(order).backflush_id.trigger, "operation")
        order.workorder_ids[0].button_finish()
        order.backflush_post(4, workorder_id=order.workorder_ids[1].id)
        self.assertEqual(len(self._get_debts(order)), 1)
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 15)
        self._receive(self.board, 100)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_a_start(self):
        self.bom.bom_line_ids[0].backflush_method = "start"
        self._add_stock(self.board, 5)
        order = self._create_order(quantity=10)
        order.action_start()
        self.assertEqual(self._get_debts(order).quantity, 15)
        order.backflush_post(10)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._get_debts(order).quantity, 15)

    def test_a_persons_entry(self):
        """Variance is what was entered beyond the target, whatever is owed of it."""
        self._add_stock(self.board, 8)
        order = self._create_order(quantity=10)
        component = {"product_id": self.board.id, "quantity": 25}
        result = order.backflush_post(10, components=[component])
        board = next(c for c in result["components"] if c["product"] == "Board")
        names = ("expected", "consumed", "deferred", "variance")
        self.assertEqual([board[name] for name in names], [20, 8, 17, 5])

    def test_other_units(self):
        self.bom.bom_line_ids[0].write(
            {"product_qty": 1, "product_uom_id": self.dozen.id}
        )
        self._add_stock(self.board, 30)
        order = self._create_order(quantity=4)
        result = order.backflush_post(4)
        board = next(c for c in result["components"] if c["product"] == "Board")
        self.assertEqual((board["consumed"], board["deferred"]), (2.5, 1.5))
        self._receive(self.board, 6)
        debt = self._get_debts(order)
        self.assertEqual((debt.quantity, debt.product_qty), (1, 12))
        self._receive(self.board, 13)
        self.assertEqual(debt.state, "done")
        self.assertEqual(self._on_hand(self.board), 1)

    def test_odoo_edits_no_debt(self):
        order = self._create_order(quantity=10)
        order.button_mark_done()
        debt = self._get_debts(order)
        order.action_toggle_is_locked()
        for vals in ({"quantity": 3}, {"product_uom_qty": 1}, {"picked": True}):
            with self.assertRaises(UserError):
                debt.move_id.write(vals)
        with self.assertRaises(UserError):
            debt.move_id.unlink()
        debt.move_id._action_cancel()
        debt.move_id._action_assign()
        self.assertEqual(debt.move_id.state, "confirmed")
        with self.assertRaises(AccessError):
            debt.with_user(self.worker).quantity = 1

    def test_closed_orders_with_debts_are_closed(self):
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.env.invalidate_all()
        self.assertEqual(order.state, "done")
        self.assertFalse(order.reservation_state)
        self._receive(self.board, 5)
        self.assertEqual(order.state, "done")


class TestHealing(DeferralCase):
    def _owe(self, quantity=10):
        order = self._create_order(quantity=quantity)
        order.button_mark_done()
        return order

    def test_a_receipt(self):
        order = self._owe()
        debt = self._get_debts(order)
        self._receive(self.board, 5)
        self.assertRecordValues(debt, [{"quantity": 15, "state": "waiting"}])
        self.assertConsumed(order, {self.board: 5, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)
        self._receive(self.board, 50)
        self.assertRecordValues(debt, [{"quantity": 0, "state": "done"}])
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 35)
        self.assertEqual(debt.move_id.state, "done")
        self.assertEqual(sum(order.backflush_ids.move_ids.mapped("quantity")), 60)
        finished = order.move_finished_ids.move_line_ids
        self.assertEqual(sum(finished.consume_line_ids.mapped("quantity")), 60)

    def test_the_oldest_first(self):
        first, second = self._owe(), self._owe()
        (self._get_debts(first)).sudo().date = "2026-01-02"
        (self._get_debts(second)).sudo().date = "2026-01-01"
        self._receive(self.board, 25)
        self.assertEqual(self._get_debts(second).quantity, 0)
        self.assertEqual(self._get_debts(first).quantity, 15)

    def test_before_any_reservation(self):
        order = self._owe()
        self.env.company.backflush_reserve = True
        other = self._create_order(quantity=10)
        self._receive(self.board, 20)
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._component(other, self.board).quantity, 0)

    def test_a_count(self):
        order = self._owe()
        quant = self.env["stock.quant"].create(
            {
                "product_id": self.board.id,
                "location_id": self.stock_location.id,
                "inventory_quantity": 30,
            }
        )
        quant.action_apply_inventory()
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board), 10)

    def test_stock_that_is_edited(self):
        order = self._owe()
        self._add_stock(self.board, 5)
        self.assertEqual(self._get_debts(order).quantity, 15)
        quant = self.env["stock.quant"]._gather(self.board, self.stock_location)
        quant[:1].sudo().quantity = 30
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board), 15)

    def test_a_lot_that_is_not_expired_any_more(self):
        if "use_expiration_date" not in self.board:
            self.skipTest("product_expiry is not installed")
        glue = self._create_product(
            "Glue", tracking="lot", use_expiration_date=True, removal_time=0
        )
        lot = self._create_lot(glue, "OLD", 30, removal_date="2020-01-01")
        self.bom.bom_line_ids[0].product_id = glue
        order = self._owe()
        self.assertEqual(self._get_debts(order).cause, "lot")
        lot.removal_date = "2099-01-01"
        self.assertEqual(self._get_debts(order).state, "done")

    def test_a_transfer_to_a_location_below(self):
        shelf, yard = self.env["stock.location"].create(
            [
                {"name": "Shelf", "location_id": self.stock_location.id},
                {"name": "Yard", "location_id": self.warehouse.view_location_id.id},
            ]
        )
        self._add_stock(self.board, 30, yard)
        order = self._owe()
        debt = self._get_debts(order)
        self.assertEqual(debt.cause, "location")
        self.assertIn("30.00 Units in WH/Yard", debt.suggestion)
        move = self.env["stock.move"].create(
            {
                "product_id": self.board.id,
                "product_uom_qty": 30,
                "location_id": yard.id,
                "location_dest_id": shelf.id,
            }
        )
        move._action_confirm()
        move.quantity = 30
        move.picked = True
        move._action_done()
        self.assertEqual(debt.state, "done")
        self.assertEqual(self._on_hand(self.board), 10)

    def test_the_output_of_another_order(self):
        order = self._owe()
        log = self._create_product("Log")
        self._add_stock(log, 10)
        self._create_bom(self.board, [(log, 1)])
        self._create_order(self.board, quantity=8).button_mark_done()
        self.assertEqual(self._get_debts(order).quantity, 12)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_what_is_reserved_stays_reserved(self):
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        order = self._owe()
        debt = self._get_debts(order)
        self.assertEqual(debt.cause, "reserved")
        self._receive(self.board, 5)
        self.assertEqual(debt.quantity, 15)
        self.assertEqual(self._component(other, self.board).quantity, 20)

    def test_lots_by_the_removal_strategy(self):
        glue = self._create_product("Glue", tracking="lot")
        self.bom.bom_line_ids[0].product_id = glue
        order = self._owe()
        debt = self._get_debts(order)
        self._receive(glue, 30, "LOT 1")
        self.assertEqual(debt.state, "done")
        self.assertEqual(debt.move_id.move_line_ids.lot_id.name, "LOT 1")
        self.assertEqual(debt.move_id.move_line_ids.backflush_lot_source, "assumed")

    def test_serial_numbers_wait_for_a_person(self):
        motor = self._create_product("Motor", tracking="serial")
        self.bom.bom_line_ids[0].write({"product_id": motor.id, "product_qty": 1})
        order = self._owe(1)
        debt = self._get_debts(order)
        self.assertEqual(debt.cause, "serial")
        self._receive(motor, 1, "SN 1")
        self.assertEqual(debt.state, "waiting")

    def test_another_company_pays_nothing(self):
        order = self._owe()
        company = self.env["res.company"].create({"name": "Other"})
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", company.id)], limit=1
        )
        self._add_stock(self.board, 100, warehouse.lot_stock_id)
        self.assertEqual(self._get_debts(order).quantity, 20)

    def test_a_thousand_debts(self):
        """One debt more takes no query more."""
        counts = []
        for number in (2, 22):
            product = self._create_product(f"Panel {number}")
            self.bom.bom_line_ids[0].product_id = product
            orders = self.env["mrp.production"].union(
                *(self._create_order(quantity=1) for _ in range(number))
            )
            orders.button_mark_done()
            self.env.invalidate_all()
            count = self.cr.sql_log_count
            self._receive(product, 2 * number)
            counts.append(self.cr.sql_log_count - count)
            self.assertEqual(set(self._get_debts(orders).mapped("state")), {"done"})
        self.assertLess((counts[1] - counts[0]) / 20, 2)

    def test_an_error_is_tried_again(self):
        order = self._owe()
        debt = self._get_debts(order)
        debt.sudo()._record_failure(UserError("no"))
        self.assertRecordValues(
            debt, [{"tries": 1, "last_error": "no", "cause": "error"}]
        )
        first = debt.retry_date
        debt.sudo()._record_failure(UserError("no"))
        self.assertGreater(debt.retry_date, first)

    def test_the_scheduled_action(self):
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        order = self._owe()
        other.do_unreserve()
        self.assertEqual(self._get_debts(order).state, "waiting")
        with self.enter_registry_test_mode():
            self.env.ref("backflush_auto.ir_cron_settle").method_direct_trigger()
        self.assertEqual(self._get_debts(order).state, "done")
