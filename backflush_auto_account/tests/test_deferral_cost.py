from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestDeferralCost(ValuedCase):
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
