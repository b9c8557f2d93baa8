import re

from odoo.tests import BaseCase, tagged
from odoo.tools import file_open

# WCAG 2.2, success criteria 1.4.3 (text) and 1.4.11 (what shows where something is)
TEXT, SHAPE = 4.5, 3.0


@tagged("post_install", "-at_install")
class TestColors(BaseCase):
    """Text and lines of the terminal stand out from what is behind them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        with file_open("backflush_auto_terminal/static/src/colors.scss") as file:
            pairs = re.findall(r"\$o-bft-([\w-]+): #(\w{6});", file.read())
        cls.colors = dict(pairs)

    def _get_luminance(self, name):
        code = self.colors[name]
        parts = [int(code[at : at + 2], 16) / 255 for at in (0, 2, 4)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
            for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def _get_contrast(self, one, other):
        light, dark = sorted(map(self._get_luminance, (one, other)), reverse=True)
        return (light + 0.05) / (dark + 0.05)

    def test_black_on_white(self):
        self.colors = {"black": "000000", "white": "ffffff"}
        self.assertAlmostEqual(self._get_contrast("black", "white"), 21)

    def test_text_on_its_background(self):
        texts = [name for name in self.colors if name.startswith("on-")]
        self.assertGreaterEqual(len(texts), 9)
        for text in texts:
            with self.subTest(text):
                contrast = self._get_contrast(text, text.removeprefix("on-"))
                self.assertGreaterEqual(contrast, TEXT)

    def test_text_elsewhere(self):
        for text, behind in (
            ("on-quiet", "page"),
            ("on-danger", "page"),
            ("on-danger", "paper"),
            ("on-warning", "page"),
        ):
            with self.subTest(f"{text} on {behind}"):
                self.assertGreaterEqual(self._get_contrast(text, behind), TEXT)

    def test_lines_and_marks(self):
        for mark in ("line", "main", "alarm"):
            for behind in ("page", "paper"):
                with self.subTest(f"{mark} on {behind}"):
                    self.assertGreaterEqual(self._get_contrast(mark, behind), SHAPE)
