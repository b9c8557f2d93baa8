"""The pictures of docs/terminal.md: a worker's tablet at the line."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase

from dev.pictures import PictureCase

CARD = ".o_bft_card[data-order='WH/MO/00051']"
KEY = ".o_bft_key[data-key='{}']"


@tagged("post_install", "-at_install")
class TerminalPictures(PictureCase, BackflushCase):
    """Not a test: each step leaves a picture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.write({"login": "ben", "name": "Ben", "tz": "Europe/Berlin"})
        cls.env["stock.scrap.reason.tag"].search([]).unlink()
        cls.env["stock.scrap.reason.tag"].create(
            [{"name": name} for name in ("Dent", "Crack", "Wrong colour")]
        )
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 2000)
        stool = cls._create_product("Stool")
        seat = cls._create_product("Seat")
        cls._create_bom(stool, [(seat, 1), (cls.bolt, 3)])
        cls.stool = stool
        cls.env["mrp.production"].search([]).backflush = False

    def test_pictures(self):
        now = fields.Datetime.now()
        for name, product, quantity, hours in (
            ("WH/MO/00051", self.chair, 100, 4),
            ("WH/MO/00052", self.chair, 40, 20),
            ("WH/MO/00053", self.stool, 25, -2),
        ):
            self._create_order(
                product,
                quantity=quantity,
                name=name,
                date_start=now - timedelta(hours=6),
                date_deadline=now + timedelta(hours=hours),
            )
        order = self.env["mrp.production"].search([("name", "=", "WH/MO/00051")])
        order.with_user(self.worker).backflush_post(20)
        self._log_in("ben")
        self._open("/odoo/report-at-the-line")
        self._take("terminal_orders", CARD, height=800)
        self._click(CARD)
        self._press("30")
        self._find("input[name=scrap]").focus()
        self._press("2")
        self._click(".o_bft_chip:has-text('Dent')")
        self._take("terminal_report", ".o_bft_leaves", height=800)
        self._click("button[name=post]")
        self._find(".o_bft_success")
        self._click(CARD)
        self._press("8")
        self._find(".o_bft_leaves")
        self.page.context.set_offline(True)
        self._click("button[name=post]")
        self._take("terminal_offline", ".o_bft_waiting", height=800)
        self.page.context.set_offline(False)
        self._find(".o_bft_success")

    def _press(self, keys):
        for key in keys:
            self._click(KEY.format(key))
