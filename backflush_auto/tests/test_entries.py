from odoo.tests import Form

from .common import BackflushCase


class TestEntries(BackflushCase):
    """What a person records, and what nobody records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _make_manual(self, product):
        self.bom.bom_line_ids.filtered(
            lambda line: line.product_id == product
        ).backflush_method = "manual"

    def test_quantity_entered_on_the_form_wins(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
            with form.move_raw_ids.edit(0) as line:
                line.quantity = 104
        self._produce(order)
        self.assertConsumed(order, {self.board: 104, self.bolt: 200})
        self.assertRecordValues(
            order.backflush_ids.move_ids,
            [
                {"backflush_expected_qty": 100, "backflush_variance_qty": 4},
                {"backflush_expected_qty": 200, "backflush_variance_qty": 0},
            ],
        )

    def test_quantity_equal_to_the_demand_is_an_entry_too(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
            with form.move_raw_ids.edit(0) as line:
                line.quantity = 200
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 200})

    def test_zero_entered_by_a_person(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        order.action_assign()
        self._component(order, self.board).quantity = 0
        self._produce(order)
        self.assertConsumed(order, {self.board: 0, self.bolt: 400})
        self.assertEqual(
            order.backflush_ids.move_ids.mapped("backflush_variance_qty"), [-200, 0]
        )
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_entering_the_produced_quantity_fills_nothing(self):
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self.assertEqual(order.move_raw_ids.mapped("should_consume_qty"), [100, 200])

    def test_manual_is_never_filled(self):
        self.bom.consumption = "flexible"
        self._make_manual(self.bolt)
        order = self._create_order(quantity=100)
        bolt = self._component(order, self.bolt)
        self.assertEqual(self._reserved(self.bolt), 400)
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})
        self.assertEqual(bolt.state, "cancel")
        self.assertEqual(self._on_hand(self.bolt), 1000)
        self.assertEqual(self._reserved(self.bolt), 0)

    def test_manual_recorded(self):
        self._make_manual(self.bolt)
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        with Form(order) as form, form.move_raw_ids.edit(1) as line:
            line.quantity = 390
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 390})

    def test_manual_recorded_as_reserved(self):
        """One tick says that what is reserved was consumed."""
        self._make_manual(self.bolt)
        order = self._create_order(quantity=100)
        with Form(order) as form, form.move_raw_ids.edit(1) as line:
            self.assertEqual(line.quantity, 400)
            line.picked = True
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_entry_withdrawn(self):
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.quantity = 210
        self.assertTrue(board.picked)
        board.picked = False
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_entry_withdrawn_on_the_form(self):
        order = self._create_order(quantity=100)
        with Form(order) as form, form.move_raw_ids.edit(0) as line:
            line.quantity = 210
            self.assertTrue(line.picked)
        with Form(order) as form, form.move_raw_ids.edit(0) as line:
            line.picked = False
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_entry_withdrawn_at_its_lines(self):
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.quantity = 210
        board.move_line_ids.picked = False
        order.do_unreserve()
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_manual_unrecorded_with_a_warning(self):
        self._make_manual(self.bolt)
        self.bom.consumption = "warning"
        order = self._create_order(quantity=100)
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        self.assertRecordValues(
            wizard.mrp_consumption_warning_line_ids,
            [
                {
                    "product_id": self.bolt.id,
                    "product_consumed_qty_uom": 0,
                    "product_expected_qty_uom": 400,
                }
            ],
        )
        self.assertEqual(
            order.state, "confirmed" if not order.qty_producing else order.state
        )
        wizard.action_set_qty()
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_manual_unrecorded_where_consumption_is_strict(self):
        self._make_manual(self.bolt)
        self.bom.consumption = "strict"
        order = self._create_order(quantity=100)
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        self.assertEqual(wizard.consumption, "strict")
        self.assertFalse(order.backflush_ids)

    def test_complete_order_never_warns(self):
        """Odoo's check rounds a third of a sheet three times; ours compares targets."""
        self.bom.write({"consumption": "strict", "product_qty": 3})
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=1)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 0.33, self.bolt: 1.33})

    def test_line_deleted_after_confirmation_is_not_questioned(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=10)
        self.bom.bom_line_ids[0].unlink()
        self.assertIs(order.button_mark_done(), True)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_waste_is_questioned_where_consumption_is_strict(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=100)
        self._component(order, self.board).quantity = 210
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")

    def test_added_component_is_questioned_where_consumption_is_strict(self):
        self.bom.consumption = "strict"
        glue = self._create_product("Glue")
        self._add_stock(glue, 100)
        order = self._create_order(quantity=100)
        with Form(order) as form, form.move_raw_ids.new() as line:
            line.product_id = glue
            line.product_uom_qty = 10
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")

    def test_wizard_left_and_quantity_changed(self):
        """What a dismissed question has prepared does not stick."""
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.backorder")
        with Form(order) as form:
            form.qty_producing = 40
        self._produce(order)
        self.assertConsumed(order, {self.board: 80, self.bolt: 160})

    def test_method_changed_on_the_order(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        self._component(order, self.bolt).backflush_method = "manual"
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})

    def test_by_products(self):
        sawdust = self._create_product("Sawdust")
        self.bom.byproduct_ids = [
            (0, 0, {"product_id": sawdust.id, "product_qty": 0.5})
        ]
        order = self._create_order(quantity=100)
        self._produce(order, 50)
        self.assertConsumed(order, {self.board: 100, self.bolt: 200})
        self.assertEqual(self._on_hand(sawdust), 25)
        self.assertEqual(
            order.backflush_ids.finished_move_ids.product_id, self.chair | sawdust
        )

    def test_what_an_entry_leaves_is_there_for_another_line(self):
        """One product on two lines: what one of them holds and does not take."""
        self.bom.bom_line_ids[1].product_id = self.board
        self.bom.bom_line_ids[1].product_qty = 3
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=250)
        order.action_assign()
        first, second = order.move_raw_ids
        self.assertEqual((first.quantity, second.quantity), (500, 500))
        second.move_line_ids.unlink()
        self._add_stock(self.board, -500)
        shown = order.backflush_preview(quantity=100)["components"]
        self.assertEqual(shown[1]["shortage"], 0)
        entry = {"move_id": first.id, "quantity": 0}
        order.backflush_post(quantity=100, components=[entry])
        self.assertConsumed(order, {self.board: 300})
        self.assertEqual(self._on_hand(self.board), 200)
