from odoo.tests import HttpCase, new_test_user, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestLineTours(HttpCase, BackflushCase):
    """How an admin says how a component is consumed, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "backflush_admin", groups="mrp.group_mrp_manager"
        )

    def test_line(self):
        self.start_tour(
            f"/odoo/boms/{self.bom.id}", "backflush_line", login=self.admin.login
        )
        self.assertRecordValues(
            self.bom.bom_line_ids,
            [
                {"product_qty": 3, "backflush_scrap": 5},
                {"product_qty": 4, "backflush_scrap": 0},
            ],
        )

    def test_line_of_a_new_bom(self):
        stool = self._create_product("Stool")
        self.board.name = "Seat Board"
        self.start_tour("/odoo/boms/new", "backflush_line_new", login=self.admin.login)
        self.assertRecordValues(
            stool.bom_ids.bom_line_ids,
            [{"product_id": self.board.id, "backflush_scrap": 5}],
        )
