from odoo.tests import HttpCase, tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestTours(HttpCase, RecallCase):
    """A bad lot is looked for, in a browser."""

    def test_recall(self):
        bad = self._bring("B1")
        self._bring("B2")
        chairs = self._make("C1", 2, boards=["B1"])
        self._make("C2")
        customer = self.env["res.partner"].create({"name": "Recall customer"})
        self._move(chairs, 1, self.stock_location, self.customers, partner=customer)
        self.worker.group_ids |= self.env.ref("stock.group_stock_user")
        self.start_tour(
            f"/odoo/action-stock.action_production_lot_form/{bad.id}",
            "backflush_recall",
            login=self.worker.login,
        )
