"""The pictures and the film of docs/terminal.md: a worker at the line."""

from datetime import timedelta
from io import BytesIO

from PIL import Image

from odoo import fields
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase

from dev import screenshots
from dev.pictures import PictureCase

PATH = "/odoo/report-at-the-line"
POST = "button[name=post]"
COLORS = 64
CARD = ".o_bft_card[data-order='WH/MO/00051']"
KEY = ".o_bft_key[data-key='{}']"


@tagged("post_install", "-at_install")
class TerminalPictures(PictureCase, BackflushCase):
    """No tests: each step leaves a picture."""

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

    def setUp(self):
        super().setUp()
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

    def test_pictures(self):
        self._open(PATH)
        self._take("terminal_orders", CARD, height=800)
        self._click(CARD)
        self._press("30")
        self._find("input[name=scrap]").focus()
        self._press("2")
        self._click(".o_bft_chip:has-text('Dent')")
        self._take("terminal_report", ".o_bft_leaves", height=800)
        self._click(POST)
        self._find(".o_bft_success")
        self._click(CARD)
        self._press("8")
        self._find(".o_bft_leaves")
        self.page.context.set_offline(True)
        self._click(POST)
        self._take("terminal_offline", ".o_bft_waiting", height=800)
        self.page.context.set_offline(False)
        self._find(".o_bft_success")

    def test_film(self):
        """A report, and one without a network, on a phone."""
        self.frames = []
        self.page.set_viewport_size({"width": 375, "height": 667})
        self._open(PATH)
        self._shoot(CARD, 1500)
        self._click(CARD)
        for key in "30":
            self._press(key)
            self._shoot(".o_bft_pad", 500)
        self._shoot(".o_bft_leaves", 2000)
        self._click(POST)
        self._shoot(".o_bft_success", 2500)
        self._click(CARD)
        self._press("8")
        self._shoot(".o_bft_leaves", 1000)
        self.page.context.set_offline(True)
        self._shoot(".o_bft_trouble", 1500)
        self._click(POST)
        self._shoot(".o_bft_live .o_bft_warning", 2500)
        self.page.context.set_offline(False)
        self._shoot(".o_bft_success", 3000)
        pictures, times = zip(*self.frames, strict=True)
        width, height = pictures[0].size
        strip = Image.new("RGB", (width, height * len(pictures)))
        for place, picture in enumerate(pictures):
            strip.paste(picture, (0, height * place))
        colors = strip.quantize(COLORS)
        first, *others = (
            picture.quantize(palette=colors, dither=0) for picture in pictures
        )
        path = screenshots.PICTURES / "terminal.gif"
        first.save(path, save_all=True, append_images=others, duration=times, loop=0)

    def _shoot(self, selector, milliseconds):
        """Take a picture of the film, to be shown so long."""
        self._find(selector)
        self.page.wait_for_timeout(300)
        picture = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
        self.frames.append((picture, milliseconds))

    def _press(self, keys):
        for key in keys:
            self._click(KEY.format(key))
