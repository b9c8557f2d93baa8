from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..hooks import pre_init_hook


@tagged("post_install", "-at_install")
class TestInstallation(TransactionCase):
    def test_beside_a_core_that_has_the_check(self):
        """Its upgrade hands the findings over, and is not to be forgotten."""
        pre_init_hook(self.env)
        self.env["ir.model.data"].create(
            {
                "module": "backflush_auto",
                "name": "model_mrp_backflush_finding",
                "model": "ir.model",
                "res_id": self.env["ir.model"]._get_id("mrp.backflush.finding"),
            }
        )
        with self.assertRaisesRegex(UserError, "Upgrade Automatic Backflushing"):
            pre_init_hook(self.env)
