from odoo import Command
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestInterimCost(ValuedCase):
    """What was issued before production is reported belongs to the finished goods.

    A chair takes 2 boards at 10 and 4 bolts at 1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        average = cls.categories["average"]
        (cls.chair + cls.board + cls.bolt).categ_id = average
        cls._receive(cls.board, 1000, 10)
        cls._receive(cls.bolt, 1000, 1)

    def _issue(self, order, product, quantity):
        """Issue material by hand, as from the moves of the order."""
        moves = self._component(order, product)
        move = moves.filtered(lambda m: m.state not in ("done", "cancel"))
        move.quantity = quantity
        move.picked = True
        move._action_done()
        self.assertEqual(move.state, "done")

    def assertValues(self, order, expected):
        self.assertEqual([round(v, 2) for v in self._values(order)[0]], expected)

    def test_stock_odoo_loses_it(self):
        order = self._create_order(quantity=10, backflush=False)
        self._issue(order, self.board, 20)
        order.qty_producing = 10
        order._set_qty_producing()
        self._finish(order)
        self.assertValues(order, [40])
        self.assertEqual(order.sudo().backflush_given_cost, 0)

    def test_issued_by_hand(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._finish(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertValues(order, [240])
        self.assertEqual(order.sudo().backflush_given_cost, 200)

    def test_layers(self):
        """With FIFO it is the cost of what was issued, then of what is left."""
        panel = self._create_valued("Panel", "fifo")
        self.bom.bom_line_ids[0].product_id = panel
        self._receive(panel, 15, 10)
        self._receive(panel, 15, 20)
        order = self._create_order(quantity=10)
        self._issue(order, panel, 12)
        self._finish(order)
        self.assertValues(order, [120 + 3 * 10 + 5 * 20 + 40])

    def test_scrapped(self):
        """What is scrapped on the order is a loss of its own, as in Odoo."""
        order = self._create_order(quantity=10)
        scrap = self.env["stock.scrap"].create(
            {
                "production_id": order.id,
                "product_id": self.board.id,
                "scrap_qty": 3,
            }
        )
        scrap.do_scrap()
        self._finish(order)
        self.assertValues(order, [240])

    def test_more_than_needed(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 30)
        self._finish(order)
        self.assertValues(order, [340])

    # --- Parts ---

    def test_issued_for_all(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._post_part(order, 3)
        self._post_part(order, 5)
        self._finish(order)
        self.assertValues(order, [72, 48, 120])

    def test_issued_for_some(self):
        """12 boards are for 6 chairs; the others are taken with the reports."""
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 12)
        self._post_part(order, 3)
        self._post_part(order, 8)
        self._finish(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertValues(order, [72, 120, 48])

    def test_issued_between_parts(self):
        order = self._create_order(quantity=10)
        self._post_part(order, 3)
        self._issue(order, self.board, 14)
        self._post_part(order, 5)
        self._finish(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertAlmostEqual(sum(self._values(order)[0]), 240)

    def test_per_order(self):
        """What is taken once for the order is for all of it."""
        self.bom.bom_line_ids[0].write({"backflush_basis": "order", "product_qty": 20})
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._post_part(order, 3)
        self._finish(order)
        self.assertValues(order, [72, 168])

    def test_rest_given_up(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._post_part(order, 3)
        self._produce(order, 5)
        self.assertEqual(order.state, "done")
        self.assertValues(order, [72, 140 + 8])

    # --- Backorders ---

    def test_backorder(self):
        """What covers the need of the backorder is the cost of the backorder."""
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        backorder = self._produce(order, 3, backorder=True)
        self.assertValues(order, [72])
        self._finish(backorder)
        self.assertConsumed(backorder, {self.board: 0, self.bolt: 28})
        self.assertValues(backorder, [168])

    def test_backorder_of_what_is_short(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 12)
        backorder = self._produce(order, 3, backorder=True)
        self.assertValues(order, [72])
        self._post_part(backorder, 2)
        self._finish(backorder)
        self.assertConsumed(backorder, {self.board: 8, self.bolt: 28})
        self.assertValues(backorder, [48, 120])

    def test_backorder_after_a_part(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._post_part(order, 2)
        backorder = self._produce(order, 5, backorder=True)
        self._finish(backorder)
        self.assertValues(order, [48, 72])
        self.assertValues(backorder, [120])

    def test_backorder_of_a_backorder(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        second = self._produce(order, 3, backorder=True)
        third = self._produce(second, 3, backorder=True)
        self._finish(third)
        for each, value in ((order, 72), (second, 72), (third, 96)):
            self.assertValues(each, [value])

    def test_split_in_three(self):
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        orders = order._split_productions({order: [2, 3, 5]})
        for each in orders:
            self._finish(each)
        values = [self._values(each)[0] for each in orders]
        self.assertEqual(values, [[48], [72], [120]])

    # --- At operations and at the start ---

    def _consume_at(self, method):
        """Let boards be consumed at the operation *Cut*, or at the start."""
        centre = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": centre.id})
        ]
        self.bom.bom_line_ids[0].write(
            {"operation_id": self.bom.operation_ids.id, "backflush_method": method}
        )
        return self._create_order(quantity=10)

    def _cut(self, order, quantity):
        """Finish the operation for a quantity."""
        order.workorder_ids.button_start()
        order.workorder_ids.qty_produced = quantity
        order.workorder_ids.button_finish()

    def test_at_its_operation(self):
        order = self._consume_at("operation")
        self._cut(order, 10)
        self.assertEqual(order.backflush_ids.trigger, "operation")
        self._finish(order)
        self.assertValues(order, [240])

    def test_at_its_operation_in_parts(self):
        """Cut for 6, reported for 3 and 5: the two that lack boards take them."""
        order = self._consume_at("operation")
        order.backflush_post(quantity=6, workorder_id=order.workorder_ids.id)
        self.assertConsumed(order, {self.board: 12})
        order.backflush_post(quantity=3)
        order.backflush_post(quantity=5)
        order.backflush_post()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertValues(order, [72, 120, 48])

    def test_at_the_start(self):
        order = self._consume_at("start")
        order.action_start()
        self.assertEqual(order.backflush_ids.trigger, "start")
        self.assertConsumed(order, {self.board: 20})
        order.backflush_post(quantity=3)
        order.backflush_post(quantity=5)
        order.backflush_post()
        self.assertValues(order, [72, 120, 48])

    def test_at_the_start_and_a_backorder(self):
        order = self._consume_at("start")
        order.action_start()
        backorder = self._produce(order, 3, backorder=True)
        self._finish(backorder)
        self.assertConsumed(backorder, {self.board: 0, self.bolt: 28})
        self.assertValues(order, [72])
        self.assertValues(backorder, [168])

    # --- By-products, unbuilding, rights ---

    def test_byproducts(self):
        dust = self._create_valued("Dust", "average")
        self.bom.byproduct_ids = [
            Command.create({"product_id": dust.id, "product_qty": 1, "cost_share": 25})
        ]
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._post_part(order, 5)
        self._finish(order)
        self.assertEqual(self._values(order), ([90, 90], 60))

    def test_unbuilt(self):
        """Everything comes back with the value it had."""
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._finish(order)
        value = self.board.total_value
        unbuild = self.env["mrp.unbuild"].create(
            {"mo_id": order.id, "product_id": self.chair.id, "product_qty": 10}
        )
        unbuild.action_unbuild()
        self.assertAlmostEqual(self.board.total_value - value, 200)
        self.assertEqual(self.chair.total_value, 0)

    def test_standard_cost(self):
        self.chair.categ_id = self.categories["standard"]
        self.chair.standard_price = 7
        order = self._create_order(quantity=10)
        self._issue(order, self.board, 20)
        self._finish(order)
        self.assertValues(order, [70])
