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

    def test_ratio_written_by_a_program(self):
        """The demand is what the order will consume."""
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.backflush_ratio = 3
        self.assertEqual(board.product_uom_qty, 30)
        self._add_stock(self.board, 20)
        self._add_stock(self.bolt, 20)
        order.backflush_post(4)
        self.assertConsumed(order, {self.board: 12, self.bolt: 16})

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

    def test_method_chosen_on_a_draft_that_grows(self):
        order = self._create_order(quantity=10, confirm=False)
        self._component(order, self.bolt).backflush_method = "manual"
        order.product_qty = 20
        self.assertRecordValues(
            self._component(order, self.bolt),
            [{"backflush_method": "manual", "product_uom_qty": 80}],
        )

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
        with self.assertRaisesRegex(UserError, "Nothing can be added"):
            with Form(order) as form, form.move_raw_ids.new() as line:
                line.product_id = glue
                line.quantity = 3
        self.assertEqual(self._on_hand(glue), 1000)

    def test_new_boms_start_as_the_company_says(self):
        self.assertTrue(self.bom.backflush)
        self.assertEqual(self.bom.backflush_shortage, "block")
        self.env.company.write(
            {"backflush_default": False, "backflush_shortage": "negative"}
        )
        bom = self._create_bom(self.chair, [(self.board, 1)])
        self.assertFalse(bom.backflush)
        self.assertEqual(bom.backflush_shortage, "negative")
