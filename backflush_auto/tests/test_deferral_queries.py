import logging
import os

from odoo.addons.backflush_auto.context import with_private
from odoo.addons.backflush_auto.posting.deferral import Held

from .test_deferral import DeferralCase

_logger = logging.getLogger(__name__)
# `DEBTS=1000 ./run test -k test_deferral_queries --odoo-log-level=info`: it takes
# minutes to make them.
SIZES = [10, 100, *map(int, filter(None, [os.environ.get("DEBTS")]))]


class TestManyDebts(DeferralCase):
    """However many debts a product has, one pass pays them at the same rate."""

    def _owe(self, number):
        """Debts of a product of their own, of an order each."""
        product = self._create_product(f"Panel {number}")
        self.bom.bom_line_ids[0].product_id = product
        orders = self.env["mrp.production"].with_user(self.worker)
        vals = {"product_id": self.chair.id, "product_qty": 1}
        orders = orders.create([dict(vals) for _ in range(number)])
        orders.action_confirm()
        orders.button_mark_done()
        # It comes without paying anything, as far as that goes.
        quants = with_private(self.env["stock.quant"], holds_debts=Held())
        quants._update_available_quantity(product, self.stock_location, 2 * number)
        return self._get_debts(orders).sudo()

    def _count(self, number):
        debts = self._owe(number)
        self.assertEqual(len(debts), number)
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.assertTrue(debts._try_settle())
        self.env.flush_all()
        queries = self.cr.sql_log_count - before
        self.assertEqual(set(debts.mapped("state")), {"done"})
        self.assertEqual(self._on_hand(debts.product_id), 0)
        return queries / number

    def test_queries_do_not_grow(self):
        each = [self._count(number) for number in SIZES]
        _logger.info("Queries a debt: %s", dict(zip(SIZES, each, strict=True)))
        for fewer, more in zip(each, each[1:], strict=False):
            self.assertLess(more, fewer)
        self.assertLess(each[1], 3)
