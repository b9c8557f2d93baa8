from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestScrapCost(ValuedCase):
    """The good units bear the cost of those that failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dent = cls.env["stock.scrap.reason.tag"].create({"name": "Dent"})

    def _create_valued_order(self, method, quantity=100):
        product = self._create_valued("Good", method)
        part = self._create_valued("Part", method)
        self._create_bom(product, [(part, 2)])
        self._receive(part, 120, 3.0)
        self._receive(part, 1000, 5.0)
        return self._create_order(product, quantity)

    def _scrap(self, quantity):
        return [{"quantity": quantity, "reason": "Dent"}]

    def test_in_one_posting(self):
        for method, cost in (
            ("fifo", 120 * 3 + 80 * 5),
            ("average", 200 * 5360 / 1120),
        ):
            with self.subTest(method):
                order = self._create_valued_order(method)
                order.backflush_post(90, scrap=self._scrap(10))
                self.assertAlmostEqual(self._get_consumed_value(order), cost, 2)
                [value], _others = self._values(order)
                self.assertAlmostEqual(value, cost, 2)
                self.assertEqual(order.sudo().scrap_ids.move_ids.value, 0)

    def test_in_parts(self):
        order = self._create_valued_order("fifo")
        order.backflush_post(50, scrap=self._scrap(10))
        order.backflush_post(scrap=self._scrap(5))
        values, _others = self._values(order)
        self.assertAlmostEqual(values[0], 120 * 3, 2)
        self.assertAlmostEqual(values[1], 80 * 5, 2)

    def test_what_failed_first(self):
        """A posting of nothing good leaves its cost to the good units that follow."""
        order = self._create_valued_order("fifo")
        order.backflush_post(scrap=self._scrap(10), scrap_only=True)
        order.backflush_post(30)
        order.backflush_post(scrap=self._scrap(2), scrap_only=True)
        order.backflush_post()
        values, _others = self._values(order)
        self.assertAlmostEqual(values[0], 80 * 3, 2)
        self.assertAlmostEqual(sum(values), self._get_consumed_value(order), 2)
        self.assertAlmostEqual(sum(values), 120 * 3 + 80 * 5, 2)


@tagged("post_install", "-at_install")
class TestScrapExpense(ValuedCase):
    """What failed units cost is an expense, or the good units bear it.

    In the end production has nothing: a product takes 2 parts, and 1 of paint later.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env["stock.scrap.reason.tag"].create
        cls.dent = create({"name": "Dent"})
        cls.drop = create({"name": "Dropped", "backflush_cost": "expense"})
        cls.account = cls.env["account.account"].create(
            {"name": "Production", "code": "BFPROD", "account_type": "asset_current"}
        )
        cls.loss = cls.account.copy({"name": "Scrap", "code": "BFSCRAP"})
        place = cls.chair.with_company(cls.env.company).property_stock_production
        place.valuation_account_id = cls.account
        cls.centre = cls.env["mrp.workcenter"].create({"name": "Bench"})

    def _make(self, method, valuation="real_time", **values):
        self.categories[method].property_valuation = valuation
        self.part = self._create_valued("Part", method)
        self.paint = self._create_valued("Paint", method)
        self.good = self._create_valued("Good", method)
        bom = self._create_bom(
            self.good, [(self.part, 2, values), (self.paint, 1, values)]
        )
        bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": self.centre.id})
            for name in ("Cut", "Paint")
        ]
        for line, operation in zip(bom.bom_line_ids, bom.operation_ids, strict=True):
            line.operation_id = operation
            line.backflush_method = line.backflush_method or "completion"
        if method == "standard":
            self.good.standard_price = 16
            self.part.standard_price, self.paint.standard_price = 5, 6
        self._receive(self.part, 1000, 5)
        self._receive(self.paint, 1000, 6)
        return self._create_order(self.good, 100)

    def _scrap(self, order, quantity, reason="Dropped", at=1):
        workorder = order.workorder_ids[at]
        entry = {"quantity": quantity, "reason": reason, "workorder_id": workorder.id}
        return [entry]

    def _get_balance(self, account):
        products = self.part | self.paint | self.good
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("product_id", "in", products.ids),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def _assert_cost(self, order, good, expensed):
        values, _others = self._values(order)
        self.assertEqual(round(sum(values), 2), good)
        moves = order.sudo().scrap_ids.move_ids
        self.assertEqual(round(sum(moves.mapped("value")), 2), expensed)
        if self.good.valuation == "real_time":
            self.assertEqual(self._get_balance(self.account), 0)
            place = moves.location_dest_id
            account = place.valuation_account_id
            account |= self.good._get_product_accounts()["expense"]
            self.assertEqual(self._get_balance(account[:1]), expensed)

    def test_expensed(self):
        for method in ("fifo", "average", "standard"):
            with self.subTest(method):
                order = self._make(method)
                order.backflush_post(90, scrap=self._scrap(order, 10))
                self._assert_cost(order, 90 * 16, 10 * 16)

    def test_failed_early(self):
        """They have not taken what is consumed later."""
        order = self._make("average")
        order.backflush_post(90, scrap=self._scrap(order, 10, at=0))
        self._assert_cost(order, 90 * 16, 10 * 10)

    def test_both(self):
        order = self._make("fifo")
        scrap = self._scrap(order, 10) + self._scrap(order, 10, "Dent")
        order.backflush_post(80, scrap=scrap)
        self._assert_cost(order, 90 * 16, 10 * 16)

    def test_account_of_scrap(self):
        order = self._make("average")
        place = self.env["stock.location"].search(
            [("usage", "=", "inventory"), ("company_id", "=", self.env.company.id)]
        )
        place.valuation_account_id = self.loss
        order.backflush_post(90, scrap=self._scrap(order, 10))
        self.assertEqual(self._get_balance(self.loss), 160)
        self._assert_cost(order, 90 * 16, 10 * 16)

    def test_first_and_in_parts(self):
        order = self._make("average")
        scrap = self._scrap(order, 10)
        order.backflush_post(scrap=scrap, scrap_only=True)
        self.assertEqual(self._get_balance(self.account), 0)
        order.backflush_post(30)
        self.assertEqual(self._get_balance(self.account), 0)
        order.backflush_post(scrap=self._scrap(order, 20, "Dent"))
        self._assert_cost(order, 90 * 16, 10 * 16)

    def test_left_at_operations(self):
        order = self._make("average", backflush_method="operation")
        cut, paint = order.workorder_ids
        order.backflush_post(100, workorder_id=cut.id)
        order.backflush_post(30, workorder_id=paint.id)
        order.backflush_post(30)
        order.backflush_post(60, scrap=self._scrap(order, 10))
        self._assert_cost(order, 90 * 16, 10 * 16)

    def test_no_more_than_had_left(self):
        """Fifty failed of parts for forty: what failed bears those, and no others."""
        order = self._make("average", backflush_method="operation")
        cut, _paint = order.workorder_ids
        order.backflush_post(40, workorder_id=cut.id)
        order.backflush_post(
            scrap=self._scrap(order, 50, at=0),
            components=[{"product_id": self.part.id, "quantity": 0}],
            scrap_only=True,
        )
        order.backflush_post(50)
        consumed = self._get_consumed_value(order)
        self._assert_cost(order, round(consumed - 80 * 5, 2), 80 * 5)

    def test_everything_failed(self):
        """Nobody is left to bear it."""
        for method, good in (("fifo", 0), ("average", 40), ("standard", 0)):
            with self.subTest(method, good=good):
                order = self._make(method)
                if good:
                    order.backflush_post(good)
                scrap = self._scrap(order, 100 - good, "Dent")
                order.backflush_post(scrap=scrap, scrap_only=True)
                self.assertEqual(order.state, "done")
                self._assert_cost(order, good * 16, (100 - good) * 16)

    def test_taken_back(self):
        for reason in ("Dent", "Dropped"):
            with self.subTest(reason):
                order = self._make("average")
                scrap = self._scrap(order, 100, reason)
                order.backflush_post(scrap=scrap, scrap_only=True)
                order.backflush_ids.backflush_correct(0)
                self.assertEqual(self._get_balance(self.account), 0)
                order.backflush_post()
                values, _others = self._values(order)
                self.assertEqual(round(sum(values), 2), 1600)
                self.assertEqual(self._get_balance(self.account), 0)

    def test_periodic(self):
        order = self._make("average", "periodic")
        before = self._get_closing()
        order.backflush_post(90, scrap=self._scrap(order, 10))
        self._assert_cost(order, 90 * 16, 10 * 16)
        closing = self._get_closing()
        changed = {a: round(closing[a] - before.get(a, 0.0), 2) for a in closing}
        self.assertEqual(changed.get(self.account.id, 0.0), 0)
        expense = self.good._get_product_accounts()["expense"]
        self.assertEqual(changed[expense.id], 160)

    def _get_closing(self):
        """What the closing would book to each account that is not of stock."""
        balances = {}
        company = self.env.company
        for vals in company._get_location_valuation_vals(fields.Datetime.now()):
            account = vals["account_id"]
            balance = vals["debit"] - vals["credit"]
            balances[account] = balances.get(account, 0.0) + balance
        return balances
