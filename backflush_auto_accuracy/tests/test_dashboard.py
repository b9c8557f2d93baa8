from datetime import timedelta

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import START, WEEKS, AccuracyCase, ProposalCase

PRIVATE = ("mrp.backflush.variance", "mrp.backflush.drift")


@tagged("post_install", "-at_install")
class TestDashboard(AccuracyCase):
    """Records that were right, money explained, and who may see whose."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.standard_price = 20
        cls.bolt.standard_price = 0.5
        cls.rows = cls.env["mrp.backflush.accuracy"].with_user(cls.worker)
        # What other tests have committed.
        cls.known = cls.rows.search([])

    def _find(self, model="mrp.backflush.accuracy"):
        rows = self.env[model].with_user(self.worker).search([])
        return rows.filtered(
            lambda row: (
                (row["product_id"] if model.endswith("accuracy") else row.component_id)
                in self.board + self.bolt
            )
        )

    def _work(self):
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(100)
        self._count((self.board, 750), (self.bolt, 1599))

    def test_a_row_for_each_count_that_says_something(self):
        self._work()
        boards, bolts = self._find().sorted("product_id")
        self.assertRecordValues(
            boards + bolts,
            [
                {
                    "value_class": "a",
                    "accuracy": 0,
                    "difference_value": 1000,
                    "explained_value": 0,
                    "unexplained_value": 1000,
                    "cause": "unclear",
                },
                {
                    "value_class": "c",
                    "accuracy": 100,
                    "difference_value": 0.5,
                    "explained_value": 0,
                    "unexplained_value": 0.5,
                    "cause": "noise",
                },
            ],
        )

    def test_what_is_explained(self):
        """Of twenty chairs that were not reported all is explained but an error."""
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(100)
        self._count((self.board, 761), (self.bolt, 1520))
        boards = self._find().filtered(lambda row: row.product_id == self.board)
        self.assertEqual(boards.explained_value, 39 * 20)
        self.assertEqual(boards.unexplained_value, 1 * 20)

    def test_limits_are_those_of_the_company(self):
        self._work()
        self.env.company.backflush_right_a = 10
        self.env.invalidate_all()
        self.assertEqual(self._find().mapped("accuracy"), [100, 100])
        self.env.company.backflush_class_b = 100
        self.env.invalidate_all()
        bolts = self._find().filtered(lambda row: row.product_id == self.bolt)
        self.assertEqual(bolts.value_class, "b")
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation):
            self.env.company.backflush_class_a = 101
            self.env.flush_all()

    def test_figures(self):
        self._work()
        before = self._get_figures()
        self.assertEqual(before["currency_id"], self.env.company.currency_id.id)
        for row in self._find():
            self.assertGreaterEqual(str(row.date), before["since"])
        self.assertGreaterEqual(before["counts"], 2)
        self.assertGreaterEqual(before["unexplained_value"], 1000)
        later = fields.Datetime.now() + timedelta(days=100)
        with freeze_time(later):
            self.assertEqual(
                before["counts"] - self._get_figures()["counts"],
                len(self.rows.search([("date", ">=", before["since"])])),
            )
        outsider = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._get_figures(outsider)
        for days in ("90", 0, -1, 1e9, float("nan"), 10**9, None, [90]):
            with self.assertRaisesRegex(UserError, "days has to be"):
                self.rows.get_backflush_dashboard(days=days)

    def _get_figures(self, user=None):
        rows = self.env["mrp.backflush.accuracy"].with_user(user or self.worker)
        return rows.get_backflush_dashboard()

    def test_drift_by_work_center(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        operation = self.env["mrp.routing.workcenter"].create(
            {"name": "Assemble", "bom_id": self.bom.id, "workcenter_id": center.id}
        )
        self.board_line.operation_id = operation
        self._count((self.board, 1000), (self.bolt, 2000))
        self._create_order(quantity=100).backflush_post()
        self._count((self.board, 750), (self.bolt, 1599))
        rows = self._find("mrp.backflush.drift")
        boards = rows.filtered(lambda row: row.component_id == self.board)
        self.assertRecordValues(
            boards,
            [
                {
                    "workcenter_id": center.id,
                    "bom_id": self.bom.id,
                    "drift_value": 1000,
                    "expected_value": 4000,
                }
            ],
        )
        self.assertFalse((rows - boards).workcenter_id)

    def test_no_person_unless_the_company_allows_it(self):
        self._work()
        company = self.env.company
        self.assertFalse(company.backflush_by_person, "off at first")
        boss = new_test_user(
            self.env,
            "boss",
            groups="mrp.group_mrp_manager,stock.group_stock_manager",
        )
        for model in PRIVATE:
            analysis = self.env[model].with_user(boss)
            self.assertFalse(analysis.search([]).user_id)
            self.assertEqual(
                {user for [user] in analysis._read_group([], ["user_id"])},
                {self.env["res.users"]},
            )
            mine = [("user_id", "=", self.worker.id)]
            self.assertFalse(analysis.search_count(mine))
            for path in self._get_ways(model):
                with self.assertRaisesRegex(AccessError, "by person"):
                    analysis._read_group([], [path])
                first, others = path.split(".", 1)
                for domain in (
                    [(path, "=", self.worker.id)],
                    [(first, "any", [(others, "=", self.worker.id)])],
                    ["!", (path, "!=", self.worker.id)],
                ):
                    with self.assertRaisesRegex(AccessError, "by person"):
                        analysis.search_count(domain)
            # What is no person can be asked for.
            analysis._read_group([], ["production_id.product_id"])
        self.assertFalse(self._get_figures()["by_person"])

    def _get_ways(self, model):
        """Ways from a row to whoever made it."""
        ways = ["production_id.user_id", "production_id.create_uid"]
        if "backflush_id" in self.env[model]._fields:
            ways += ["backflush_id.user_id", "backflush_id.production_id.user_id"]
        return ways

    def test_by_person_where_it_is_allowed(self):
        self._work()
        self.env.company.backflush_by_person = True
        self.env.invalidate_all()
        for model in PRIVATE:
            self.assertEqual(self._find(model).user_id, self.worker)
            analysis = self.env[model].with_user(self.worker)
            analysis._read_group([], ["production_id.user_id"])
        self.assertTrue(self._get_figures()["by_person"])

    def test_one_company_that_does_not_allow_it(self):
        """Two companies are looked at: no figure by person goes through."""
        self._work()
        self.env.company.backflush_by_person = True
        other = self.env["res.company"].create({"name": "Other"})
        self.worker.company_ids += other
        both = [self.env.company.id, other.id]
        for model in PRIVATE:
            analysis = self.env[model].with_user(self.worker)
            analysis = analysis.with_context(allowed_company_ids=both)
            with self.assertRaises(AccessError):
                analysis._read_group([], ["production_id.user_id"])
            # Other tests have committed reports of other people.
            self.assertIn(self.worker, analysis.search([]).user_id)

    def test_other_company(self):
        self._work()
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="mrp.group_mrp_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for model in (*PRIVATE, "mrp.backflush.accuracy", "mrp.backflush.bom.accuracy"):
            self.assertFalse(self.env[model].with_user(stranger).search([]))
        figures = self._get_figures(stranger)
        self.assertEqual((figures["counts"], figures["boms"]), (0, 0))


@tagged("post_install", "-at_install")
class TestRightRecipes(ProposalCase):
    """How many bills of materials are right, before one is mended and after."""

    def _get_figures(self):
        with freeze_time(START + timedelta(weeks=self.week)):
            rows = self.env["mrp.backflush.accuracy"].with_user(self.worker)
            return rows.get_backflush_dashboard()

    def test_right_to_98_percent(self):
        self._plant(*WEEKS)
        proposal = self._propose()
        rows = self.env["mrp.backflush.bom.accuracy"].search(
            [("bom_id", "in", (self.bom + self.table_bom).ids)]
        )
        wrong = rows.filtered(lambda row: row.bom_id == self.bom)
        self.assertEqual(set(wrong.mapped("is_right")), {0})
        self.assertAlmostEqual(wrong[0].accuracy, 90, delta=1)
        self.assertEqual(set((rows - wrong).mapped("is_right")), {100})
        figures = self._get_figures()
        self.assertEqual(figures["boms"] - figures["boms_right"], 1)
        self.assertEqual(figures["proposals"], 1)
        self.assertAlmostEqual(figures["proposals_value"], proposal.effect_value, 2)
        with freeze_time(START + timedelta(weeks=self.week)):
            proposal.action_accept()
        # The old line is not looked at any more, the new one not known yet.
        self.assertEqual(self._get_figures()["boms"], figures["boms"] - 1)
        self.week += 1
        self._plant((100, 40), (90, 20), really=self.bolt_line.product_qty)
        self._propose()
        mended = self._get_figures()
        self.assertEqual(mended["boms"], figures["boms"])
        self.assertEqual(mended["boms_right"], figures["boms"])
