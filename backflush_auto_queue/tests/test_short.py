from datetime import timedelta

from odoo import fields

from .common import QueueCase


class TestShort(QueueCase):
    """What is short stands beside the reports that were refused."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=100)
        self.other = self._create_order(quantity=200)
        self._submit(
            {"production_id": self.order.id, "quantity": 60, "reference": "Q-1"},
            {"production_id": self.order.id, "quantity": 70, "reference": "Q-2"},
            {"production_id": self.order.id, "quantity": 1, "reference": "Q-3"},
        )
        self._run()

    def _open(self):
        short = self.env["mrp.backflush.short"].with_user(self.worker)
        return short.search(short.action_open()["domain"])

    def _count(self, order):
        lines = self._open().filtered(lambda line: line.production_id == order)
        return set(lines.mapped("refused_count"))

    def _list(self, lines):
        action = lines.action_open_refused()
        self.assertTrue(action["context"]["search_default_recent"])
        refused = self.env["mrp.backflush.submitted"].with_user(self.worker)
        domain = [*(action["domain"] or ()), ("is_refused", "=", True)]
        found = refused.search(domain)
        return {name for name in found.mapped("reference") if name.startswith("Q-")}

    def test_refused_reports_of_each_order(self):
        self.assertEqual(self._count(self.order), {2})
        self.assertEqual(self._count(self.other), {0})
        lines = self._open()
        of_order = lines.filtered(lambda line: line.production_id == self.order)
        self.assertEqual(self._list(of_order), {"Q-1", "Q-2"})
        self.assertEqual(self._list(lines - of_order), set())
        self.assertEqual(self._list(lines[:0]), {"Q-1", "Q-2"})

    def test_those_of_long_ago_do_not_count(self):
        line = self._get_submitted("Q-1").sudo()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mrp_backflush_submitted SET create_date = %s WHERE id = %s",
            (fields.Datetime.now() - timedelta(days=8), line.id),
        )
        self.env.invalidate_all()
        self.assertEqual(self._count(self.order), {1})

    def test_discarded_ones_do_not_count(self):
        self._get_submitted("Q-1").action_discard()
        self.assertEqual(self._count(self.order), {1})
