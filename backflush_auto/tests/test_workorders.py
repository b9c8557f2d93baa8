from odoo import Command

from .common import BackflushCase


class TestWorkorders(BackflushCase):
    """Odoo fills and picks the components of a finished work order; we do not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        centre = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Cut", "Screw")
        ]
        cls.bom.consumption = "flexible"
        for line, operation in zip(
            cls.bom.bom_line_ids, cls.bom.operation_ids, strict=True
        ):
            line.operation_id = operation

    def test_last_work_order_finished(self):
        order = self._create_order(quantity=100)
        order.button_plan()
        for workorder in order.workorder_ids:
            workorder.button_start()
            workorder.button_finish()
        self.assertEqual(order.state, "to_close")
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_work_orders_in_part(self):
        order = self._create_order(quantity=100)
        order.qty_producing = 30
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].button_finish()
        rest = self._produce(order, backorder=True)
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 140, self.bolt: 280})

    def test_finished_by_produce_all(self):
        order = self._create_order(quantity=100)
        self._produce(order)
        self.assertEqual(order.workorder_ids.mapped("state"), ["done"] * 2)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_component_with_an_operation_is_not_manual(self):
        """Odoo marks it manual; here its own method decides."""
        order = self._create_order(quantity=100)
        self.assertEqual(order.move_raw_ids.mapped("manual_consumption"), [False] * 2)
        rest = self._produce(order, 30, backorder=True)
        self.assertEqual(rest.move_raw_ids.mapped("manual_consumption"), [False] * 2)

    def test_manual_component_of_an_operation(self):
        self.bom.bom_line_ids[1].backflush_method = "manual"
        order = self._create_order(quantity=100)
        order.workorder_ids[1].button_start()
        order.workorder_ids[1].button_finish()
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 0})

    def test_entry_while_the_work_order_runs(self):
        order = self._create_order(quantity=100)
        order.workorder_ids[0].button_start()
        self._component(order, self.board).quantity = 205
        order.workorder_ids[0].button_finish()
        self._produce(order)
        self.assertConsumed(order, {self.board: 205, self.bolt: 400})

    def test_by_product_of_an_operation(self):
        sawdust = self._create_product("Sawdust")
        self.bom.byproduct_ids = [
            Command.create(
                {
                    "product_id": sawdust.id,
                    "product_qty": 1,
                    "operation_id": self.bom.operation_ids[0].id,
                }
            )
        ]
        order = self._create_order(quantity=10)
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].button_finish()
        self.assertEqual(order.move_byproduct_ids.quantity, 10)
        self._produce(order)
        self.assertEqual(self._on_hand(sawdust), 10)
