from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestManualTrace(BackflushCase):
    """A manual component that nobody recorded is a variance of its posting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.bom.bom_line_ids[1].backflush_method = "manual"
        cls.bom.consumption = "flexible"

    def assertBolts(self, result, *expected):
        """What a posting says of the bolts: expected, consumed, variance."""
        found = [
            (c["expected"], c["consumed"], c["variance"])
            for c in result["components"]
            if c["product"] == "Bolt"
        ]
        self.assertEqual(found, list(expected))

    def test_program(self):
        order = self._create_order(quantity=2)
        self.assertBolts(order.backflush_post(), (8, 0, -8))
        self.assertConsumed(order, {self.board: 4, self.bolt: 0})
        self.assertEqual(self._on_hand(self.bolt), 1000)

    def test_form(self):
        order = self._create_order(quantity=2)
        self._produce(order)
        bolts = self._component(order, self.bolt)
        self.assertIn(bolts, order.backflush_ids.move_ids)
        self.assertRecordValues(
            bolts, [{"backflush_expected_qty": 8, "backflush_variance_qty": -8}]
        )

    def test_recorded(self):
        order = self._create_order(quantity=2)
        entry = {"product_id": self.bolt.id, "quantity": 7}
        self.assertBolts(order.backflush_post(components=[entry]), (8, 7, -1))
        order = self._create_order(quantity=2)
        entry = {"product_id": self.bolt.id, "quantity": 0}
        self.assertBolts(order.backflush_post(components=[entry]), (8, 0, -8))

    def test_parts(self):
        """It can be recorded as long as the order is open, for all parts together."""
        order = self._create_order(quantity=4)
        self.assertBolts(order.backflush_post(quantity=1))
        entry = {"product_id": self.bolt.id, "quantity": 12}
        result = order.backflush_post(quantity=2, components=[entry])
        self.assertBolts(result, (12, 12, 0))
        self.assertBolts(order.backflush_post(), (4, 0, -4))

    def test_backorder(self):
        order = self._create_order(quantity=5)
        result = order.backflush_post(quantity=2, remainder="backorder")
        self.assertBolts(result, (8, 0, -8))
        rest = order.browse(result["backorder"]["id"])
        self.assertBolts(rest.backflush_post(), (12, 0, -12))

    def test_rest_cancelled(self):
        order = self._create_order(quantity=5)
        result = order.backflush_post(quantity=2, remainder="cancel")
        self.assertBolts(result, (8, 0, -8))
