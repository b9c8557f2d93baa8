from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from ..context import with_private
from .common import BackflushCase


class OperationCase(BackflushCase):
    """Boards are taken when Cut is finished, bolts when Screw is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.centre = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": cls.centre.id})
            for name in ("Cut", "Screw")
        ]
        cls.bom.consumption = "strict"
        for line, operation in zip(
            cls.bom.bom_line_ids, cls.bom.operation_ids, strict=True
        ):
            line.write({"operation_id": operation.id, "backflush_method": "operation"})

    def _finish(self, order, name, quantity=0.0):
        workorder = order.workorder_ids.filtered(lambda w: w.name == name)
        workorder.button_start()
        if quantity:
            workorder.qty_produced = quantity
        workorder.button_finish()

    def _change_quantity(self, order, quantity):
        wizard = self.env["change.production.qty"].with_user(self.worker)
        wizard.create({"mo_id": order.id, "product_qty": quantity}).change_prod_qty()

    def assertPostings(self, order, expected):
        postings = order.backflush_ids.sorted("id")
        self.assertEqual(
            [(p.trigger, p.workorder_id.name or "", p.quantity) for p in postings],
            expected,
        )


class TestOperation(OperationCase):
    def test_from_an_archived_place(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.bom.bom_line_ids[0].backflush_location_id = shelf
        order = self._create_order(quantity=100)
        shelf.active = False
        with self.assertRaisesRegex(UserError, "Board cannot be taken from"):
            self._finish(order, "Cut")

    def test_one_after_the_other(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})
        self.assertEqual(self._on_hand(self.board), 800)
        self.assertEqual(order.state, "progress")
        self._finish(order, "Screw")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(order.state, "to_close")
        self.assertIs(order.button_mark_done(), True)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertPostings(
            order,
            [("operation", "Cut", 100), ("operation", "Screw", 100)]
            + [("completion", "", 100)],
        )
        self.assertEqual(self._on_hand(self.chair), 100)

    def test_out_of_order(self):
        """What comes later takes what was skipped."""
        order = self._create_order(quantity=100)
        self._finish(order, "Screw", 40)
        self.assertConsumed(order, {self.board: 80, self.bolt: 160})
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 200, self.bolt: 160})

    def test_finished_for_a_part(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 30)
        self.assertConsumed(order, {self.board: 60, self.bolt: 0})
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertPostings(order, [("operation", "Cut", 30), ("completion", "", 100)])

    def test_all_at_once(self):
        order = self._create_order(quantity=100)
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertPostings(order, [("completion", "", 100)])

    def test_more_done_than_finished(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 110)
        self._finish(order, "Screw", 100)
        order.qty_producing = 100
        self._produce(order)
        self.assertConsumed(order, {self.board: 220, self.bolt: 400})

    def test_finished_twice(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        order.workorder_ids[0].set_state("progress")
        order.workorder_ids[0].button_finish()
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})
        self.assertPostings(order, [("operation", "Cut", 100)])

    def test_marked_as_done_in_the_list(self):
        orders = self._create_order(quantity=10) + self._create_order(quantity=20)
        orders.workorder_ids.filtered(lambda w: w.name == "Cut").action_mark_as_done()
        self.assertConsumed(orders[0], {self.board: 20, self.bolt: 0})
        self.assertConsumed(orders[1], {self.board: 40, self.bolt: 0})

    def test_many_finished_together(self):
        orders = self._create_order(quantity=10) + self._create_order(quantity=20)
        orders.workorder_ids.button_finish()
        for order, quantity in zip(orders, (10, 20), strict=True):
            self.assertPostings(
                order,
                [("operation", "Cut", quantity), ("operation", "Screw", quantity)],
            )

    def test_short(self):
        order = self._create_order(quantity=600)
        order.workorder_ids[0].button_start()
        with self.assertRaisesRegex(UserError, "Board: 1,200.00 Units needed"):
            order.workorder_ids[0].button_finish()
        self.assertFalse(order.backflush_ids)

    def test_without_an_operation(self):
        self.bom.bom_line_ids[0].operation_id = False
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        self._finish(order, "Screw")
        self.assertConsumed(order, {self.board: 0, self.bolt: 400})
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_work_order_cancelled(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].action_cancel()
        self._finish(order, "Screw")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_backorder_takes_what_was_cut_for_it(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        rest = self._produce(order, 30, backorder=True)
        self.assertConsumed(order, {self.board: 200, self.bolt: 120})
        self.assertEqual(self._component(rest, self.board).product_uom_qty, 0)
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 0, self.bolt: 280})
        self.assertEqual(self._on_hand(self.board), 800)

    def test_backorder_of_a_part_that_was_cut(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 60)
        rest = self._produce(order, 30, backorder=True)
        self.assertConsumed(order, {self.board: 120, self.bolt: 120})
        self._finish(rest, "Cut")
        self.assertConsumed(rest, {self.board: 80, self.bolt: 0})
        self._produce(rest, 70)
        self.assertConsumed(rest, {self.board: 80, self.bolt: 280})

    def test_parts_of_one_order(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 60)
        for total in (30, 80):
            order.qty_producing = total
            keep = with_private(order, keep_open=order._ids)
            keep.with_context(skip_backorder=True).button_mark_done()
        self.assertConsumed(order, {self.board: 160, self.bolt: 320})
        self._finish(order, "Screw")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertPostings(
            order,
            [("operation", "Cut", 60), ("completion", "", 30), ("completion", "", 50)]
            + [("operation", "Screw", 20), ("completion", "", 20)],
        )

    def test_entry_is_the_operation_s_own(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        self._component(order, self.board).write({"quantity": 205, "picked": True})
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 205, self.bolt: 0})
        done = order.move_raw_ids.filtered(lambda move: move.state == "done")
        self.assertEqual(done.backflush_variance_qty, 5)
        self._produce(order)
        self.assertConsumed(order, {self.board: 205, self.bolt: 400})

    def test_recorded_manual_component(self):
        self.bom.bom_line_ids[0].backflush_method = "manual"
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        self._component(order, self.board).write({"quantity": 190, "picked": True})
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 190, self.bolt: 0})

    def test_order_grows_afterwards(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        self._change_quantity(order, 120)
        self.assertEqual(
            sum(self._component(order, self.board).mapped("product_uom_qty")), 240
        )
        self._produce(order, 120)
        self.assertConsumed(order, {self.board: 240, self.bolt: 480})

    def test_cancelled_order(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        with self.assertRaisesRegex(UserError, "would be lost"):
            order.action_cancel()
        order.backflush_ids.backflush_correct()
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_trace_and_unbuild(self):
        self.board.tracking = "lot"
        self.env["stock.quant"].search([("product_id", "=", self.board.id)]).unlink()
        lot = self._create_lot(self.board, "B1", 200)
        self.chair.tracking = "lot"
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        order.action_generate_serial()
        self._produce(order)
        made = order.move_finished_ids.move_line_ids
        self.assertEqual(made.consume_line_ids.lot_id, lot)
        self.assertEqual(made.consume_line_ids.product_id, self.board + self.bolt)
        unbuild = Form(self.env["mrp.unbuild"].with_user(self.worker))
        unbuild.mo_id = order
        unbuild.lot_id = order.lot_producing_ids
        unbuild.product_qty = 50
        unbuild.save().action_unbuild()
        self.assertEqual(self._on_hand(self.board), 100)
        self.assertEqual(self._on_hand(self.bolt), 800)

    def test_order_not_backflushed(self):
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 0, self.bolt: 0})

    def test_operations_that_do_not_wait_for_each_other(self):
        """Screw waits for Cut; Paint waits for nothing, and takes nothing but paint."""
        paint = self._create_product("Paint")
        self._add_stock(paint, 1000)
        self.bom.allow_operation_dependencies = True
        cut, screw = self.bom.operation_ids
        screw.blocked_by_operation_ids = cut
        self.bom.operation_ids = [
            Command.create({"name": "Paint", "workcenter_id": self.centre.id})
        ]
        kit = self._create_product("Kit")
        kit_bom = self._create_bom(kit, [(paint, 3)], type="phantom")
        kit_bom.bom_line_ids.operation_id = self.bom.operation_ids[2]
        values = {"product_id": kit.id, "product_qty": 1}
        values["backflush_method"] = "operation"
        self.bom.bom_line_ids = [Command.create(values)]
        order = self._create_order(quantity=10)
        self._finish(order, "Paint")
        self.assertConsumed(order, {paint: 30, self.board: 0, self.bolt: 0})
        self._finish(order, "Screw")
        self.assertConsumed(order, {paint: 30, self.board: 20, self.bolt: 40})

    def test_numbers_of_the_components(self):
        order = self._create_order(quantity=100)
        names = ("backflush_target_qty", "backflush_covered_qty", "backflush_due_qty")
        boards = self._component(order, self.board)
        self.assertEqual([boards[name] for name in names], [200, 0, 200])
        self._finish(order, "Cut", 60)
        done, rest = self._component(order, self.board)
        self.assertEqual([done[name] for name in names], [0, 0, 120])
        self.assertEqual([rest[name] for name in names], [200, 120, 80])
        order.qty_producing = 70
        self.assertEqual([rest[name] for name in names], [140, 120, 20])

    def test_reservation_stays_with_the_rest(self):
        order = self._create_order(quantity=100)
        order.action_assign()
        self._finish(order, "Cut", 30)
        self.assertEqual(self._reserved(self.board), 140)
        self.assertEqual(self._reserved(self.bolt), 400)
        self._finish(order, "Screw", 100)
        self.assertEqual(
            (self._reserved(self.board), self._reserved(self.bolt)), (0, 0)
        )

    def test_two_steps(self):
        """What is picked for the order is taken at the operation."""
        self.warehouse.manufacture_steps = "pbm"
        order = self._create_order(quantity=100)
        message = "0.00 free in WH/Pre-Production"
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            self._finish(order, "Cut")
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking.button_validate()
        self._finish(order, "Cut", 60)
        line = order.location_src_id
        self.assertEqual(self._on_hand(self.board, line), 80)
        self._finish(order, "Screw")
        self.assertEqual(self._on_hand(self.board, line), 0)
        self.assertEqual(self._on_hand(self.bolt, line), 0)
        self.assertEqual(self._on_hand(self.board), 800)

    def test_serial_numbers(self):
        self.board.tracking = "serial"
        self.env["stock.quant"].search([("product_id", "=", self.board.id)]).unlink()
        lots = [self._create_lot(self.board, f"S{n}", 1) for n in range(4)]
        order = self._create_order(quantity=2)
        order.action_assign()
        self._finish(order, "Cut", 1)
        done, rest = self._component(order, self.board)
        self.assertEqual(done.lot_ids, lots[0] + lots[1])
        self.assertEqual(rest.lot_ids, lots[2] + lots[3])
        self._produce(order, 2)
        self.assertConsumed(order, {self.board: 4, self.bolt: 8})

    def test_product_with_serial_numbers(self):
        self.chair.tracking = "serial"
        order = self._create_order(quantity=2)
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 4, self.bolt: 0})
        order.backflush_post(lot_names=["C1", "C2"])
        self.assertConsumed(order, {self.board: 4, self.bolt: 8})
        self.assertEqual(order.state, "done")

    def test_method_chosen_on_the_order(self):
        self.bom.bom_line_ids.backflush_method = "completion"
        order = self._create_order(quantity=100)
        self._component(order, self.board).backflush_method = "operation"
        self._finish(order, "Cut")
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})

    def test_queries_do_not_grow_with_the_orders(self):
        counts = []
        for number in (2, 6):
            orders = self.env["mrp.production"].union(
                *(self._create_order(quantity=10) for _ in range(number))
            )
            cut = orders.workorder_ids.filtered(lambda w: w.name == "Cut")
            cut.button_start()
            self.env.flush_all()
            self.env.invalidate_all()
            with_private(cut, posting_follows=True).button_finish()
            self.env.flush_all()
            before = self.cr.sql_log_count
            cut._post_backflush_operation()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
        growth = (counts[1] - counts[0]) / 4
        self.assertLess(growth, 12)


class TestStart(OperationCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.bom_line_ids[0].backflush_method = "start"
        cls.bom.bom_line_ids[1].backflush_method = "completion"

    def test_work_order_started(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})
        self.assertPostings(order, [("start", "", 100)])
        order.workorder_ids[1].button_start()
        self.assertPostings(order, [("start", "", 100)])
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_order_started(self):
        self.bom.operation_ids.unlink()
        order = self._create_order(quantity=100)
        self.assertIs(order.action_start(), True)
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})
        self.assertEqual(order.state, "progress")

    def test_never_started(self):
        order = self._create_order(quantity=100)
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertPostings(order, [("completion", "", 100)])

    def test_over_production(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        self._produce(order, 110)
        self.assertConsumed(order, {self.board: 220, self.bolt: 440})

    def test_less_is_made(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        self._produce(order, 90)
        self.assertConsumed(order, {self.board: 200, self.bolt: 360})

    def test_backorder(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        rest = self._produce(order, 30, backorder=True)
        rest.workorder_ids[0].button_start()
        self._produce(rest)
        self.assertConsumed(order, {self.board: 200, self.bolt: 120})
        self.assertConsumed(rest, {self.board: 0, self.bolt: 280})

    def test_finished_without_a_start(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].qty_produced = 10
        order.workorder_ids[0].button_finish()
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})

    def test_order_grows_after_its_start(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        self._change_quantity(order, 120)
        order.workorder_ids[1].button_start()
        self.assertConsumed(order, {self.board: 240, self.bolt: 0})

    def test_short(self):
        order = self._create_order(quantity=600)
        with self.assertRaisesRegex(UserError, "Board: 1,200.00 Units needed"):
            order.workorder_ids[0].button_start()


class TestUpdatedBom(OperationCase):
    """The BoM of an order is updated when some components have left stock already."""

    def test_other_quantity(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 60)
        self.bom.bom_line_ids[0].product_qty = 3
        order.with_user(self.env.user).action_update_bom()
        boards = self._component(order, self.board)
        self.assertEqual(boards.mapped("state"), ["done", "confirmed"])
        self.assertEqual(boards.mapped("product_uom_qty"), [120, 180])
        self._produce(order, 100)
        self.assertConsumed(order, {self.board: 300, self.bolt: 400})

    def test_other_product(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 60)
        plank = self._create_product("Plank")
        self._add_stock(plank, 1000)
        self.bom.bom_line_ids[0].product_id = plank
        order.with_user(self.env.user).action_update_bom()
        self._produce(order, 100)
        self.assertConsumed(order, {self.board: 120, plank: 200, self.bolt: 400})

    def test_other_operation(self):
        order = self._create_order(quantity=100)
        self._finish(order, "Cut", 60)
        self.bom.bom_line_ids[0].operation_id = self.bom.operation_ids[1]
        order.with_user(self.env.user).action_update_bom()
        rest = self._component(order, self.board)[1]
        self.assertEqual(rest.workorder_id, order.workorder_ids[1])

    def test_after_a_part(self):
        order = self._create_order(quantity=100)
        order.qty_producing = 30
        keep = with_private(order, keep_open=order._ids)
        keep.with_context(skip_backorder=True).button_mark_done()
        self.bom.bom_line_ids[1].product_qty = 5
        order.with_user(self.env.user).action_update_bom()
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 500})
