"""What the cases of `./run screenshots` share: a browser that is led to a picture."""

import resource

from playwright.sync_api import sync_playwright

from odoo.tests import HttpCase

from dev import browser, screenshots

WIDTH, HEIGHT = 1280, 720
SETTLED = """
    !document.querySelector(".o_loading_indicator")
    && document.fonts.status === "loaded"
    && [...document.images].every((image) => image.complete)
"""


class PictureCase(HttpCase):
    """Not a test: each step leaves a picture."""

    def setUp(self):
        super().setUp()
        # Odoo limits its memory to less than a browser reserves
        unlimited = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (unlimited, unlimited))
        playwright = self.enterContext(sync_playwright())
        chromium = playwright.chromium.launch(executable_path=browser.find())
        self.addCleanup(chromium.close)
        self.page = chromium.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        self.addCleanup(self.page.goto, "about:blank")
        self.enterContext(self.allow_requests(browser=self))

    def set_cookie(self, name, value, path, domain):
        """What Odoo asks of a browser: the cookies of the test and of its user."""
        cookie = {"name": name, "value": value, "path": path, "domain": domain}
        self.page.context.add_cookies([cookie])

    def _log_in(self, login):
        self.authenticate(login, login, browser=self)

    def _open(self, path):
        self.page.goto(self.base_url() + path)

    def _find(self, selector):
        """The first such element, as soon as nothing is being loaded."""
        self.page.wait_for_selector(selector, state="attached")
        self.page.wait_for_function(SETTLED)
        return self.page.locator(selector).first

    def _click(self, selector):
        self._find(selector).dispatch_event("click")

    def _enter(self, selector, value):
        field = self._find(selector)
        field.fill(str(value))
        field.dispatch_event("change")
        self.page.wait_for_timeout(500)

    def _take(self, name, selector, height=HEIGHT):
        self.page.set_viewport_size({"width": WIDTH, "height": height})
        self._find(selector)
        # no field is to look touched, and nothing moves
        self.page.evaluate("document.activeElement.blur()")
        self.page.wait_for_timeout(500)
        self.page.screenshot(path=screenshots.PICTURES / f"{name}.png")
