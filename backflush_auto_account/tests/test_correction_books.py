from odoo import Command
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestCorrectionBooks(ValuedCase):
    """Perpetual books: in the end they say what the right report alone would say.

    A product takes 2 components, which were bought at 5 and at 8, and an hour of work.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls._create_account("BFPROD", "Production")
        cls.categories["standard"].property_valuation = "real_time"
        cls.categories["average"].property_valuation = "real_time"
        cls.categories["fifo"].property_valuation = "real_time"
        product = cls.chair.with_company(cls.env.company)
        product.property_stock_production.valuation_account_id = cls.account
        cls.centre = cls.env["mrp.workcenter"].create(
            {"name": "Saw", "costs_hour": 30, "time_start": 0, "time_stop": 0}
        )

    @classmethod
    def _create_account(cls, code, name):
        return cls.env["account.account"].create(
            {"name": name, "code": code, "account_type": "asset_current"}
        )

    def _make(self, method, kind="completion"):
        component = self._create_valued("Component", method)
        product = self._create_valued("Product", method)
        if method == "standard":
            component.standard_price, product.standard_price = 7, 14
        bom = self._create_bom(product, [(component, 2, {"backflush_method": kind})])
        if kind == "operation":
            bom.operation_ids = [
                Command.create(
                    {
                        "name": "Saw",
                        "workcenter_id": self.centre.id,
                        "time_cycle_manual": 60,
                    }
                )
            ]
            bom.bom_line_ids.operation_id = bom.operation_ids
        self._receive(component, 10, 5)
        self._receive(component, 30, 8)
        return component, product

    def _get_balance(self, *products):
        """What the books say of production, and of the stock of these products."""
        lines = self.env["account.move.line"].search(
            [
                ("parent_state", "=", "posted"),
                ("product_id", "in", [product.id for product in products]),
            ]
        )
        made = lines.filtered(lambda line: line.account_id == self.account)
        return round(sum(made.mapped("balance")), 2)

    def _get_value(self, *products):
        return [round(product.sudo().total_value, 2) for product in products]

    def test_all_comes_back(self):
        for method in ("average", "fifo", "standard"):
            with self.subTest(method):
                products = self._make(method)
                before = self._get_value(*products)
                order = self._create_order(products[1], 10)
                order.backflush_post()
                posted = order.backflush_ids
                moves = posted.move_ids | posted.finished_move_ids
                self.assertTrue(all(move.account_move_id for move in moves.sudo()))
                posted.backflush_correct()
                returned = posted.correction_ids
                moves = returned.move_ids | returned.finished_move_ids
                entries = moves.sudo().account_move_id
                self.assertEqual(set(entries.mapped("state")), {"posted"})
                self.assertEqual(self._get_value(*products), before)
                self.assertEqual(self._get_balance(*products), 0)

    def test_part_and_report_right(self):
        for method in ("average", "fifo", "standard"):
            with self.subTest(method):
                self._compare(method, "completion")

    def test_fifo(self):
        """Of 10 at 5 and 30 at 8, 20 are taken; 12 come back, the newest of their kind.

        Their value is that with which they left: the average of what was taken.
        """
        products = self._make("fifo")
        order = self._create_order(products[1], 10)
        order.backflush_post()
        self.assertEqual(self._get_value(*products), [160, 130])
        wrong = order.backflush_ids
        wrong.backflush_correct(4)
        self.assertEqual(self._get_value(*products), [160 + 78, 52])
        self.assertEqual(wrong.correction_ids.sudo().value_difference, 0)
        order.backflush_post()
        self.assertEqual(self._get_value(*products), [238 - 96, 52 + 96])
        for posting in order.backflush_ids - wrong.correction_ids:
            posting.backflush_correct()
        self.assertEqual(self._get_value(*products), [290, 0])
        self.assertEqual(self._get_balance(*products), 0)

    def test_operation(self):
        self._compare("average", "operation")

    def _compare(self, method, kind):
        """The books of a report put right are those of the right one."""
        said = []
        for is_wrong in (False, True):
            products = self._make(method, kind)
            order = self._create_order(products[1], 10)
            if is_wrong:
                order.backflush_post(10)
                for posting in order.backflush_ids:
                    if posting.trigger == "completion":
                        posting.backflush_correct(4)
                booked = self._get_balance(*products)
            else:
                order.backflush_post(4)
                booked = self._get_balance(*products)
            order.backflush_post()
            self.assertEqual(order.state, "done")
            values = self._get_value(*products)
            if method == "fifo":
                # What comes back is the newest of its kind, as with all that returns.
                values = sum(values)
            said.append((booked, self._get_balance(*products), values))
        self.assertEqual(*said)

    def test_analytic_lines(self):
        """Of work that is taken back with its report, analytic accounts know less."""
        plan = self.env["account.analytic.plan"].create({"name": "Plan"})
        account = self.env["account.analytic.account"].create(
            {"name": "Line 1", "plan_id": plan.id}
        )
        self.centre.analytic_distribution = {str(account.id): 100}
        _component, product = self._make("average", "operation")
        order = self._create_order(product, 10)
        order.workorder_ids.duration = 600
        order.backflush_post(10)
        [line] = order.workorder_ids.sudo().wc_analytic_account_line_ids
        self.assertEqual((line.amount, line.unit_amount), (-300, 10))
        done = order.backflush_ids.filtered(lambda p: p.trigger == "completion")
        done.backflush_correct(4)
        self.assertEqual((line.amount, line.unit_amount), (-300, 10))
        order.backflush_post()
        dialog = self.env["mrp.backflush.correction"].create(
            {"posting_id": order.backflush_ids[0].id, "quantity": 0}
        )
        dialog.takes_time = True
        dialog.action_correct()
        self.assertEqual((line.amount, line.unit_amount), (-120, 4))
