from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import BackflushCase
from .common_correction import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrectionKinds(CorrectionCase):
    """Lots, owners, by-products, operations, splits: all of it comes back."""

    def test_lots_owners_and_packages_come_back(self):
        glue = self._create_product("Glue", tracking="lot")
        lamp = self._create_product("Lamp")
        self._create_bom(lamp, [(glue, 2), (self.board, 1)])
        owner = self.env["res.partner"].create({"name": "Owner"})
        package = self.env["stock.package"].create({"name": "Box"})
        self._create_lot(glue, "A", 5)
        lot = self._create_lot(glue, "B")
        self._add_stock(glue, 30, lot_id=lot, package_id=package)
        self._add_stock(self.board, 4)
        self._add_stock(self.board, 20, owner_id=owner)
        before = self._get_holdings()
        order = self._create_order(lamp, 10)
        posting = self._posting(order.backflush_post())
        posting.backflush_correct(2)
        lots = order.move_raw_ids.move_line_ids.lot_id
        self.assertEqual(lots.mapped("name"), ["A", "B"])
        self.assertEqual(self._on_hand(lamp), 2)
        posting.backflush_correct()
        self.assertEqual(self._get_holdings(), before)

    def test_serial_numbers_are_free_again(self):
        motor = self._create_product("Motor", tracking="serial")
        pump = self._create_product("Pump", tracking="serial")
        self._create_bom(pump, [(motor, 1)])
        for name in ("M1", "M2", "M3"):
            self._create_lot(motor, name, 1)
        order = self._create_order(pump, 3)
        order.action_assign()
        result = order.backflush_post(lot_names=["P1", "P2", "P3"])
        posting = self._posting(result)
        posting.backflush_correct(1)
        self.assertEqual(order.lot_producing_ids.mapped("name"), ["P1"])
        self.assertEqual(self._on_hand(motor), 2)
        order.action_assign()
        order.backflush_post(lot_names=["P2", "P3"])
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(pump), 3)
        self.assertEqual(self._on_hand(motor), 0)

    def _make_chips(self):
        """Three chips for each chair, with components for ten of these."""
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        chips = self._create_product("Chips")
        self.bom.byproduct_ids = [
            Command.create({"product_id": chips.id, "product_qty": 3})
        ]
        return chips

    def test_byproducts_go_with_the_product(self):
        chips = self._make_chips()
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        self.assertEqual(self._on_hand(chips), 30)
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(chips), 12)
        order.backflush_post()
        self.assertEqual(self._on_hand(chips), 30)
        self.assertEqual(order.state, "done")

    def test_several_byproducts(self):
        dust = self._create_product("Dust")
        chips = self._make_chips()
        self.bom.byproduct_ids = [
            Command.create({"product_id": dust.id, "product_qty": 0.5})
        ]
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        for left, made in ((4, (12, 2)), (0, (0, 0))):
            posting.backflush_correct(left)
            self.assertEqual((self._on_hand(chips), self._on_hand(dust)), made)
        order.backflush_post()
        self.assertEqual((self._on_hand(chips), self._on_hand(dust)), (30, 5))

    def test_byproducts_of_what_was_unbuilt_before(self):
        """Ten made and six unbuilt, of nine that were really made: three are there."""
        chips = self._make_chips()
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        unbuild = Form(self.env["mrp.unbuild"].with_user(self.worker))
        unbuild.mo_id = order
        unbuild.product_qty = 6
        unbuild.save().action_unbuild()
        posting.backflush_correct(9)
        self.assertEqual(self._on_hand(self.chair), 3)
        self.assertEqual(self._on_hand(chips), 9)
        self.assertEqual(self._on_hand(self.board), 100 - 6)
        order.backflush_post()
        self.assertEqual((self._on_hand(self.chair), self._on_hand(chips)), (4, 12))

    def test_byproducts_of_an_order_that_is_split_afterwards(self):
        chips = self._make_chips()
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        for left in (4, 0):
            posting.backflush_correct(left)
        result = order.backflush_post(6, remainder="backorder")
        self.assertEqual(self._on_hand(chips), 18)
        backorder = order.browse(result["backorder"]["id"])
        self.assertEqual(backorder.move_byproduct_ids.product_uom_qty, 12)
        self.assertEqual(backorder._get_backflush_main_moves().product_uom_qty, 4)
        backorder.backflush_post()
        self.assertEqual(self._on_hand(chips), 30)
        self.assertEqual(self._on_hand(self.chair), 10)

    def test_bill_of_materials_updated_afterwards(self):
        """A component that nobody recorded is one of the order that is open again."""
        self.bom.bom_line_ids.backflush_method = "manual"
        order = self._create_order(quantity=10)
        self._posting(order.backflush_post()).backflush_correct(4)
        opened = order.move_raw_ids.filtered(lambda m: m.state != "cancel")
        order.sudo().action_update_bom()
        self.assertEqual(order.state, "progress")
        self.assertEqual(opened.mapped("product_uom_qty"), [12, 24])

    def test_what_a_person_entered_stays_until_all_comes_back(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        entered = [{"product_id": self.board.id, "quantity": 23}]
        posting = self._posting(order.backflush_post(components=entered))
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board), 100 - 8 - 3)
        posting.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)

    def test_taken_once_stays_while_something_is_left(self):
        self.bom.bom_line_ids[0].backflush_basis = "order"
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        first = self._posting(order.backflush_post(4))
        second = self._posting(order.backflush_post(3))
        self.assertEqual(self._on_hand(self.board), 98)
        first.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 98)
        second.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)
        self.assertEqual(self._on_hand(self.bolt), 100)

    def test_taken_for_the_plan_comes_back_with_the_last_report(self):
        """What is taken at the start of an order that nobody started, in full."""
        self.bom.bom_line_ids[0].write(
            {"backflush_basis": "order", "backflush_method": "start"}
        )
        self.bom.bom_line_ids[1].backflush_method = "start"
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=12)
        first = self._posting(order.backflush_post(2))
        second = self._posting(order.backflush_post(1))
        first.backflush_correct()
        second.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)
        self.assertEqual(self._on_hand(self.bolt), 100)

    def test_what_another_order_of_the_split_counted_upon_comes_back_with_it(self):
        """A sheet for three chairs: it comes back when none of them is left."""
        self.bom.bom_line_ids[1].unlink()
        self.bom.product_qty = 3
        self.bom.bom_line_ids.write(
            {"backflush_rounding": 1, "backflush_rounding_method": "half-up"}
        )
        self._add_stock(self.board, 100)
        order = self._create_order(quantity=2)
        result = order.backflush_post(1, remainder="backorder")
        first = self._posting(result)
        backorder = order.browse(result["backorder"]["id"])
        second = self._posting(backorder.backflush_post())
        self.assertEqual(self._on_hand(self.board), 99)
        first.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 99)
        second.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)

    def test_backorder_is_kept(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        result = order.backflush_post(6, remainder="backorder")
        backorder = order.browse(result["backorder"]["id"])
        self._posting(result).backflush_correct(5)
        self.assertEqual(order.state, "progress")
        self.assertEqual(backorder.state, "confirmed")
        order.backflush_post()
        backorder.backflush_post()
        self.assertEqual(self._on_hand(self.board), 80)
        self.assertEqual(self._on_hand(self.chair), 10)

    def test_split_in_three_after_it_never_happened(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=6)
        self._posting(order.backflush_post()).backflush_correct()
        orders = order._split_productions({order: [1, 2, 3]})
        self.assertEqual(orders.mapped("product_qty"), [1, 2, 3])
        opened = orders.move_raw_ids.filtered(lambda m: m.state != "done")
        boards = opened.filtered(lambda move: move.product_id == self.board)
        self.assertEqual(sorted(boards.mapped("product_uom_qty")), [2, 4, 6])
        for one in orders:
            one.backflush_post()
        self.assertEqual(self._on_hand(self.board), 88)
        self.assertEqual(self._on_hand(self.chair), 6)

    def test_unbuilt_goods_are_not_given_back_twice(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        unbuild = self.env["mrp.unbuild"].create(
            {"mo_id": order.id, "product_id": self.chair.id, "product_qty": 4}
        )
        unbuild.action_unbuild()
        self._add_stock(self.chair, 50)
        with self.assertRaisesRegex(UserError, "Correct it to 4.00 Units or more"):
            posting.backflush_correct(1)
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board), 100)

    def test_operation_comes_down(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Saw", "Screw")
        ]
        line = self.bom.bom_line_ids[0]
        line.write(
            {
                "backflush_method": "operation",
                "operation_id": self.bom.operation_ids[0].id,
            }
        )
        order = self._create_order(quantity=10)
        saw = order.workorder_ids[0]
        posting = self._posting(order.backflush_post(10, workorder_id=saw.id))
        self.assertEqual(saw.state, "done")
        self.assertEqual(self._on_hand(self.board), 80)
        posting.backflush_correct(6)
        self.assertEqual((saw.state, saw.qty_produced), ("progress", 6))
        self.assertEqual(self._on_hand(self.board), 88)
        done = self._posting(order.backflush_post(5))
        with self.assertRaisesRegex(UserError, "5.00 Units of .* are reported as well"):
            posting.backflush_correct(3)
        done.backflush_correct(2)
        posting.backflush_correct(3)
        self.assertEqual(self._on_hand(self.board), 94)
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(self.board), 80)
        self.assertEqual(self._on_hand(self.bolt), 60)

    def test_reopened_components_keep_their_operation(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Saw", "Screw")
        ]
        for line, operation in zip(
            self.bom.bom_line_ids, self.bom.operation_ids, strict=True
        ):
            line.write({"backflush_method": "operation", "operation_id": operation.id})
        order = self._create_order(quantity=10)
        saw, screw = order.workorder_ids
        posting = self._posting(order.backflush_post())
        self.assertEqual(order.state, "done")
        posting.backflush_correct(4)
        rests = order.move_raw_ids.filtered(lambda move: move.state != "done")
        self.assertEqual(rests.workorder_id, saw | screw)
        order.backflush_post(6, workorder_id=saw.id)
        self.assertEqual(self._on_hand(self.board), 80)
        self.assertEqual(self._on_hand(self.bolt), 84)
        order.backflush_post()
        self.assertEqual(self._on_hand(self.bolt), 60)

    def test_start_comes_back(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        self.bom.bom_line_ids[0].backflush_method = "start"
        order = self._create_order(quantity=10)
        order.action_start()
        self.assertEqual(self._on_hand(self.board), 80)
        [posting] = order.backflush_ids
        posting.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)
        self.assertEqual(order.state, "confirmed")
        order.action_start()
        self.assertEqual(self._on_hand(self.board), 80)

    def test_units_and_kits(self):
        glue = self._create_product("Glue")
        kit = self._create_product("Kit")
        self._create_bom(kit, [(glue, 3)], type="phantom")
        box = self._create_product("Box")
        self._create_bom(box, [(kit, 1)], product_qty=12)
        self._add_stock(glue, 100)
        order = self._create_order(box, 2, product_uom_id=self.dozen.id)
        posting = self._posting(order.backflush_post())
        self.assertEqual(self._on_hand(glue), 94)
        posting.backflush_correct(1)
        self.assertEqual(self._on_hand(glue), 97)
        self.assertEqual(self._on_hand(box), 12)

    def test_scrap_goes_with_all_of_the_report(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        before = self._get_holdings()
        order = self._create_order(quantity=10)
        result = order.backflush_post(8, scrap=[{"quantity": 2}])
        self.assertEqual(order.state, "done")
        posting = self._posting(result)
        posting.backflush_correct(5)
        self.assertEqual(order.backflush_scrapped_qty, 2)
        self.assertEqual(self._on_hand(self.board), 100 - 14)
        self.assertEqual(order._get_backflush_remaining(), 3)
        posting.backflush_correct()
        self.assertEqual(order.backflush_scrapped_qty, 0)
        self.assertEqual(self._get_holdings(), before)
        order.backflush_post()
        self.assertEqual(self._on_hand(self.board), 80)

    def test_nothing_but_scrap(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        scrap = [{"quantity": 2}]
        posting = self._posting(order.backflush_post(scrap=scrap, scrap_only=True))
        self.assertEqual(self._on_hand(self.board), 96)
        posting.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 100)
        self.assertEqual(posting.state, "reversed")
        order.backflush_post()
        self.assertEqual(self._on_hand(self.board), 80)

    def test_switched_off(self):
        """What is corrected stays so where Odoo carries on; more needs the switch."""
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        first = self._posting(order.backflush_post(4))
        second = self._posting(order.backflush_post(3))
        first.backflush_correct(2)
        order.backflush = False
        with self.assertRaisesRegex(UserError, "Backflushing is switched off on"):
            second.backflush_correct(1)
        self.assertEqual(self._on_hand(self.board), 90)
        order.backflush = True
        second.backflush_correct(1)
        self.assertEqual(self._on_hand(self.board), 94)
        order.backflush = False
        self._produce(order, 10)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(self.board), 80)
        self.assertEqual(self._on_hand(self.bolt), 60)
        self.assertEqual(self._on_hand(self.chair), 10)

    def test_who_may_correct(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post(10))
        other = new_test_user(self.env, "other", groups=self._get_worker_groups())
        with self.assertRaisesRegex(UserError, "Ask a manufacturing manager"):
            posting.with_user(other).backflush_correct(1)
        self.env.company.backflush_correct_hours = 0
        with self.assertRaisesRegex(UserError, "Ask a manufacturing manager"):
            posting.backflush_correct(1)
        groups = f"{self._get_worker_groups()},mrp.group_mrp_manager"
        manager = new_test_user(self.env, "manager", groups=groups)
        posting.with_user(manager).backflush_correct(1)
        self.assertEqual(posting.correction_ids.user_id, manager)

    def test_dialog_says_what_comes_back(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        order.backflush_post()
        form = Form.from_action(
            self.env(user=self.worker), order.action_backflush_correct()
        )
        self.assertEqual(form.quantity, 10)
        self.assertFalse(form.problem or form.summary or form.is_ready)
        form.quantity = 1
        lines = form.save().line_ids
        self.assertEqual(lines.product_id, self.chair | self.board | self.bolt)
        self.assertEqual(lines.mapped("back_qty"), [9, 18, 36])
        self.assertEqual(lines.mapped("stays_qty"), [1, 2, 4])
        self.assertFalse(form.problem)
        self.assertTrue(form.summary)
        self.assertTrue(form.is_ready)
        form.quantity = 11
        self.assertIn("says less", form.problem)
        self.assertFalse(form.is_ready)
        form.quantity = 1
        form.save().action_correct()
        self.assertEqual(self._on_hand(self.board), 98)


@tagged("post_install", "-at_install")
class TestCancel(BackflushCase):
    """What left stock early is not lost by a cancel."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 100)
        cls._add_stock(cls.bolt, 100)
        cls.bom.bom_line_ids[0].backflush_method = "start"

    def _ask(self, order):
        return Form.from_action(
            self.env(user=self.worker), order._ask_backflush_cancel()
        )

    def test_program_is_refused(self):
        order = self._create_order(quantity=10)
        order.action_start()
        with self.assertRaisesRegex(UserError, order.backflush_ids.name):
            order.action_cancel()
        self.assertEqual(order.state, "progress")

    def test_it_goes_back(self):
        order = self._create_order(quantity=10)
        order.action_start()
        form = self._ask(order)
        self.assertIn("10", form.summary)
        form.save().action_cancel_orders()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._on_hand(self.board), 100)

    def test_it_stays_with_a_reason(self):
        order = self._create_order(quantity=10)
        order.action_start()
        form = self._ask(order)
        form.outcome = "stay"
        form.reason = "Boards were cut"
        form.save().action_cancel_orders()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(self._on_hand(self.board), 80)
        self.assertIn("Boards were cut", order.message_ids[0].body)

    def test_backorder_of_a_started_order(self):
        order = self._create_order(quantity=10)
        order.action_start()
        result = order.backflush_post(6, remainder="backorder")
        backorder = order.browse(result["backorder"]["id"])
        with self.assertRaisesRegex(UserError, "would be lost"):
            backorder.action_cancel()
        self._ask(backorder).save().action_cancel_orders()
        self.assertEqual(backorder.state, "cancel")
        self.assertEqual(self._on_hand(self.board), 88)
        self.assertEqual(order.state, "done")

    def test_steps_without_an_operation(self):
        """Each of them is one step of the work, and none covers another."""
        self.bom.bom_line_ids.backflush_method = "operation"
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        order = self._create_order(quantity=10, confirm=False)
        order.workorder_ids = [
            Command.create(
                {
                    "name": name,
                    "workcenter_id": centre.id,
                    "product_uom_id": order.product_uom_id.id,
                }
            )
            for name in ("Saw", "Screw", "Saw")
        ]
        order.action_confirm()
        for move, step in zip(order.move_raw_ids, order.workorder_ids[1:], strict=True):
            move.workorder_id = step
        for step in order.workorder_ids[1:]:
            order.backflush_post(6, workorder_id=step.id)
        order.backflush_post(6, remainder="backorder")
        self.assertEqual(self._on_hand(self.board), 88)
        self.assertFalse(order._get_backflush_stranded())
        backorder = order.production_group_id.production_ids - order
        backorder.action_cancel()
        self.assertEqual(backorder.state, "cancel")

    def test_nothing_left_early(self):
        order = self._create_order(quantity=10)
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
