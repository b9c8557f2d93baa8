from math import sqrt

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from ..models.mrp_backflush_agenda import RECIPE_VARIANCE
from .common import AccuracyCase


@tagged("post_install", "-at_install")
class TestAgenda(AccuracyCase):
    """Which count takes away the most risk."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.standard_price = 20
        cls.bolt.standard_price = 0.5
        cls.manager = new_test_user(
            cls.env,
            "accuracy_stock_manager",
            groups="stock.group_stock_manager,mrp.group_mrp_user",
        )

    def _get_rows(self):
        rows = self.env["mrp.backflush.agenda"].with_user(self.manager)
        return rows.search([("product_id", "in", (self.board | self.bolt).ids)])

    def _get_sd(self, used, counts):
        company = self.env.company
        relative = (company.backflush_process_sd / 100) ** 2
        relative += RECIPE_VARIANCE / (1 + counts)
        return sqrt(company.backflush_count_sd**2 + relative * used**2)

    def test_what_was_never_counted(self):
        self.assertFalse(self._get_rows())
        self._make(100)
        boards, bolts = self._get_rows()
        self.assertEqual((boards.product_id, bolts.product_id), (self.board, self.bolt))
        self.assertFalse(boards.last_date)
        self.assertEqual((boards.used_qty, bolts.used_qty), (200, 400))
        self.assertAlmostEqual(boards.sd_qty, self._get_sd(200, 0), 4)
        self.assertAlmostEqual(boards.risk_value, 20 * self._get_sd(200, 0), 2)

    def test_a_count_takes_the_risk_away(self):
        self._make(100)
        self._count((self.board, 800))
        self._make(10)
        bolts, boards = self._get_rows().sorted("used_qty", reverse=True)
        self.assertEqual(boards.last_date, self._get_count(self.board).date)
        self.assertEqual((boards.used_qty, bolts.used_qty), (20, 440))
        # The first count is compared with nothing.
        self.assertEqual(boards.count_number, 0)
        self._count((self.board, 780))
        self._make(10)
        boards = self._get_rows().filtered(lambda row: row.product_id == self.board)
        self.assertEqual((boards.used_qty, boards.count_number), (20, 1))
        self.assertAlmostEqual(boards.sd_qty, self._get_sd(20, 1), 4)

    def test_what_a_correction_brings_back_is_not_used(self):
        order = self._make(100)
        order.backflush_ids.with_user(self.env.user).backflush_correct(40)
        boards = self._get_rows().filtered(lambda row: row.product_id == self.board)
        self.assertEqual(boards.used_qty, 80)

    def test_request_and_count_by_odoo(self):
        self._make(100)
        rows = self._get_rows()
        action = rows[0].action_request_count()
        wizard = Form.from_action(rows.env, action)
        wizard.user_id = self.counter
        wizard.inventory_date = "2026-12-01"
        wizard.save().action_request_count()
        quant = rows[0]._find_quants()
        self.assertEqual(quant.user_id, self.counter)
        self.assertEqual(str(rows[0].inventory_date), "2026-12-01")
        self.assertFalse(rows[1].inventory_date)
        action = rows[0].action_count()
        found = self.env["stock.quant"].search(action["domain"])
        self.assertEqual(found, quant)

    def test_nothing_on_record_cannot_be_requested(self):
        self._make(100)
        row = self._get_rows()[0]
        row._find_quants().sudo().unlink()
        with self.assertRaisesRegex(UserError, "Nothing is on record of Board"):
            row.action_request_count()

    def test_of_own_companies_only(self):
        self._make(100)
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        self.assertFalse(self._get_rows().with_company(other))
