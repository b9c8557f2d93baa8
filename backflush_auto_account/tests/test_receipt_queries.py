from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestReceiptQueries(ValuedCase):
    """What the open receipts of FIFO components cost in queries."""

    def _count(self, receipts):
        """Queries to complete an order of a component that came in so many receipts."""
        panel = self._create_valued(f"Panel of {receipts}", "fifo")
        self.bom.bom_line_ids[0].product_id = panel
        for number in range(receipts):
            self._receive(panel, 10, number + 1)
        for _warm_up_then_counted in range(2):
            order = self._create_order(quantity=1)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._finish(order)
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
        self.assertConsumed(order, {panel: 2, self.bolt: 4})
        consumed = order.move_raw_ids.filtered(lambda m: m.product_id == panel)
        self.assertEqual(consumed.sudo().value, 2)
        return queries

    def test_however_many_are_open(self):
        self._receive(self.bolt, 1000, 1)
        self.assertLessEqual(self._count(80) - self._count(5), 3)
