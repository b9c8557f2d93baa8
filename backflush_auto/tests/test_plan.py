from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form

from .common import BackflushCase


class TestPlan(BackflushCase):
    """What an order plans, and what its components remember."""

    def test_snapshot(self):
        order = self._create_order(quantity=100)
        self.assertRecordValues(
            order.move_raw_ids,
            [
                {
                    "product_id": self.board.id,
                    "product_uom_qty": 200,
                    "backflush_method": "completion",
                    "backflush_ratio": 2,
                    "manual_consumption": False,
                },
                {
                    "product_id": self.bolt.id,
                    "product_uom_qty": 400,
                    "backflush_method": "completion",
                    "backflush_ratio": 4,
                    "manual_consumption": False,
                },
            ],
        )

    def test_plan_is_rounded_once(self):
        """A sheet for three chairs: the plan is the target of the whole order."""
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=1)
        board = self._component(order, self.board)
        self.assertAlmostEqual(board.backflush_ratio, 1 / 3, places=12)
        self.assertEqual(board.product_uom_qty, 0.33)

    def test_created_on_the_form(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 10
            self.assertTrue(form.backflush)
        order = form.record
        self.assertAlmostEqual(
            self._component(order, self.board).backflush_ratio, 1 / 3, places=12
        )
        with Form(order) as form:
            form.product_qty = 20
        board = self._component(order, self.board)
        self.assertAlmostEqual(board.backflush_ratio, 1 / 3, places=12)
        self.assertEqual(board.product_uom_qty, 6.67)

    def test_method_of_line_wins_over_product(self):
        self.board.backflush_method = "manual"
        self.bolt.backflush_method = "manual"
        self.bom.bom_line_ids[1].backflush_method = "completion"
        order = self._create_order()
        self.assertEqual(
            order.move_raw_ids.mapped("backflush_method"), ["manual", "completion"]
        )

    def test_later_changes_of_the_bom_do_not_reach_the_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self.bom.bom_line_ids[0].product_qty = 3
        self.bom.bom_line_ids[1].backflush_method = "manual"
        self.bom.backflush = False
        self.assertTrue(order.backflush)
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_until_its_bom_is_updated_on_it(self):
        order = self._create_order(quantity=100)
        self.bom.bom_line_ids[0].product_qty = 3
        self.bom.bom_line_ids[1].backflush_method = "manual"
        order.action_update_bom()
        self.assertRecordValues(
            order.move_raw_ids,
            [
                {
                    "product_uom_qty": 300,
                    "backflush_ratio": 3,
                    "backflush_method": "completion",
                },
                {
                    "product_uom_qty": 400,
                    "backflush_ratio": 4,
                    "backflush_method": "manual",
                },
            ],
        )

    def test_updated_bom_with_a_kit_on_two_lines(self):
        """Where Odoo makes one component of both kits, it takes what both take."""
        joint = self._create_product("Joint")
        self._create_bom(joint, [(self.bolt, 2)], type="phantom")
        table = self._create_product("Table")
        bom = self._create_bom(table, [(joint, 1)])
        order = self._create_order(table, 10)
        bom.bom_line_ids = [Command.create({"product_id": joint.id, "product_qty": 3})]
        order.action_update_bom()
        self.assertRecordValues(
            order.move_raw_ids, [{"product_uom_qty": 80, "backflush_ratio": 8}]
        )

    def test_edited_demand_is_the_new_ratio(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.is_locked = False
        with Form(order) as form, form.move_raw_ids.edit(0) as line:
            line.product_uom_qty = 250
        self.assertEqual(self._component(order, self.board).backflush_ratio, 2.5)
        self._produce(order, 40)
        self.assertConsumed(order, {self.board: 100, self.bolt: 160})

    def test_edited_demand_survives_another_quantity(self):
        order = self._create_order(quantity=100)
        self._component(order, self.board).product_uom_qty = 250
        wizard = self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 50}
        )
        wizard.change_prod_qty()
        self.assertEqual(order.move_raw_ids.mapped("product_uom_qty"), [125, 200])

    def test_another_quantity_of_the_order(self):
        """Odoo's wizard rounds up what it has rounded before; the plan does not."""
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=1)
        wizard = self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 30}
        )
        wizard.change_prod_qty()
        board = self._component(order, self.board)
        self.assertEqual(board.product_uom_qty, 10)
        self.assertAlmostEqual(board.backflush_ratio, 1 / 3, places=12)

    def test_component_added_by_hand(self):
        glue = self._create_product("Glue")
        for product in (self.board, self.bolt, glue):
            self._add_stock(product, 1000)
        order = self._create_order(quantity=100)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = glue
            line.product_uom_qty = 10
        self.assertEqual(self._component(order, glue).backflush_ratio, 0.1)
        self._produce(order, 50)
        self.assertConsumed(order, {self.board: 100, self.bolt: 200, glue: 5})

    def test_component_added_to_a_draft_that_grows(self):
        glue = self._create_product("Glue")
        order = self._create_order(quantity=10, confirm=False)
        order.move_raw_ids = [
            Command.create({"product_id": glue.id, "product_uom_qty": 10})
        ]
        order.product_qty = 100
        order.action_confirm()
        self.assertEqual(self._component(order, glue).backflush_ratio, 0.1)

    def test_kit_added_by_hand(self):
        kit = self._create_product("Kit")
        glue = self._create_product("Glue")
        self._create_bom(kit, [(glue, 3)], type="phantom")
        for product in (self.board, self.bolt, glue):
            self._add_stock(product, 1000)
        order = self._create_order(quantity=10)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = kit
            line.product_uom_qty = 20
        self.assertEqual(self._component(order, glue).backflush_ratio, 6)
        self._produce(order, 5)
        self.assertConsumed(order, {self.board: 10, self.bolt: 20, glue: 30})

    def test_copied_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        copied = order.copy()
        self.assertTrue(copied.backflush)
        copied.action_confirm()
        copied.button_mark_done()
        self.assertConsumed(copied, {self.board: 200, self.bolt: 400})
        self.assertEqual(copied.backflush_count, 1)

    def test_order_without_bom(self):
        self._add_stock(self.board, 100)
        self.bom.active = False
        order = self._create_order(
            quantity=10,
            confirm=False,
            backflush=True,
            move_raw_ids=[
                Command.create({"product_id": self.board.id, "product_uom_qty": 30})
            ],
        )
        order.action_confirm()
        self._produce(order, 4)
        self.assertConsumed(order, {self.board: 12})

    def test_switched_on_an_open_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        self.assertFalse(order.backflush)
        self.assertEqual(order.move_raw_ids.mapped("backflush_method"), [False] * 2)
        order.backflush = True
        self.assertEqual(order.move_raw_ids.mapped("backflush_ratio"), [2, 4])
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(order.backflush_count, 1)

    def test_switched_off_an_open_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self.assertEqual(self._reserved(self.board), 0)
        order.backflush = False
        self.assertEqual(self._reserved(self.board), 200)
        self.assertEqual(order.move_raw_ids.mapped("backflush_method"), [False] * 2)
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertFalse(order.backflush_ids)

    def test_switched_off_while_producing(self):
        """Odoo has what it needs to consume: it fills the components again."""
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 100
        order.backflush = False
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_switched_on_while_producing(self):
        """What Odoo filled for half is no entry of a person."""
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
        self.assertTrue(all(order.move_raw_ids.mapped("picked")))
        order.backflush = True
        with Form(order) as form:
            form.qty_producing = 100
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_switched_off_on_the_new_form(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 1
            form.backflush = False
        self.assertRecordValues(
            self._component(form.record, self.board),
            [
                {
                    "product_uom_qty": 0.34,
                    "backflush_method": False,
                    "backflush_ratio": 0,
                }
            ],
        )

    def test_method_chosen_on_a_draft_that_grows(self):
        order = self._create_order(quantity=10, confirm=False)
        self._component(order, self.bolt).backflush_method = "manual"
        order.product_qty = 20
        self.assertRecordValues(
            self._component(order, self.bolt),
            [{"backflush_method": "manual", "product_uom_qty": 80}],
        )

    def test_updated_bom_leaves_the_orders_switch_alone(self):
        order = self._create_order(quantity=10, backflush=False)
        order.action_update_bom()
        self.assertFalse(order.backflush)
        order = self._create_order(quantity=10, backflush_shortage="negative")
        order.action_update_bom()
        self.assertEqual(order.backflush_shortage, "negative")

    def test_reservation_by_hand_follows_the_quantity(self):
        self._add_stock(self.board, 1000)
        order = self._create_order(quantity=10)
        order.action_assign()
        for quantity in (5, 15):
            self.env["change.production.qty"].create(
                {"mo_id": order.id, "product_qty": quantity}
            ).change_prod_qty()
            self.assertEqual(self._reserved(self.board), 2 * quantity)

    def test_negative_ratio(self):
        order = self._create_order(quantity=10)
        with self.assertRaisesRegex(ValidationError, "Board"):
            self._component(order, self.board).backflush_ratio = -5

    def test_copy_of_an_order_with_an_entry(self):
        """The copy has no entry: it consumes what it should."""
        self.bom.consumption = "flexible"
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 22
        self._produce(order)
        copied = order.copy()
        copied.action_confirm()
        self._produce(copied)
        self.assertConsumed(copied, {self.board: 20, self.bolt: 40})

    def test_copy_of_an_order_whose_component_left_in_parts(self):
        self._add_stock(self.board, 1000)
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.quantity = 20
        board._action_done()
        copied = order.copy()
        self.assertEqual(copied.move_raw_ids.mapped("product_uom_qty"), [20, 40])
        copied = order.copy({"product_uom_id": self.dozen.id, "product_qty": 1})
        self.assertEqual(copied.move_raw_ids.mapped("product_uom_qty"), [24, 48])

    def test_copies_of_orders_with_and_without_the_flag(self):
        self.bom.product_qty = 3
        orders = self._create_order(quantity=1, backflush=False)
        orders |= self._create_order(quantity=1)
        copied = orders.copy()
        boards = copied.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.mapped("product_uom_qty"), [0.67, 0.67])
        self.assertEqual([bool(b.backflush_method) for b in boards], [False, True])

    def test_component_added_with_its_method(self):
        glue = self._create_product("Glue")
        for product in (self.board, self.bolt, glue):
            self._add_stock(product, 1000)
        order = self._create_order(quantity=10)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = glue
            line.product_uom_qty = 5
            line.backflush_method = "completion"
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40, glue: 5})

    def test_component_added_when_done(self):
        glue = self._create_product("Glue")
        for product in (self.board, self.bolt, glue):
            self._add_stock(product, 1000)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        order.is_locked = False
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = glue
            line.quantity = 3
        self.assertEqual(self._component(order, glue).state, "done")
        self.assertEqual(self._on_hand(glue), 997)

    def test_switched_draft_with_a_component_added_by_hand(self):
        glue = self._create_product("Glue")
        order = self._create_order(quantity=10, confirm=False, backflush=False)
        order.move_raw_ids = [
            Command.create({"product_id": glue.id, "product_uom_qty": 10})
        ]
        for backflush, method, ratio in ((True, "completion", 1), (False, False, 0)):
            order.backflush = backflush
            self.assertRecordValues(
                self._component(order, glue),
                [
                    {
                        "backflush_method": method,
                        "backflush_ratio": ratio,
                        "backflush_added": backflush,
                    }
                ],
            )

    def test_copied_backorder_begins_its_own_count(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 10)
        order = self._create_order(quantity=2)
        rest = self._produce(order, 1, backorder=True)
        self.assertEqual(self._component(rest, self.board).product_uom_qty, 0.34)
        copied = rest.copy()
        copied.action_confirm()
        board = self._component(copied, self.board)
        self.assertEqual(board.product_uom_qty, 0.33)
        self.assertAlmostEqual(board.backflush_ratio, 1 / 3, places=12)

    def test_not_switched_when_done(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        with self.assertRaisesRegex(UserError, order.name):
            order.backflush = False

    def test_new_boms_start_as_the_company_says(self):
        self.assertTrue(self.bom.backflush)
        self.assertEqual(self.bom.backflush_shortage, "block")
        self.env.company.write(
            {"backflush_default": False, "backflush_shortage": "negative"}
        )
        bom = self._create_bom(self.chair, [(self.board, 1)])
        self.assertFalse(bom.backflush)
        self.assertEqual(bom.backflush_shortage, "negative")

    def test_mass_action_on_boms(self):
        self.bom.action_backflush_off()
        self.assertFalse(self.bom.backflush)
        self.bom.action_backflush_on()
        self.assertTrue(self.bom.backflush)

    def test_split_orders(self):
        """Three orders split from one plan and consume together what it would have."""
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=3)
        orders = order._split_productions({order: [1, 1, 1]})
        boards = orders.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.mapped("product_uom_qty"), [0.33, 0.34, 0.33])
        orders[::-1].button_mark_done()
        self.assertEqual(boards.mapped("quantity"), [0.33, 0.34, 0.33])

    def test_what_should_be_consumed_so_far(self):
        """The second of six chairs of one sheet takes 0.33 - 0.17, not 0.83 / 5."""
        self.bom.product_qty = 6
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=6)
        rest = order._split_productions({order: [1, 5]})[1]
        board = self._component(rest, self.board)
        self.assertEqual(board.product_uom_qty, 0.83)
        rest.qty_producing = 1
        self.assertEqual(board.should_consume_qty, 0.16)

    def test_merged_orders(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        orders = self._create_order(quantity=10) | self._create_order(quantity=20)
        action = orders.action_merge()
        merged = orders.browse(action["res_id"])
        self.assertTrue(merged.backflush)
        merged.button_mark_done()
        self.assertConsumed(merged, {self.board: 60, self.bolt: 120})
