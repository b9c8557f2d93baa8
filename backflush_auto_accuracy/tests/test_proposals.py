from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import REALLY, START, WEEKS, ProposalCase


@tagged("post_install", "-at_install")
class TestProposals(ProposalCase):
    def test_from_work_to_proposal(self):
        """Orders, postings and counts, as people make them."""
        self._add_stock(self.bolt, 10_000)
        for week, (chairs, tables) in enumerate(WEEKS[:4]):
            with freeze_time(START + timedelta(weeks=week)):
                if not week:
                    self._count((self.bolt, "0"))
                self._create_order(quantity=chairs).backflush_post()
                self._create_order(self.table, tables).backflush_post()
            with freeze_time(START + timedelta(weeks=week + 1, hours=-1)):
                self._count((self.bolt, str(round(0.4 * chairs))))
        self.week = 4
        made = self._get_counts(self.bolt)
        proposal = self._propose()
        self.assertEqual(proposal.count_ids, made[1:])
        self._plant(*WEEKS[:4])
        for real, planted in zip(made[1:], self._get_counts()[-4:], strict=True):
            for name in "difference_qty", "expected_qty":
                self.assertEqual(real[name], planted[name])
            expected = {it.bom_line_id: it.expected_qty for it in planted.line_ids}
            self.assertEqual(
                {it.bom_line_id: it.expected_qty for it in real.line_ids}, expected
            )

    def test_wrong_line(self):
        self._plant(*WEEKS[:3])
        self.assertFalse(self._propose(), "three counts are not enough")
        self._plant(*WEEKS[3:])
        proposal = self._propose()
        self.assertRecordValues(
            proposal,
            [
                {
                    "bom_id": self.bom.id,
                    "product_id": self.bolt.id,
                    "company_id": self.env.company.id,
                    "kind": "quantity",
                    "current_value": 4,
                    "state": "open",
                    "evidence": 5,
                }
            ],
        )
        self.assertAlmostEqual(proposal.proposed_value, REALLY, delta=0.05)
        self.assertLess(proposal.low, REALLY)
        self.assertGreater(proposal.high, REALLY)
        self.assertGreater(proposal.low, 4)
        self.assertGreater(proposal.probability, 0.8)
        a_year = 0.4 * sum(chairs for chairs, _tables in WEEKS) / 35 * 365.25 * 0.5
        self.assertAlmostEqual(proposal.effect_value / a_year, 1, delta=0.15)
        self.assertEqual(len(proposal.count_ids), 5)
        self.assertEqual(self.proposals.search_count([]), 1, "tables are right")
        text = proposal.explanation
        self.assertIn("Bolt for Chair: 4.00 →", text)
        self.assertIn("5 counts found 224 fewer than on record; Chair explains", text)
        causes = proposal.count_ids.filtered(lambda it: it.difference_qty > 20)
        self.assertEqual(set(causes.mapped("cause")), {"line"})
        self.assertEqual(self._propose(), proposal, "made once")
        self._check_decisions(proposal)

    def _check_decisions(self, proposal):
        order = self._create_order(quantity=5)
        for action in "action_accept", "action_reject", "action_switch_kind":
            with self.assertRaises(AccessError):
                getattr(proposal.with_user(self.worker), action)()
        with freeze_time(START + timedelta(weeks=self.week)):
            notification = proposal.action_accept()
        self.assertIn("Open orders (1)", notification["params"]["message"])
        self.assertEqual(self.bolt_line.product_qty, proposal.proposed_value)
        self.assertEqual(order.move_raw_ids.product_uom_qty, 20)
        self.assertRecordValues(
            proposal,
            [
                {
                    "state": "accepted",
                    "user_id": self.manager.id,
                    "decision_date": START + timedelta(weeks=self.week),
                }
            ],
        )
        message = self.bom.message_ids[0]
        self.assertEqual(message.author_id, self.manager.partner_id)
        self.assertIn("4.00 →", message.body)
        self.assertIn("counted", message.body)
        with self.assertRaisesRegex(UserError, "decided on already"):
            proposal.action_accept()
        # A new epoch: what was counted before says nothing about the new line.
        self.assertEqual(self._propose(), proposal)
        order.action_cancel()
        self._plant(*WEEKS[:4])
        self.assertEqual(self._propose(), proposal)
        with freeze_time(START + timedelta(weeks=self.week)):
            self.assertIs(proposal.action_undo(), True)
        self.assertEqual((self.bolt_line.product_qty, proposal.state), (4, "undone"))
        self.assertIn("taken back", self.bom.message_ids[0].body)
        self.assertEqual(self._propose(), proposal)

    def test_rejected_until_the_evidence_doubles(self):
        self._plant(*WEEKS[:5])
        rejected = self._propose()
        with freeze_time(START + timedelta(weeks=self.week)):
            rejected.action_reject()
        self._plant(*WEEKS[:4])
        self.assertEqual(self._propose(), rejected)
        self._plant(WEEKS[4])
        proposal = self._propose() - rejected
        self.assertEqual((proposal.state, proposal.evidence), ("open", 10))
        self.assertEqual(rejected.state, "rejected")

    def test_changed_by_hand(self):
        self._plant(*WEEKS[:5])
        proposal = self._propose()
        self.assertTrue(proposal)
        self.bolt_line.with_user(self.manager).write({"product_qty": 4})
        self.assertTrue(proposal.exists(), "nothing was changed")
        with freeze_time(START + timedelta(weeks=self.week)):
            self.bolt_line.with_user(self.manager).write({"product_qty": 4.2})
        self.assertFalse(proposal.exists())
        self.assertFalse(self._propose())

    def test_scrap(self):
        self._plant(*WEEKS[:5])
        proposal = self._propose()
        proposal.action_switch_kind()
        self.assertEqual((proposal.kind, proposal.current_value), ("scrap", 0))
        self.assertAlmostEqual(proposal.proposed_value, 10, delta=1.2)
        self.assertEqual(self._propose().kind, "scrap", "the choice is kept")
        proposal.action_accept()
        self.assertAlmostEqual(
            self.bolt_line.backflush_scrap, proposal.proposed_value, 2
        )
        self.assertEqual(self.bolt_line.product_qty, 4)
        self.bolt_line.backflush_scrap = 3
        with self.assertRaisesRegex(UserError, "changed in the meantime"):
            proposal.action_undo()

    def test_less_than_the_recipe_is_no_scrap(self):
        self._plant(*WEEKS[:5], really=3.6)
        proposal = self._propose()
        self.assertAlmostEqual(proposal.proposed_value, 3.6, delta=0.05)
        with self.assertRaisesRegex(UserError, "no scrap"):
            proposal.action_switch_kind()

    def test_not_worth_it(self):
        self.env.company.backflush_proposal_value = 10_000
        self._plant(*WEEKS[:5])
        self.assertFalse(self._propose())
        self.env.company.backflush_proposal_value = 1
        self.assertTrue(self._propose())

    def test_all_is_right(self):
        self._plant(*WEEKS[:5], really=4)
        self.assertFalse(self._propose())

    def test_cannot_be_told(self):
        """Chairs and tables are always made in the same proportion."""
        self._plant((100, 50), (60, 30), (140, 70), (80, 40), (120, 60))
        self.assertFalse(self._propose())
        count = self._get_count(self.bolt)
        self.assertEqual(count.cause, "unclear")
        self.assertIn("count before and after a run of", count.explanation)

    def test_other_company(self):
        self._plant(*WEEKS[:5])
        self.assertTrue(self._propose())
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="mrp.group_mrp_manager",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.proposals.with_user(stranger).search([]))
        proposal = self._propose().with_user(stranger)
        with self.assertRaises(AccessError):
            proposal.action_accept()

    def test_goes_on_where_it_stopped(self):
        products = self.env["mrp.backflush.proposal"]._find_counted_products(0)
        self._plant(*WEEKS[:4])
        find = self.env["mrp.backflush.proposal"]._find_counted_products
        self.assertEqual(find(0), [*products, self.bolt.id])
        self.assertNotIn(self.bolt.id, find(self.bolt.id))
        parameters = self.env["ir.config_parameter"]
        cursor = "backflush_auto_accuracy.propose_cursor"
        parameters.set_param(cursor, str(self.bolt.id))
        self.assertFalse(self._propose())
        self.assertEqual(parameters.get_param(cursor), "0")
        self.assertTrue(self._propose())
