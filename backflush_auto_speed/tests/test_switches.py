import logging
from unittest.mock import patch

from odoo.addons.backflush_auto import overridden
from odoo.addons.backflush_auto.tests.common import BackflushCase

LOGGER = "odoo.addons.backflush_auto.overridden"


class TestSwitches(BackflushCase):
    """The log says which shorter way is not taken, and for whom."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def setUp(self):
        super().setUp()
        self.enterContext(patch.object(overridden, "_logged", set()))

    def _extend(self, model, name):
        cls = type(self.env[model])
        original = getattr(cls, name)

        def extended(records, *args, **kwargs):
            return original(records, *args, **kwargs)

        self.enterContext(patch.object(cls, name, extended))

    def _produce(self):
        orders = self._create_order(quantity=5) | self._create_order(quantity=5)
        orders.button_mark_done()
        self.assertEqual(orders.mapped("state"), ["done", "done"])

    def test_once(self):
        self._extend("stock.move.line", "_synchronize_quant")
        with self.assertLogs(LOGGER, logging.INFO) as log:
            self._produce()
            self._produce()
        told = [m for m in log.output if "stock.move.line._synchronize_quant" in m]
        self.assertEqual(len(told), 1)
        self.assertIn("Moving the stock of many lines", told[0])
        self.assertIn(f"extended by {__name__}", told[0])

    def test_what_may_be_taken(self):
        self._extend("stock.move", "_get_available_quantity")
        with self.assertLogs(LOGGER, logging.INFO) as log:
            self._produce()
        told = [m for m in log.output if "Reading the stock of many" in m]
        self.assertEqual(len(told), 1)

    def test_not_where_nobody_extends_anything(self):
        self._skip_beside_others()
        with self.assertNoLogs(LOGGER, logging.INFO):
            self._produce()

    def test_not_for_orders_of_stock_odoo(self):
        self.bom.backflush = False
        for name in ("_check_company", "_push_apply", "_trigger_scheduler"):
            self._extend("stock.move", name)
        with self.assertNoLogs(LOGGER, logging.INFO):
            self._produce()
