from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase


@tagged("post_install", "-at_install")
class TestSplitRights(BackflushCase):
    """A worker who reads no accounting splits orders, with no more rights than that."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 1000)
        cls.plain = new_test_user(cls.env, "plain", groups="mrp.group_mrp_user")
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Plan"})
        cls.account = cls.env["account.analytic.account"].create(
            {"name": "Account", "plan_id": cls.plan.id}
        )

    def _create_line(self, name):
        values = {"name": name, self.plan._column_name(): self.account.id}
        return self.env["account.analytic.line"].create(values)

    def _split(self, order):
        wizard = Form.from_action(self.env(user=self.plain), order.action_split())
        wizard.max_batch_size = 5
        wizard.save().action_split()
        return order.production_group_id.production_ids.sorted("id")

    def test_backorder(self):
        order = self._create_order(quantity=10).with_user(self.plain)
        result = order.backflush_post(quantity=4, remainder="backorder")
        backorder = order.browse(result["backorder"]["id"])
        self.assertEqual(backorder.product_qty, 6)
        self.assertEqual(backorder.create_uid, self.plain)
        self.assertEqual(backorder.move_raw_ids.create_uid, self.plain)

    def test_split_by_hand(self):
        order = self._create_order(quantity=10).with_user(self.plain)
        split = self._split(order)
        self.assertEqual(split.mapped("product_qty"), [5, 5])
        self.assertEqual(split[1].create_uid, self.plain)
        self.assertEqual(split[1].move_raw_ids.create_uid, self.plain)

    def test_what_the_accounting_keeps(self):
        """As where somebody splits it who may read all of it."""
        told = []
        for user in (self.env.ref("base.user_admin"), self.plain):
            order = self._create_order(quantity=10).sudo()
            line = self._create_line("Component")
            order.move_raw_ids[0].analytic_account_line_ids = line
            entry = self.env["account.move"].create({"move_type": "entry"})
            order.wip_move_ids = entry
            order.with_user(user)._split_productions({order.with_user(user): [4, 6]})
            backorder = (order.production_group_id.production_ids - order).sudo()
            self.assertEqual(line.ref, order.display_name)
            told.append(
                (
                    line.ref == order.name,
                    backorder.wip_move_ids == entry,
                    order.wip_move_ids == entry,
                    order.product_qty,
                    backorder.product_qty,
                )
            )
        self.assertEqual(told[0], told[1])

    def test_work_orders_that_are_not_needed(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": center.id})
            for name in ("Saw", "Join")
        ]
        order = self._create_order(quantity=10)
        order.workorder_ids[0].qty_produced = 10
        lines = self._create_line("Work")
        order.workorder_ids.sudo().mo_analytic_account_line_ids = lines
        order = order.with_user(self.plain)
        order._split_productions({order: [4, 6]})
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(backorder.workorder_ids.mapped("state")[0], "cancel")
        self.assertTrue(lines.exists())

    def test_who_may_not_create_orders(self):
        order = self._create_order(quantity=10).with_user(self.plain)
        model = self.env["ir.model"]._get("mrp.production")
        rights = self.env["ir.model.access"].search([("model_id", "=", model.id)])
        rights.perm_create = False
        order.qty_producing = 4
        with self.assertRaises(AccessError):
            order.backflush_post(quantity=4, remainder="backorder")
        with self.assertRaises(AccessError):
            order._split_productions({order: [4, 6]})

    def test_who_may_not_create_moves(self):
        order = self._create_order(quantity=10).with_user(self.plain)
        model = self.env["ir.model"]._get("stock.move")
        rights = self.env["ir.model.access"].search([("model_id", "=", model.id)])
        rights.perm_create = False
        with self.assertRaises(AccessError):
            order._split_productions({order: [4, 6]})

    def test_rules_of_the_worker_hold(self):
        """A record rule that hides the order hides it from the split, too."""
        order = self._create_order(quantity=10)
        self.env["ir.rule"].create(
            {
                "name": "No orders",
                "model_id": self.env["ir.model"]._get("mrp.production").id,
                "domain_force": [("product_qty", "<", 1)],
                "perm_read": False,
                "perm_create": False,
                "perm_unlink": False,
            }
        )
        order = order.with_user(self.plain)
        with self.assertRaises(AccessError):
            order._split_productions({order: [4, 6]})
