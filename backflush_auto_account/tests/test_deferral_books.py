from odoo import fields
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import TimedCase


@tagged("post_install", "-at_install")
class TestDeferralBooks(TimedCase):
    """What the books say while something is owed, and once it is paid.

    A product takes 2 parts; 8 were bought at 10, and those that come late cost 15.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {"name": "Production", "code": "BFPROD", "account_type": "asset_current"}
        )
        place = cls.chair.with_company(cls.env.company).property_stock_production
        place.valuation_account_id = cls.account
        create = cls.env["stock.scrap.reason.tag"].create
        create([{"name": "Dent"}, {"name": "Dropped", "backflush_cost": "expense"}])

    def _make(self, method, valuation="real_time", **values):
        self.categories[method].property_valuation = valuation
        self.part = self._create_valued("Part", method)
        self.good = self._create_valued("Good", method)
        if method == "standard":
            self.part.standard_price, self.good.standard_price = 10, 20
        self._create_bom(
            self.good, [(self.part, 2, values)], backflush_shortage="defer"
        )
        self._receive(self.part, 8, 10)
        return self._create_order(self.good, 10)

    def _get_balance(self, account=None):
        """What journal items say of an account, of these products."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", (account or self.account).id),
                ("parent_state", "=", "posted"),
                ("product_id", "in", (self.part | self.good).ids),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _get_closing(self):
        """What the closing would book to production, where books are periodic."""
        rows = self.env.company._get_location_valuation_vals(fields.Datetime.now())
        return round(
            sum(
                vals["debit"] - vals["credit"]
                for vals in rows
                if vals["account_id"] == self.account.id
            ),
            2,
        )

    def _get_posting(self, order):
        return order.backflush_ids.filtered(lambda p: not p.reverses_id).sudo()

    def _get_stock_value(self):
        products = self.part | self.good
        return [round(product.sudo().total_value, 2) for product in products]

    def test_perpetual(self):
        """Production owes what stock has not given yet, then bears the difference."""
        for method, difference in (("average", 60), ("fifo", 60), ("standard", 0)):
            with self.subTest(method):
                order = self._make(method)
                order.backflush_post()
                self.assertEqual(self._values(order)[0], [200])
                debt = order.move_raw_ids.backflush_exception_ids.sudo()
                self.assertEqual(debt.value, 120)
                self.assertEqual(self._get_balance(), -120)
                self._receive(self.part, 12, 15)
                self.assertEqual(debt.state, "done")
                self.assertTrue(debt.move_id.account_move_id)
                posting = self._get_posting(order)
                self.assertEqual(posting.settlement_difference, difference)
                self.assertEqual(self._get_balance(), difference)
                self.assertEqual(self._get_stock_value(), [0, 200])

    def test_paid_in_parts(self):
        order = self._make("average")
        order.backflush_post()
        for quantity, price in ((5, 15), (3, 8), (9, 12)):
            self._receive(self.part, quantity, price)
        difference = 5 * 5 + 3 * -2 + 4 * 2
        self.assertEqual(self._get_posting(order).settlement_difference, difference)
        self.assertEqual(self._get_balance(), difference)
        self.assertEqual(self._get_stock_value(), [5 * 12, 200])

    def test_periodic(self):
        for method, difference in (("average", 60), ("fifo", 60), ("standard", 0)):
            with self.subTest(method):
                before = self._get_closing()
                order = self._make(method, "periodic")
                order.backflush_post()
                self.assertEqual(self._get_closing() - before, -120)
                self._receive(self.part, 12, 15)
                self.assertEqual(self._get_closing() - before, difference)
                self.assertEqual(self._get_balance(), 0)

    def test_not_consumed_after_all(self):
        """Goods keep the cost that they were given: production shows it."""
        order = self._make("average")
        order.backflush_post()
        order.move_raw_ids.backflush_exception_ids.backflush_cancel("6 have none")
        self.assertEqual(self._values(order)[0], [200])
        self.assertEqual(self._get_balance(), -120)

    def test_corrected(self):
        """What is taken back before it is paid leaves nothing in the books."""
        order = self._make("average")
        order.backflush_post()
        self._get_posting(order).backflush_correct(0, "never")
        self.assertEqual(self._get_balance(), 0)
        differences = order.backflush_ids.sudo().mapped("value_difference")
        self.assertEqual(differences, [0, 0], "what was owed came with the goods")
        self.assertEqual(self._get_stock_value(), [80, 0])
        order.backflush_post()
        self._receive(self.part, 12, 10)
        self.assertEqual(self._get_balance(), 0)
        self.assertEqual(self._get_stock_value(), [0, 200])

    def test_what_failed_is_owed_as_well(self):
        """Good units bear it, or an expense does; production is left with nothing."""
        for reason, value in (("Dent", 200), ("Dropped", 160)):
            with self.subTest(reason):
                order = self._make("average")
                scrap = [{"quantity": 2, "reason": reason}]
                order.backflush_post(8, scrap=scrap)
                self.assertEqual(order.state, "done")
                self.assertEqual(self._values(order)[0], [value])
                self._receive(self.part, 12, 10)
                self.assertEqual(self._get_balance(), 0)
                expense = self.good._get_product_accounts()["expense"]
                self.assertEqual(self._get_balance(expense), 200 - value)

    def test_all_failed(self):
        for reason in ("Dent", "Dropped"):
            with self.subTest(reason):
                order = self._make("average")
                scrap = [{"quantity": 10, "reason": reason}]
                order.backflush_post(scrap=scrap, scrap_only=True)
                self._receive(self.part, 12, 10)
                self.assertEqual(self._get_balance(), 0)
                expense = self.good._get_product_accounts()["expense"]
                self.assertEqual(self._get_balance(expense), 200)

    def test_owed_since_the_start_and_failed(self):
        order = self._make("average", backflush_method="start")
        order.action_start()
        scrap = [{"quantity": 2, "reason": "Dropped"}]
        order.backflush_post(8, scrap=scrap)
        self.assertEqual(self._values(order)[0], [160])
        self._receive(self.part, 12, 10)
        self.assertEqual(self._get_balance(), 0)
