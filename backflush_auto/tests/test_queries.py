from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestQueries(BackflushCase):
    """Queries to complete orders grow with the orders, and no steeper than in Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.components = [cls._create_product(f"Component {n}") for n in range(5)]
        cls.bom.bom_line_ids.unlink()
        cls.bom.bom_line_ids = [
            (0, 0, {"product_id": component.id, "product_qty": 2})
            for component in cls.components
        ]
        for component in cls.components:
            cls._add_stock(component, 100000)

    def _count(self, number, backflush):
        """Queries to complete a number of new orders."""
        self.bom.backflush = backflush
        orders = self.env["mrp.production"].with_user(self.worker)
        for _number in range(number):
            orders |= self._create_order(quantity=10)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        orders.button_mark_done()
        self.env.flush_all()
        queries = self.env.cr.sql_log_count - before
        self.assertEqual(set(orders.mapped("state")), {"done"})
        return queries

    def _get_slopes(self, backflush):
        """Queries an order, from 1 to 10 and from 10 to 50 orders."""
        self._count(2, backflush)
        one, ten, fifty = (self._count(number, backflush) for number in (1, 10, 50))
        return (ten - one) / 9, (fifty - ten) / 40

    def test_slope(self):
        ours, stock = self._get_slopes(True), self._get_slopes(False)
        self.assertLessEqual(ours[1], ours[0] * 1.05, "grows faster than the orders")
        self.assertLessEqual(ours[1], stock[1], "steeper than Odoo's own")
