from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestScrapCost(ValuedCase):
    """The good units bear the cost of those that failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dent = cls.env["stock.scrap.reason.tag"].create({"name": "Dent"})

    def _create_valued_order(self, method, quantity=100):
        product = self._create_valued("Good", method)
        part = self._create_valued("Part", method)
        self._create_bom(product, [(part, 2)])
        self._receive(part, 120, 3.0)
        self._receive(part, 1000, 5.0)
        return self._create_order(product, quantity)

    def _scrap(self, quantity):
        return [{"quantity": quantity, "reason": "Dent"}]

    def _get_consumed_value(self, order):
        return sum(order.sudo().move_raw_ids.mapped("value"))

    def test_in_one_posting(self):
        for method, cost in (
            ("fifo", 120 * 3 + 80 * 5),
            ("average", 200 * 5360 / 1120),
        ):
            with self.subTest(method):
                order = self._create_valued_order(method)
                order.backflush_post(90, scrap=self._scrap(10))
                self.assertAlmostEqual(self._get_consumed_value(order), cost, 2)
                [value], _others = self._values(order)
                self.assertAlmostEqual(value, cost, 2)
                self.assertEqual(order.sudo().scrap_ids.move_ids.value, 0)

    def test_in_parts(self):
        order = self._create_valued_order("fifo")
        order.backflush_post(50, scrap=self._scrap(10))
        order.backflush_post(scrap=self._scrap(5))
        values, _others = self._values(order)
        self.assertAlmostEqual(values[0], 120 * 3, 2)
        self.assertAlmostEqual(values[1], 80 * 5, 2)

    def test_what_failed_first(self):
        """A posting of nothing good leaves its cost to the good units that follow."""
        order = self._create_valued_order("fifo")
        order.backflush_post(scrap=self._scrap(10), scrap_only=True)
        order.backflush_post(30)
        order.backflush_post(scrap=self._scrap(2), scrap_only=True)
        order.backflush_post()
        values, _others = self._values(order)
        self.assertAlmostEqual(values[0], 80 * 3, 2)
        self.assertAlmostEqual(sum(values), self._get_consumed_value(order), 2)
        self.assertAlmostEqual(sum(values), 120 * 3 + 80 * 5, 2)
