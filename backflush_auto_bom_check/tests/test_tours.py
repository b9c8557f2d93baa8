from odoo.tests import HttpCase, tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestTours(HttpCase, BomCheckCase):
    """What an admin clicks, in a browser."""

    def test_admin_checks_a_bom(self):
        self.board_line.product_qty = 0
        self.start_tour(
            f"/odoo/boms/{self.bom.id}", "backflush_bom_check", login=self.manager.login
        )
        self.assertRecordValues(
            self.bom.backflush_finding_ids,
            [{"state": "ignored", "ignore_user_id": self.manager.id}],
        )
