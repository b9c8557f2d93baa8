from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..context import with_private
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestStrict(BackflushCase):
    """A strict BoM allows what it said when the order was made, and nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.consumption = "strict"
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.glue = cls._create_product("Glue")
        cls._add_stock(cls.glue, 1000)

    def _assert_refused(self, order, quantity=0.0):
        before = self._on_hand(self.board), self._on_hand(self.bolt)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.backflush_post(quantity=quantity)
        if quantity:
            order.qty_producing = order.qty_produced + quantity
        with self.env.cr.savepoint(flush=True):
            answer = order.button_mark_done()
        self.assertEqual(answer["res_model"], "mrp.consumption.warning")
        self.assertNotEqual(order.state, "done")
        self.assertEqual(before, (self._on_hand(self.board), self._on_hand(self.bolt)))

    def _edit(self, change):
        order = self._create_order(quantity=10)
        change(self._component(order, self.board))
        return order

    def test_edits(self):
        changes = {
            "demand": lambda move: move.write({"product_uom_qty": 5}),
            "more": lambda move: move.write({"product_uom_qty": 50}),
            "ratio": lambda move: move.write({"backflush_ratio": 0.0001}),
            "scrap": lambda move: move.write({"backflush_scrap": 100}),
            "basis": lambda move: move.write({"backflush_basis": "order"}),
            "rounding": lambda move: move.write({"backflush_rounding": 50}),
            "manual": lambda move: move.write({"backflush_method": "manual"}),
            "cancelled": lambda move: move._action_cancel(),
            "deleted": lambda move: (move._action_cancel(), move.unlink()),
        }
        for name, change in changes.items():
            with self.subTest(name=name):
                self._assert_refused(self._edit(change))

    def test_edits_of_a_draft(self):
        order = self._create_order(quantity=10, confirm=False)
        self._component(order, self.board).product_uom_qty = 1
        order.action_confirm()
        self._assert_refused(order)
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 10
            form.move_raw_ids.remove(0)
        form.record.action_confirm()
        self._assert_refused(form.record)

    def test_added(self):
        order = self._create_order(quantity=10)
        entry = [{"product_id": self.glue.id, "quantity": 1}]
        with self.assertRaises(UserError), self.env.cr.savepoint():
            order.backflush_post(components=entry)
        move = self.env["stock.move"].create(
            {
                **order._get_move_raw_values(self.glue, 5, self.glue.uom_id),
                "raw_material_production_id": order.id,
                "bom_line_id": self.bom.bom_line_ids[0].id,
                "backflush_added": False,
                "backflush_method": "completion",
                "backflush_ratio": 0.5,
            }
        )
        move._action_confirm()
        self._assert_refused(order)

    def test_entry_that_the_bom_says(self):
        """An edit is mended by recording what the bill of materials says."""
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        self._component(order, self.board).quantity = 20
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_parts_of_an_edited_order(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4)
        self._component(order, self.board).filtered(
            lambda move: move.state != "done"
        ).product_uom_qty = 30
        self._assert_refused(order, 3)
        entry = [{"product_id": self.board.id, "quantity": 6}]
        order.backflush_post(quantity=3, components=entry)
        self._assert_refused(order, 3)
        order.backflush_post(components=entry)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_deleted_after_a_part(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4)
        rest = order.move_raw_ids.filtered(
            lambda move: move.product_id == self.board and move.state != "done"
        )
        rest._action_cancel()
        self._assert_refused(order)

    def test_backorder(self):
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        self._component(order, self.board).quantity = 8
        order.with_user(self.worker).backflush_post(quantity=4, remainder="backorder")
        [backorder] = order.production_group_id.production_ids - order
        self.assertEqual(
            backorder.sudo().backflush_recipe, order.sudo().backflush_recipe
        )
        self._assert_refused(backorder)
        self._component(backorder, self.board).quantity = 12
        backorder.backflush_post()
        self.assertEqual(backorder.state, "done")

    def test_waste_that_a_manager_allowed(self):
        """It is not taken back by the next report, and nobody is stopped for it."""
        order = self._create_order(quantity=10)
        manager = self.env.ref("base.user_admin")
        order.with_user(manager).backflush_post(
            quantity=4, components=[{"product_id": self.board.id, "quantity": 11}]
        )
        order.backflush_post()
        self.assertConsumed(order, {self.board: 23, self.bolt: 40})

    def test_bom_changed_since(self):
        order = self._create_order(quantity=10)
        self.bom.bom_line_ids[0].product_qty = 3
        old = self._create_order(quantity=10)
        order.backflush_post()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.bom.bom_line_ids[0].product_qty = 4
        old.action_update_bom()
        old.backflush_post()
        self.assertConsumed(old, {self.board: 40, self.bolt: 40})

    def test_order_of_an_earlier_version(self):
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        with_private(order.sudo(), record=True).backflush_recipe = False
        self._assert_refused(order)
        other = self._create_order(quantity=10)
        with_private(other.sudo(), record=True).backflush_recipe = False
        other.backflush_post()
        self.assertEqual(other.state, "done")

    def test_recipe_is_protected(self):
        order = self._create_order(quantity=10)
        for user in (self.worker, self.env.ref("base.user_admin")):
            with self.assertRaises(AccessError):
                order.with_user(user).write({"backflush_recipe": []})
            with self.assertRaises(AccessError):
                order.with_user(user).with_context(default_backflush_recipe=[]).copy()
            with self.assertRaises(AccessError):
                order.with_user(user).create(
                    {"product_id": self.chair.id, "backflush_recipe": []}
                )

    def test_skipped_question(self):
        """Who skips the question is held to the BoM; a manager is recorded."""
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        for called in (
            order.with_context(skip_consumption=True).button_mark_done,
            lambda: order.with_context(
                skip_consumption=True, skip_backorder=True
            ).button_mark_done(),
            Form.from_action(self.env(user=self.worker), order.button_mark_done())
            .save()
            .action_confirm,
        ):
            with self.assertRaisesRegex(UserError, "5.00 Units instead of 20.00"):
                called()
        order.qty_producing = 4
        with self.assertRaisesRegex(UserError, "instead of 8.00"):
            order.with_context(
                skip_consumption=True,
                skip_backorder=True,
                mo_ids_to_backorder=order.ids,
            ).button_mark_done()
        order.qty_producing = 0
        manager = self.env.ref("base.user_admin")
        order.with_user(manager).with_context(skip_consumption=True).button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(order.backflush_ids.user_id, manager)
        note = order.message_ids.filtered(
            lambda m: "instead of 20.00" in (m.body or "")
        )
        self.assertEqual(note.author_id, manager.partner_id)

    def test_report_of_a_manager_is_recorded(self):
        order = self._create_order(quantity=10)
        manager = self.env.ref("base.user_admin")
        used = [{"product_id": self.board.id, "quantity": 25}]
        order.with_user(manager).backflush_post(components=used)
        note = order.message_ids.filtered(lambda m: "25.00 Units" in (m.body or ""))
        self.assertEqual(note.author_id, manager.partner_id)

    def test_made_less_strict(self):
        order = self._create_order(quantity=10)
        other = self.bom.copy({"consumption": "flexible"})
        for vals in (
            {"consumption": "flexible"},
            {"consumption": "warning"},
            {"bom_id": False},
            {"bom_id": other.id},
        ):
            with self.assertRaisesRegex(UserError, "strict bill of materials"):
                order.write(vals)
        order.write({"consumption": "strict", "bom_id": self.bom.id})
        order.with_user(self.env.ref("base.user_admin")).consumption = "flexible"
        self.assertEqual(order.consumption, "flexible")

    def test_early(self):
        """An edit is not taken at the start or at an operation, either."""
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": centre.id})
        ]
        line = self.bom.bom_line_ids[0]
        line.operation_id = self.bom.operation_ids
        for method in ("operation", "start"):
            line.backflush_method = method
            order = self._edit(lambda move: move.write({"product_uom_qty": 50}))
            with self.assertRaises(UserError), self.env.cr.savepoint():
                order.workorder_ids.button_start()
                order.workorder_ids.button_finish()
            order = self._create_order(quantity=10)
            order.workorder_ids.button_start()
            order.workorder_ids.button_finish()
            self.assertConsumed(order, {self.board: 20})

    def test_entry_at_an_operation(self):
        """A strict order takes no other entry there than at completion."""
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": centre.id})
        ]
        self.bom.bom_line_ids[0].write(
            {"backflush_method": "operation", "operation_id": self.bom.operation_ids.id}
        )
        for user in (self.worker, self.env.ref("base.user_admin")):
            order = self._create_order(quantity=10)
            order.workorder_ids.button_start()
            self._component(order, self.board).write({"quantity": 21, "picked": True})
            finish = order.workorder_ids.with_user(user).button_finish
            if user == self.worker:
                with self.assertRaisesRegex(UserError, "21.00 Units instead of 20.00"):
                    finish()
            else:
                finish()
                self.assertConsumed(order, {self.board: 21})

    def test_warning_asks(self):
        self.bom.consumption = "warning"
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        answer = order.button_mark_done()
        self.assertEqual(answer["res_model"], "mrp.consumption.warning")
        self.bom.consumption = "flexible"
        order = self._edit(lambda move: move.write({"product_uom_qty": 5}))
        self.assertTrue(order.button_mark_done())
        self.assertEqual(order.state, "done")
