"""The pictures of `./run screenshots`: a story of chairs, rolled back at its end."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user

from odoo.addons.backflush_auto.tests.common import BackflushCase

from dev.pictures import PictureCase

PRODUCE = "[name=button_mark_done]"
POSTINGS = "[name=action_view_backflushes]"
REPORT = "[name=action_backflush_report]"
CORRECT = "[name=action_backflush_correct]"
CHECK = "[name=action_backflush_check]"


class Pictures(PictureCase, BackflushCase):
    """Not a test: each step leaves a picture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(cls.env, "mia", groups="mrp.group_mrp_manager", name="Mia")
        cls.worker.write({"login": "ben", "name": "Ben"})
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 2000)
        sequence = [("code", "=", "mrp.backflush")]
        cls.env["ir.sequence"].search(sequence).number_next_actual = 41

    def test_pictures(self):
        order_url = self._create_scheduled_order("WH/MO/00041", 100)
        too_many_url = self._create_scheduled_order("WH/MO/00042", 600)
        part_url = self._create_scheduled_order("WH/MO/00043", 500)
        doubtful_url = self._create_doubtful_bom()
        self._create_owing_order()
        self._log_in("mia")
        self._open(f"/odoo/boms/{self.bom.id}")
        self._take("bom", ".o_form_view [name=backflush] input:checked")
        self._log_in("ben")
        self._open(order_url)
        self._take("order_confirmed", PRODUCE)
        self._click(PRODUCE)
        self._take("order_done", POSTINGS)
        self._click(POSTINGS)
        self._click(".o_list_view .o_data_row td[name=name]")
        self._take("posting", ".o_form_view [name=move_ids]")
        self._open(order_url)
        self._click(CORRECT)
        self._enter(".modal [name=quantity] input", 10)
        self._enter(".modal [name=reason] input", "Typing slip")
        self._take("correct", ".modal .alert-info")
        self._open(too_many_url)
        self._click(PRODUCE)
        self._take("shortage", ".modal-body")
        self._report_part(part_url, 300)
        self._open(part_url)
        self._click(REPORT)
        self._enter(".modal [name=quantity] input", 80)
        self._click(".modal td[name=entered_qty]")
        self._enter(".modal td[name=entered_qty] input", 166)
        self._take("report", ".modal [name=remainder]")
        self._log_in("mia")
        self._open(doubtful_url)
        self._click(CHECK)
        self._take("bom_check", "td[name=severity]")
        self._log_in("ben")
        self._open("/odoo/action-backflush_auto.mrp_backflush_exception_action")
        for cause in ("In Another Location", "Not in Stock"):
            self._click(f".o_group_header:has-text('{cause}') .o_group_name")
        self._take("deferred", ".o_data_row td[name=suggestion]")

    def _create_doubtful_bom(self):
        oak, glue = self._create_product("Oak"), self._create_product("Glue")
        steel = self._create_product("Steel", tracking="lot")
        table = self._create_product("Table")
        rounding = {"backflush_rounding": 1, "backflush_rounding_method": "down"}
        components = [(self.board, 2), (oak, 1), (glue, 0.4, rounding), (steel, 1)]
        bom = self._create_bom(table, components)
        self._create_order(table, quantity=20, name="WH/MO/00044")
        bom.bom_line_ids[0].product_qty = 3
        oak.active = False
        return f"/odoo/boms/{bom.id}"

    def _create_owing_order(self):
        """What an order owes: of one component there is some, of another elsewhere."""
        veneer, handle = self._create_product("Veneer"), self._create_product("Handle")
        cabinet = self._create_product("Cabinet")
        components = [(veneer, 3), (handle, 2)]
        self._create_bom(cabinet, components, backflush_shortage="defer")
        yard = self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.warehouse.view_location_id.id}
        )
        self._add_stock(veneer, 22)
        self._add_stock(handle, 60, yard)
        order = self._create_order(cabinet, quantity=10, name="WH/MO/00045")
        order.backflush_post()

    def _create_scheduled_order(self, name, quantity):
        soon = fields.Datetime.now() + timedelta(hours=1)
        order = self._create_order(name=name, quantity=quantity, date_start=soon)
        return f"/odoo/manufacturing/{order.id}"

    def _report_part(self, url, quantity):
        self._open(url)
        self._click(REPORT)
        self._enter(".modal [name=quantity] input", quantity)
        self._click(".modal [name=action_post]")
        self._find(f"{REPORT}.btn-primary")
