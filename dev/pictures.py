"""What the cases of `./run screenshots` share: a browser that is led to a picture."""

import base64
from urllib.parse import urljoin

from odoo.tests import HttpCase
from odoo.tests.common import ChromeBrowser

from dev import screenshots

WIDTH, HEIGHT = 1280, 720
SETTLED = """
    !document.querySelector(".o_loading_indicator")
    && document.fonts.status === "loaded"
    && [...document.images].every((image) => image.complete)
"""


class PictureCase(HttpCase):
    """Not a test: each step leaves a picture."""

    browser_size = f"{WIDTH}x{HEIGHT}"

    def setUp(self):
        super().setUp()
        self.browser = ChromeBrowser(self)
        self.addCleanup(self.browser.stop)
        self._call("Emulation.setScrollbarsHidden", hidden=True)

    def _log_in(self, login):
        self.authenticate(login, login, browser=self.browser)

    def _open(self, path):
        self.browser.navigate_to(urljoin(self.base_url(), path))

    def _click(self, selector):
        self._wait_for(selector)
        code = f"document.querySelector({selector!r}).click()"
        self._call("Runtime.evaluate", expression=code)

    def _scroll_to(self, selector):
        self._wait_for(selector)
        code = f"document.querySelector({selector!r}).scrollIntoView()"
        self._call("Runtime.evaluate", expression=code)

    def _enter(self, selector, value):
        self._wait_for(selector)
        field = f"document.querySelector({selector!r})"
        self._call("Runtime.evaluate", expression=f"{field}.select()")
        self._call("Input.insertText", text=str(value))
        change = f"{field}.dispatchEvent(new Event('change', {{bubbles: true}}))"
        self._call("Runtime.evaluate", expression=change)
        self._rest()

    def _take(self, name, selector, height=HEIGHT):
        self._resize(height)
        self._wait_for(selector)
        # no field is to look touched
        self._call("Runtime.evaluate", expression="document.activeElement.blur()")
        self._rest()
        picture = self._call("Page.captureScreenshot")["data"]
        file = screenshots.PICTURES / f"{name}.png"
        file.write_bytes(base64.b64decode(picture))

    def _resize(self, height):
        size = {"width": WIDTH, "height": height, "deviceScaleFactor": 1}
        self._call("Emulation.setDeviceMetricsOverride", mobile=False, **size)

    def _rest(self):
        """Let what moves come to rest."""
        code = "new Promise((go) => setTimeout(go, 500))"
        self._call("Runtime.evaluate", expression=code, awaitPromise=True)

    def _wait_for(self, selector):
        code = f"!!document.querySelector({selector!r}) && {SETTLED}"
        self.assertTrue(self.browser._wait_ready(code), selector)

    def _call(self, method, **params):
        return self.browser._websocket_request(method, params=params)
