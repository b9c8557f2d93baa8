from odoo import Command
from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestPartsWorkorders(BackflushCase):
    """Work orders of an order that is reported in parts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.centre = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.consumption = "flexible"

    def _create_routed_order(self, operations=3, parallel=False, quantity=100):
        """An order whose operations take a minute for each unit.

        Odoo lets each wait for the one before, unless the BoM says otherwise.
        """
        self.bom.allow_operation_dependencies = parallel
        self.bom.operation_ids = [Command.clear()] + [
            Command.create(
                {
                    "name": f"Operation {number}",
                    "workcenter_id": self.centre.id,
                    "time_cycle_manual": 1,
                }
            )
            for number in range(operations)
        ]
        return self._create_order(quantity=quantity)

    def _report(self, order, total):
        with Form(order) as form:
            form.qty_producing = total
        return self._post_part(order)

    def _post_part(self, order):
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        return wizard.action_backflush_keep_open()

    def assertWorkorders(self, order, *expected):
        self.assertRecordValues(
            order.workorder_ids,
            [
                dict(
                    zip(
                        ("state", "qty_produced", "qty_remaining", "duration"),
                        values,
                        strict=True,
                    )
                )
                for values in expected
            ],
        )

    def test_one_operation(self):
        order = self._create_routed_order(1)
        self._report(order, 30)
        self.assertRecordValues(
            order, [{"state": "progress", "qty_producing": 30, "qty_produced": 30}]
        )
        self.assertWorkorders(order, ("ready", 30, 70, 0))
        self._report(order, 75)
        self.assertWorkorders(order, ("ready", 75, 25, 0))
        self._produce(order)
        self.assertEqual(order.state, "done")
        self.assertWorkorders(order, ("done", 100, 0, 100))

    def test_three_operations(self):
        order = self._create_routed_order(3, parallel=True)
        self._report(order, 30)
        self.assertEqual((order.state, order.qty_producing), ("progress", 30))
        self.assertWorkorders(order, *[("ready", 30, 70, 0)] * 3)
        self._report(order, 75)
        self.assertEqual((order.state, order.qty_producing), ("progress", 75))
        self.assertWorkorders(order, *[("ready", 75, 25, 0)] * 3)
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertWorkorders(order, *[("done", 100, 0, 100)] * 3)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_operations_that_wait_for_each_other(self):
        order = self._create_routed_order(3)
        self.assertEqual(
            order.workorder_ids.mapped("state"), ["ready", "blocked", "blocked"]
        )
        self._report(order, 30)
        self.assertWorkorders(
            order, ("ready", 30, 70, 0), *[("blocked", 30, 70, 0)] * 2
        )
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].button_finish()
        self.assertEqual(
            order.workorder_ids.mapped("state"), ["done", "ready", "blocked"]
        )
        self._report(order, 75)
        self.assertEqual((order.state, order.qty_produced), ("progress", 75))
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertEqual(order.workorder_ids.mapped("state"), ["done"] * 3)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_started_before_a_part(self):
        order = self._create_routed_order(2)
        order.workorder_ids[0].button_start()
        self._report(order, 30)
        self.assertEqual(order.workorder_ids.mapped("state"), ["progress", "blocked"])
        self.assertTrue(order.workorder_ids[0].is_user_working)
        self.assertEqual(order.qty_producing, 30)
        order.workorder_ids[0].button_pending()
        order.workorder_ids[0].button_start()
        self.assertEqual(order.qty_producing, 30)
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])

    def test_all_finished_between_parts(self):
        """Finished for the whole order, which then waits to be closed."""
        order = self._create_routed_order(3)
        self._report(order, 30)
        for workorder in order.workorder_ids:
            workorder.button_start()
            workorder.button_finish()
        self.assertEqual(order.state, "to_close")
        self.assertEqual(order.workorder_ids.mapped("qty_produced"), [100] * 3)
        self.assertEqual(order.qty_produced, 30)
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(order.backflush_ids.sorted("id").mapped("quantity"), [30, 70])

    def test_one_finished_between_parts(self):
        order = self._create_routed_order(3)
        self._report(order, 30)
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].button_finish()
        self.assertRecordValues(
            order, [{"state": "progress", "qty_producing": 30, "qty_produced": 30}]
        )
        self._report(order, 75)
        self.assertWorkorders(
            order,
            ("done", 100, 0, order.workorder_ids[0].duration),
            ("ready", 75, 25, 0),
            ("blocked", 75, 25, 0),
        )
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])

    def test_finished_for_what_was_entered(self):
        order = self._create_routed_order(2)
        self._report(order, 30)
        order.qty_producing = 60
        for workorder in order.workorder_ids:
            workorder.button_finish()
        self.assertEqual(order.workorder_ids.mapped("qty_produced"), [60] * 2)
        self.assertEqual((order.state, order.qty_producing), ("to_close", 60))
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 60}])
        self.assertConsumed(order, {self.board: 120, self.bolt: 240})

    def test_part_after_the_work_orders_are_finished(self):
        order = self._create_routed_order(2)
        for workorder in order.workorder_ids:
            workorder.button_start()
            workorder.button_finish()
        self.assertEqual((order.state, order.qty_producing), ("to_close", 100))
        self._report(order, 30)
        self.assertRecordValues(
            order, [{"state": "to_close", "qty_producing": 30, "qty_produced": 30}]
        )
        self._report(order, 75)
        self._produce(order)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_quantity_entered_on_the_work_orders(self):
        """The order is where its work order that is furthest behind is."""
        order = self._create_routed_order(2)
        self._report(order, 30)
        order.workorder_ids[0].qty_produced = 50
        self.assertEqual(order.qty_producing, 30)
        order.workorder_ids[1].qty_produced = 40
        self.assertEqual(order.qty_producing, 40)
        self._post_part(order)
        self.assertEqual(order.qty_produced, 40)
        self.assertEqual(order.workorder_ids.mapped("qty_produced"), [50, 40])

    def test_rest_as_backorder(self):
        order = self._create_routed_order(3)
        self._report(order, 30)
        rest = self._produce(order, 70, backorder=True)
        self.assertRecordValues(
            order + rest,
            [
                {"state": "done", "product_qty": 70, "qty_produced": 70},
                {"state": "confirmed", "product_qty": 30, "qty_produced": 0},
            ],
        )
        self.assertWorkorders(order, *[("done", 70, 0, 70)] * 3)
        self.assertWorkorders(rest, ("ready", 0, 30, 0), *[("blocked", 0, 30, 0)] * 2)
        self.assertEqual(
            rest.workorder_ids.mapped("qty_reported_from_previous_wo"), [0] * 3
        )
        self.assertEqual(rest.workorder_ids.mapped("duration_expected"), [30] * 3)
        self._report(rest, 10)
        self._produce(rest)
        self.assertWorkorders(rest, *[("done", 30, 0, 30)] * 3)
        self.assertConsumed(rest, {self.board: 60, self.bolt: 120})

    def test_backorder_of_an_order_with_one_operation_finished(self):
        """What the finished operation made beyond this order counts for the rest."""
        order = self._create_routed_order(2)
        self._report(order, 30)
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].button_finish()
        rest = self._produce(order, 70, backorder=True)
        self.assertEqual(order.workorder_ids.mapped("qty_produced"), [100, 70])
        self.assertEqual(rest.workorder_ids.mapped("state"), ["cancel", "ready"])
        self._produce(rest)
        self.assertEqual(rest.state, "done")
        self.assertConsumed(rest, {self.board: 60, self.bolt: 120})

    def test_order_quantity_changed_between_parts(self):
        for quantity in (50, 200):
            order = self._create_routed_order(2)
            self._report(order, 30)
            self.env["change.production.qty"].create(
                {"mo_id": order.id, "product_qty": quantity}
            ).change_prod_qty()
            self.assertEqual(order.qty_producing, 30)
            self.assertEqual(order.workorder_ids.mapped("qty_produced"), [30] * 2)
            self._produce(order)
            self.assertRecordValues(
                order, [{"state": "done", "qty_produced": quantity}]
            )

    def test_order_quantity_brought_down_to_what_is_posted(self):
        for quantity in (30, 20):
            order = self._create_routed_order(2)
            self._report(order, 30)
            self.env["change.production.qty"].create(
                {"mo_id": order.id, "product_qty": quantity}
            ).change_prod_qty()
            self._produce(order)
            self.assertRecordValues(order, [{"state": "done", "qty_produced": 30}])
            self.assertConsumed(order, {self.board: 60, self.bolt: 120})

    def test_work_order_marked_as_done(self):
        order = self._create_routed_order(1)
        self._report(order, 30)
        order.workorder_ids.action_mark_as_done()
        self.assertWorkorders(order, ("done", 100, 0, 100))
        self.assertEqual(order.state, "to_close")
        self._produce(order)
        self.assertEqual(order.qty_produced, 100)

    def test_components_keep_their_work_order(self):
        self._create_routed_order(2)
        self.bom.bom_line_ids[0].operation_id = self.bom.operation_ids[1]
        order = self._create_order(quantity=100)
        component = self._component(order, self.board)
        workorder = component.workorder_id
        self.assertTrue(workorder)
        self._report(order, 30)
        self.assertEqual(self._component(order, self.board).workorder_id, workorder)
        self.assertEqual(len(self._component(order, self.board)), 2)
