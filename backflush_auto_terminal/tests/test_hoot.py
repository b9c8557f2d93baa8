import logging
import re
from pathlib import Path

from odoo.tests import HttpCase, no_retry, tagged
from odoo.tools.misc import file_path

from odoo.addons.web.tests import test_js

_logger = logging.getLogger(__name__)

SUITE = "@backflush_auto_terminal"


@tagged("post_install", "-at_install")
class TestHoot(HttpCase):
    """The unit tests of the terminal's modules, in a browser."""

    @no_retry
    def test_unit_tests_pass(self):
        suite = test_js.HOOTCommon._generate_hash(self, SUITE)
        path = f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000&id={suite}"
        signal = "[HOOT] Test suite succeeded"
        with self.assertLogs(__name__, level="INFO") as logs:
            self.browser_js(
                path,
                "",
                login="admin",
                timeout=300,
                success_signal=signal,
                error_checker=self._is_the_end,
            )
        passed = re.findall(r"Passed (\d+) tests", "\n".join(logs.output))
        self.assertEqual(passed, [str(self._count_tests())])

    def _is_the_end(self, message):
        """Go on after a test that failed, and show it."""
        is_the_end = test_js.unit_test_error_checker(message)
        if not is_the_end:
            _logger.error(message)
        return is_the_end

    def _count_tests(self):
        """As many as there are have run: none was left out silently."""
        folder = Path(file_path("backflush_auto_terminal/static/tests"))
        files = sorted(folder.glob("*.test.js"))
        self.assertGreaterEqual(len(files), 5)
        texts = [path.read_text() for path in files]
        return sum(len(re.findall(r"^test\(", text, re.M)) for text in texts)
