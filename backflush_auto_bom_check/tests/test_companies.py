from odoo.tests import new_test_user, tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase


@tagged("post_install", "-at_install")
class TestOtherCompanies(BackflushCase):
    """What is on a bill of materials that companies share names nothing of another."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        cls.bom.company_id = False
        cls.boss = new_test_user(cls.env, "boss", groups="mrp.group_mrp_manager")
        cls.other_boss = new_test_user(
            cls.env,
            "other_boss",
            groups="mrp.group_mrp_manager,stock.group_stock_manager",
            company_id=cls.other.id,
            company_ids=cls.other.ids,
        )
        cls.order = cls._create_order(cls, quantity=2)
        cls.bom.bom_line_ids[0].product_qty = 3
        cls.other_order = (
            cls.env["mrp.production"]
            .with_user(cls.other_boss)
            .create({"product_id": cls.chair.id, "product_qty": 3})
        )
        cls.other_order.action_confirm()

    def _get_finding(self, user, kind):
        findings = self.bom.with_user(user).backflush_finding_ids
        return findings.filtered(lambda finding: finding.kind == kind)

    def test_orders(self):
        self.order.name, self.other_order.sudo().name = "OURS", "THEIRS"
        self.bom.backflush_responsible_id = self.boss
        self.bom.bom_line_ids[0].product_qty = 4
        self.bom.with_user(self.boss).action_backflush_check()
        finding = self._get_finding(self.boss, "orders")
        self.assertIn("orders (1) deduct as it was before: OURS", finding.message)
        self.assertEqual(finding.action_open()["domain"][0][2], self.order.ids)
        theirs = self._get_finding(self.other_boss, "orders")
        self.assertIn("orders (1) deduct as it was before: THEIRS", theirs.message)
        self.assertNotIn("OURS", theirs.message)
        self.order.action_cancel()
        self.bom.with_user(self.boss).action_backflush_check()
        self.assertNotIn("THEIRS", finding.message)
        self.assertIn("open orders deduct as it was before.", finding.message)
        notes = self.env["mail.activity"].search([("res_model", "=", "mrp.bom")])
        for name in ("OURS", "THEIRS"):
            self.assertNotIn(name, "".join(notes.mapped("note")))

    def test_locations(self):
        self.board.tracking = "lot"
        self.bom.with_user(self.boss).action_backflush_check()
        ours = self._get_finding(self.boss, "no_lot").message
        theirs = self._get_finding(self.other_boss, "no_lot").message
        self.assertIn(self.warehouse.code, ours)
        self.assertNotIn(self.warehouse.code, theirs)
