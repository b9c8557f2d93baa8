from odoo.tests import HttpCase, tagged

from .common import WEEKS, AccuracyCase, ProposalCase


@tagged("post_install", "-at_install")
class TestProposalTours(HttpCase, ProposalCase):
    """What a manager clicks, in a browser."""

    def test_a_proposal_is_accepted_and_undone(self):
        self._plant(*WEEKS)
        proposal = self._propose()
        self.start_tour(
            "/odoo/backflush-proposals", "backflush_proposal", login=self.manager.login
        )
        self.assertRecordValues(
            proposal, [{"state": "undone", "user_id": self.manager.id}]
        )
        self.assertEqual(self.bolt_line.product_qty, 4)
        texts = self.bom.message_ids.mapped("body")
        self.assertIn("taken back", texts[0])
        self.assertIn("Corrected by counts", texts[1])


@tagged("post_install", "-at_install")
class TestCountTours(HttpCase, AccuracyCase):
    def test_twenty_tables_nobody_reported(self):
        self.table = self._create_product("Table")
        self._create_bom(self.table, [(self.board, 2), (self.bolt, 4)])
        self.bom.active = False
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(100, self.table)
        self._count((self.board, 761), (self.bolt, 1520))
        self.start_tour(
            "/odoo/backflush-counts", "backflush_unreported", login=self.worker.login
        )

    def test_dashboard(self):
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(100)
        self._count((self.board, 800), (self.bolt, 1560))
        self.start_tour(
            "/odoo/backflush-accuracy",
            "backflush_accuracy_dashboard",
            login=self.worker.login,
        )
