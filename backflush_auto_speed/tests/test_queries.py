import gc
from functools import partial
from unittest.mock import patch

from odoo import Command
from odoo.api import Environment
from odoo.tests import tagged

from odoo.addons.backflush_auto.context import with_private
from odoo.addons.backflush_auto.tests.common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestQueries(QueriesCase):
    """What orders, components and lots cost in queries, chatter included.

    Slopes are counted, no totals: how many queries one more costs.
    """

    def _count(self, number=1, backflush=True):
        """Queries to confirm and complete a number of new orders."""
        self.bom.backflush = backflush
        orders = self._create_orders(number)
        self._end_request()
        before = self.env.cr.sql_log_count
        orders.action_confirm()
        self._end_request()
        orders.button_mark_done()
        self._end_request()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(set(orders.mapped("state")), {"done"})
        return queries

    def _get_order_slope(self, *numbers, backflush=True):
        """Queries an order, from one number of orders to another."""
        few, many = (self._count(number, backflush) for number in numbers)
        return (many - few) / (numbers[1] - numbers[0])

    def test_orders(self):
        """The ORM writes a hundred rows with a query: a few orders cost less each."""
        self._count(2)
        slope = self._get_order_slope(10, 30)
        steeper = self._get_order_slope(30, 70)
        self.assertLessEqual(max(slope, steeper), 8)
        self.assertLessEqual(steeper, slope * 1.5)
        self._count(2, backflush=False)
        stock = self._get_order_slope(5, 15, backflush=False)
        self.assertGreaterEqual(stock / slope, 10)

    def test_environments(self):
        """Odoo looks for one among all of a transaction, so orders share theirs."""

        def count(number):
            orders = self._create_orders(number)
            orders.action_confirm()
            gc.collect()
            gc.disable()
            self.addCleanup(gc.enable)
            before = len(self.env.transaction.envs)
            orders.button_mark_done()
            gc.enable()
            return len(self.env.transaction.envs) - before

        count(2)
        self.assertLessEqual(count(12), count(2))

    def _create_orders(self, number):
        orders = self.env["mrp.production"].with_user(self.worker)
        for _number in range(number):
            orders |= self._create_order(quantity=10, confirm=False)
        return orders

    def test_components(self):
        self._count(2)
        ten = self._count()
        self._take(60)
        self.assertLess((self._count() - ten) / 50, 1.5)

    def test_parts(self):
        """However many parts of the order have left before."""
        order = self._create_order(quantity=100)
        counts = []
        for _part in range(12):
            report = partial(order.backflush_post, quantity=2)
            counts.append(self._count_call(report))
        self.assertLessEqual(counts[11] - counts[1], 3)

    def test_components_of_a_part(self):
        """Their lines leave at once, and what remains of them is created together."""
        counts = []
        for number in (10, 60):
            self._take(number)
            order = self._create_order(quantity=100)
            order.backflush_post(quantity=2)
            report = partial(order.backflush_post, quantity=2)
            counts.append(self._count_call(report))
        self.assertLess((counts[1] - counts[0]) / 50, 0.2)

    def test_components_of_an_operation(self):
        """A report at a work order costs no more, however many are taken there."""
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": center.id})
        ]
        counts = []
        for number in (10, 60):
            self._take(number)
            self.bom.bom_line_ids.write(
                {
                    "operation_id": self.bom.operation_ids.id,
                    "backflush_method": "operation",
                }
            )
            order = self._create_order(quantity=100)
            report = {"quantity": 2, "workorder_id": order.workorder_ids.id}
            order.backflush_post(**report)
            counts.append(self._count_call(partial(order.backflush_post, **report)))
        self.assertLess((counts[1] - counts[0]) / 50, 0.2)

    def test_part_reads_nothing_twice(self):
        """Where a record is deleted, Odoo forgets all that it has read."""
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=2)
        order.qty_producing = 4
        forget = Environment.invalidate_all
        with patch.object(
            Environment, "invalidate_all", autospec=True, side_effect=forget
        ) as spy:
            keep = with_private(order, keep_open=order._ids)
            keep.with_context(skip_backorder=True).button_mark_done()
        self.assertEqual(order.qty_produced, 4)
        spy.assert_not_called()

    def test_parts_that_left_are_not_written_again(self):
        order = self._create_order(quantity=100)
        for _part in range(2):
            order.backflush_post(quantity=2)
        left = order.move_raw_ids.filtered(lambda move: move.state == "done")
        factors = left.mapped("unit_factor")
        order.backflush_post(quantity=2)
        self.assertEqual(left.mapped("unit_factor"), factors)

    def test_lots(self):
        """However many lots there are to choose from."""
        component = self._create_product("Tracked", tracking="lot")
        self.bom.bom_line_ids[0].product_id = component
        counts = []
        for number in (5, 200):
            lots = self.env["stock.lot"].create(
                [
                    {"name": f"{number}-{n}", "product_id": component.id}
                    for n in range(number)
                ]
            )
            for lot in lots:
                self._add_stock(component, 1000, lot_id=lot)
            self._count(2)
            counts.append(self._count(5))
        self.assertLess((counts[1] - counts[0]) / 195, 0.1)
