from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestCorrectionCost(ValuedCase):
    """Components come back with the value they left with; labour is booked once."""

    def _make(self, method):
        component = self._create_valued("Component", method)
        product = self._create_valued("Product", method)
        self._create_bom(product, [(component, 2)])
        if method == "standard":
            component.standard_price = 7
            product.standard_price = 14
        self._receive(component, 10, 5)
        self._receive(component, 30, 8)
        return component, product

    def _get_value(self, product):
        return round(product.sudo().total_value, 2)

    def test_value_comes_back(self):
        for method in ("average", "fifo", "standard"):
            with self.subTest(method):
                component, product = self._make(method)
                before = self._get_value(component)
                order = self._create_order(product, 10)
                order.backflush_post()
                posting = order.backflush_ids
                posting.backflush_correct()
                self.assertEqual(self._get_value(component), before)
                self.assertEqual(self._get_value(product), 0)
                self.assertEqual(self._on_hand(component), 40)

    def test_part_and_report_right(self):
        """In the end the books are those of the right report alone."""
        for method in ("average", "standard"):
            with self.subTest(method):
                values = []
                for is_wrong in (False, True):
                    component, product = self._make(method)
                    order = self._create_order(product, 10)
                    if is_wrong:
                        order.backflush_post()
                        order.backflush_ids.backflush_correct(4)
                    else:
                        order.backflush_post(4)
                    order.backflush_post()
                    values.append(
                        (self._get_value(component), self._get_value(product))
                    )
                self.assertEqual(*values)

    def test_difference_is_shown(self):
        _component, product = self._make("average")
        order = self._create_order(product, 10)
        order.backflush_post()
        posting = order.backflush_ids
        # Other goods of this kind cost more: what is taken away is worth more.
        self._receive(product, 10, 50)
        posting.backflush_correct()
        correction = posting.correction_ids.sudo()
        self.assertAlmostEqual(correction.components_value, -145)
        self.assertAlmostEqual(correction.finished_value, -322.5)
        self.assertAlmostEqual(correction.value_difference, -177.5)

    def test_labour_is_booked_once(self):
        _component, product = self._make("average")
        account = self.env["account.account"].create(
            {
                "name": "Production",
                "code": "BFPROD",
                "account_type": "asset_current",
            }
        )
        product.categ_id.property_valuation = "real_time"
        product.property_stock_production.valuation_account_id = account
        centre = self.env["mrp.workcenter"].create({"name": "Saw", "costs_hour": 60})
        bom = product.bom_ids
        bom.operation_ids = [
            Command.create(
                {"name": "Saw", "workcenter_id": centre.id, "time_cycle_manual": 30}
            )
        ]
        order = self._create_order(product, 4)
        order.backflush_post()
        labour = self.env["account.move"].search(
            [("ref", "=", f"{order.name} - Labour")]
        )
        self.assertEqual(len(labour), 1)
        booked = labour.line_ids.filtered(lambda line: line.account_id == account)
        order.backflush_ids.backflush_correct(1)
        self.assertEqual(len(labour.reversal_move_ids), 1)
        self.assertEqual(labour.reversal_move_ids.state, "posted")
        order.backflush_post()
        again = self.env["account.move"].search(
            [("ref", "=", f"{order.name} - Labour")]
        )
        again -= labour
        self.assertEqual(len(again), 1)
        entries = labour | labour.reversal_move_ids | again
        lines = entries.line_ids.filtered(lambda line: line.account_id == account)
        self.assertAlmostEqual(sum(lines.mapped("balance")), booked.balance)

    def test_locked_books(self):
        _component, product = self._make("average")
        order = self._create_order(product, 10)
        order.backflush_post()
        posting = order.backflush_ids
        self.env.company.fiscalyear_lock_date = fields.Date.today()
        with self.assertRaisesRegex(UserError, "The books of .* are closed"):
            posting.with_user(self.worker).backflush_correct(1, "slip")
        groups = f"{self._get_worker_groups()},mrp.group_mrp_manager"
        manager = new_test_user(self.env, "manager", groups=groups)
        with self.assertRaisesRegex(UserError, "with a reason"):
            posting.with_user(manager).backflush_correct(1)
        posting.with_user(manager).backflush_correct(1, "slip")
        self.assertEqual(self._on_hand(product), 1)
