from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user

from .common import BackflushCase


class TestRights(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.order = cls._create_order(cls, quantity=10)
        cls.order.button_mark_done()
        cls.posting = cls.order.backflush_ids

    def test_worker_reads(self):
        posting = self.posting.with_user(self.worker)
        self.assertRegex(posting.name, r"^BF/\d{5,}$")
        self.assertEqual(posting.user_id, self.worker)
        self.assertEqual(posting.move_ids.mapped("quantity"), [20, 40])

    def test_nobody_creates_writes_or_deletes(self):
        manager = new_test_user(
            self.env, "backflush_manager", groups="mrp.group_mrp_manager"
        )
        for user in (self.worker, manager):
            posting = self.posting.with_user(user)
            with self.assertRaises(AccessError):
                posting.copy()
            with self.assertRaises(AccessError):
                posting.unlink()
            with self.assertRaises(UserError):
                posting.quantity = 11

    def test_not_even_the_superuser_changes_a_posting(self):
        with self.assertRaisesRegex(UserError, self.posting.name):
            self.posting.sudo().quantity = 11
        with self.assertRaisesRegex(UserError, self.posting.name):
            self.posting.sudo().unlink()

    def test_nobody_changes_what_a_posting_recorded(self):
        move = self.posting.move_ids[0].with_user(self.worker)
        for values in (
            {"backflush_expected_qty": 7},
            {"backflush_id": False},
            {"backflush_origin_id": move.id},
        ):
            with self.assertRaises(AccessError):
                move.write(values)
        with self.assertRaises(AccessError):
            move.copy({"backflush_id": self.posting.id})
        with self.assertRaises(AccessError):
            move.with_context(default_backflush_id=self.posting.id).copy()
        with self.assertRaises(AccessError):
            self._create_order(backflush_prior_qty=5)
        self.order.backflush = True
        with self.assertRaises(UserError):
            move.backflush_method = "manual"
        with self.assertRaises(UserError):
            self.order.backflush_shortage = "negative"
        with self.assertRaises(AccessError):
            self._create_order(confirm=False).backflush_prior_qty = 5

    def test_stock_user_reads_orders(self):
        storekeeper = new_test_user(
            self.env, "backflush_store", groups="stock.group_stock_user"
        )
        orders = self.order.with_user(storekeeper)
        self.assertTrue(orders.read(["backflush"])[0]["backflush"])
        self.assertFalse(
            {"backflush_ids", "backflush_count"} & set(orders.fields_get())
        )

    def test_who_only_reads_stock_sees_no_posting(self):
        clerk = new_test_user(self.env, "backflush_clerk", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.posting.with_user(clerk).read(["name"])

    def test_other_companies_see_nothing(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "backflush_foreigner",
            groups="mrp.group_mrp_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        postings = self.env["mrp.backflush"].with_user(foreigner)
        self.assertFalse(postings.search([]))
        with self.assertRaises(AccessError):
            self.posting.with_user(foreigner).read(["name"])

    def test_settings_are_the_managers(self):
        with self.assertRaises(AccessError):
            self.env["res.config.settings"].with_user(self.worker).create({}).execute()
        with self.assertRaises(AccessError):
            self.bom.with_user(self.worker).action_backflush_off()

    def test_plain_worker_makes_a_backorder(self):
        """Odoo's accounting lets only those make one who can read entries."""
        plain = new_test_user(self.env, "plain", groups="mrp.group_mrp_user")
        order = self._create_order(quantity=10).with_user(plain)
        result = order.backflush_post(quantity=4, remainder="backorder")
        backorder = order.browse(result["backorder"]["id"])
        self.assertEqual(backorder.product_qty, 6)
        backorder.backflush_post(quantity=1)
        self.assertEqual(backorder.qty_produced, 1)
