from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import TimedCase

LOGGER = "odoo.addons.backflush_auto_account.models.res_company"


@tagged("post_install", "-at_install")
class TestDeferralCost(TimedCase):
    """Goods bear what is owed at the cost of that day.

    A chair takes 2 boards at 10 and 4 bolts at 1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.chair + cls.board + cls.bolt).categ_id = cls.categories["average"]
        cls.bom.backflush_shortage = "defer"
        cls._receive(cls.board, 8, 10)
        cls._receive(cls.bolt, 1000, 1)

    def _get_debts(self, order):
        return self.env["mrp.backflush.exception"].search(
            [("production_id", "=", order.id)]
        )

    def test_the_difference_is_seen_by_itself(self):
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        self.assertEqual(self._values(order)[0], [240])
        debt = self._get_debts(order)
        self.assertEqual(debt.value, 120)
        posting = order.backflush_ids.sudo()
        self.assertEqual(posting.components_value, 240)
        self._receive(self.board, 5, 15)
        self.assertEqual((debt.value, posting.settlement_difference), (70, 25))
        self._receive(self.board, 50, 20)
        self.assertEqual(debt.state, "done")
        self.assertEqual(posting.settlement_difference, 25 + 70)
        self.assertEqual(posting.components_value, 240)
        self.assertEqual(posting.value_difference, 0)
        self.assertEqual(self.board.standard_price, 20)
        self.assertEqual(self._values(order)[0], [240])

    def test_stock_that_pays_has_come_before(self):
        """Odoo goes through the moves of a second by their ids: a debt is older."""
        other = self.env["stock.location"].create(
            {"name": "Far away", "location_id": self.warehouse.view_location_id.id}
        )
        panel = self._create_valued("Panel", "average")
        self.bom.bom_line_ids[0].product_id = panel
        self._receive(panel, 100, 10)
        quant = panel.stock_quant_ids.filtered(lambda q: q.quantity > 0)
        quant.move_quants(other)
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        debt = self._get_debts(order)
        self._receive(panel, 50, 16)
        self.assertEqual(debt.state, "done")
        move = debt.move_id.sudo()
        self.assertEqual(move.value, 20 * 12)
        self.assertEqual(panel.sudo().total_value, 1800 - 20 * 12)
        self.assertEqual(panel.standard_price, 12)
        self.assertEqual(set(move.move_line_ids.mapped("date")), {move.date})

    def test_layers(self):
        """With FIFO, debts take the first layer that comes, once it is worth it."""
        panel = self._create_valued("Panel", "fifo")
        self.bom.bom_line_ids[0].product_id = panel
        self._receive(panel, 8, 10)
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        self.assertEqual(self._values(order)[0], [240])
        self._receive(panel, 20, 30)
        debt = self._get_debts(order)
        self.assertEqual(debt.move_id.sudo().value, 360)
        self.assertEqual(order.backflush_ids.sudo().settlement_difference, 240)
        self.assertEqual(panel.with_company(order.company_id).total_value, 240)

    def test_standard(self):
        panel = self._create_valued("Panel", "standard", standard_price=7)
        self.bom.bom_line_ids[0].product_id = panel
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        self.assertEqual(self._values(order)[0], [180])
        self._receive(panel, 20, 7)
        self.assertEqual(order.backflush_ids.sudo().settlement_difference, 0)

    def test_parts(self):
        order = self._create_order(quantity=10)
        order.backflush_post(3)
        order.backflush_post(3)
        self._receive(self.board, 4, 25)
        order.backflush_post(4)
        self.assertEqual(self._values(order)[0][:2], [72, 72])
        self.assertEqual(order.state, "done")
        first, second, third = order.backflush_ids.sudo().sorted("id")
        self.assertEqual(first.settlement_difference, 0)
        self.assertEqual(second.settlement_difference, 60)
        self.assertEqual(third.value_difference, 0)

    def test_owed_since_the_start(self):
        """Settled or not, it is borne at the cost of the start, and once."""
        for number, receipt in enumerate((0, 5, 20)):
            panel = self._create_valued(f"Panel {number}", "average")
            self.bom.bom_line_ids[0].write(
                {"product_id": panel.id, "backflush_method": "start"}
            )
            self._receive(panel, 8, 10)
            order = self._create_order(quantity=10)
            order.action_start()
            if receipt:
                self._receive(panel, receipt, 15)
            order.backflush_post(10)
            self.assertEqual(self._values(order)[0], [240], receipt)

    def test_closing_a_period(self):
        company = self.env.company
        self.assertEqual(company.backflush_close_gate, "warn")
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        debt = self._get_debts(order)
        company.backflush_close_gate = "refuse"
        with self.assertRaisesRegex(UserError, "Board"):
            company.action_close_stock_valuation()
        self.assertFalse(company._find_backflush_open_debts("2026-01-31"))
        debt.sudo().date = "2026-01-31 12:00:00"
        self.assertEqual(company._find_backflush_open_debts("2026-01-31"), debt)
        self._receive(self.board, 12, 10)
        self.assertFalse(company._find_backflush_open_debts(None))

    def test_a_period_that_closes_by_itself(self):
        """The scheduled action goes on with the other companies; somebody is told."""
        company = self.env.company
        company.backflush_close_gate = "refuse"
        company.inventory_period = "daily"
        company.inventory_valuation = "periodic"
        self.env["res.company"].search([("id", "!=", company.id)]).write(
            {"inventory_period": "manual"}
        )
        order = self._create_order(quantity=10)
        order.backflush_post(10)
        debt = self._get_debts(order)
        closings = self.env["account.move"].search_count(
            [("ref", "=", "Stock Closing")]
        )
        # On the last day of a month, Odoo closes those that close monthly.
        day = freeze_time("2026-05-13")
        with day, self.assertLogs(LOGGER, "WARNING") as logs:
            self.env["res.company"]._cron_post_stock_valuation()
        self.assertIn("Board", logs.output[0])
        self.assertEqual(len(debt._search_activities(self.board)), 1)
        found = self.env["account.move"].search_count([("ref", "=", "Stock Closing")])
        self.assertEqual(found, closings)
        forged = self.env(context={"backflush_closes_by_itself": True})
        with self.assertRaisesRegex(UserError, "Board"):
            company.with_env(forged).action_close_stock_valuation()
