from odoo import Command
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestCompanyCost(ValuedCase):
    """An order costs what it costs in its company, whoever posts it from where."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.worker.company_ids |= cls.other
        cls.here = cls.env.company
        for company in (cls.here, cls.other):
            for category in cls.categories.values():
                own = category.with_company(company)
                own.property_cost_method = category.name
        cls.bom.bom_line_ids[1].unlink()

    def _order(self, **values):
        return self._create_order(quantity=10, **values)

    def _from_elsewhere(self, records):
        companies = [self.other.id, self.here.id]
        return records.with_context(allowed_company_ids=companies)

    def _post_by_every_way(self, order):
        order.backflush_post(quantity=2)
        order.qty_producing = 4
        order.with_context(skip_backorder=True, mo_ids_to_backorder=order.ids)
        order.backflush_post_batch([{"production_id": order.id, "quantity": 2}])
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    def test_costs(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method=method):
                board = self._create_valued("Board", method)
                self.chair.categ_id = self.categories["average"]
                self.bom.bom_line_ids.product_id = board
                for company, price in ((self.here, 3), (self.other, 70)):
                    board.with_company(company).standard_price = price
                self._receive(board, 100, 3)
                order = self._from_elsewhere(self._order())
                self._post_by_every_way(order)
                done = order.sudo().move_raw_ids.filtered("quantity")
                self.assertEqual(sum(done.mapped("value")), 20 * 3)
                self.assertEqual(sum(self._values(order)[0]), 20 * 3)
                self.assertEqual(order.backflush_ids.company_id, self.here)

    def test_early(self):
        board = self._create_valued("Board", "standard")
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Saw", "workcenter_id": center.id})
        ]
        for company, price in ((self.here, 3), (self.other, 70)):
            board.with_company(company).standard_price = price
        self._add_stock(board, 100)
        for method in ("operation", "start"):
            with self.subTest(method=method):
                self.bom.bom_line_ids.write(
                    {
                        "product_id": board.id,
                        "backflush_method": method,
                        "operation_id": self.bom.operation_ids.id,
                    }
                )
                order = self._from_elsewhere(self._order())
                order.workorder_ids.button_start()
                order.workorder_ids.button_finish()
                done = order.sudo().move_raw_ids.filtered("quantity")
                self.assertEqual(sum(done.mapped("value")), 20 * 3)

    def test_the_rest_begins_without_a_value(self):
        """Its value is worked out when it moves, and is not that of an earlier part."""
        board = self._create_valued("Board", "average")
        self.bom.bom_line_ids.product_id = board
        self._receive(board, 100, 3)
        order = self._order()
        move = order.move_raw_ids
        # All of it is issued at once, so that the posting has to open a rest.
        move.write({"quantity": 20, "picked": True})
        order.backflush_post(quantity=4)
        rest = order.sudo().move_raw_ids.filtered(lambda m: m.state != "done")
        self.assertTrue(rest)
        self.assertEqual(rest.mapped("value"), [0])
        order.backflush_post(quantity=2)
        order.backflush_post(quantity=1, remainder="backorder")
        orders = order.sudo().production_group_id.production_ids
        moves = orders.move_raw_ids | orders.move_finished_ids
        rest = moves.filtered(lambda m: m.state not in ("done", "cancel"))
        self.assertTrue(rest)
        self.assertEqual(set(rest.mapped("value")), {0})
        copied = order.with_user(self.env.user).copy()
        self.assertEqual(set(copied.move_raw_ids.mapped("value")), {0})
