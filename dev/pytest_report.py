"""A pytest plugin: names what did not run, as Odoo skips browser tests silently."""

import pytest
from hypothesis import Phase, settings


def pytest_addoption(parser):
    """`--require-tours`: a browser test that was skipped fails the run."""
    parser.addoption("--require-tours", action="store_true")


def pytest_configure(config):
    """Report on this run."""
    # A random example that fails is shown as it is: to simplify one takes minutes.
    settings.register_profile("run", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("run")
    config.pluginmanager.register(SkippedTests(config), "skipped-tests")


class SkippedTests:
    """Collects the tests that were skipped, those in a browser apart."""

    def __init__(self, config):
        self.required = config.getoption("--require-tours")
        self.in_browser = []
        self.others = []

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        """Note a skipped test with its reason."""
        report = yield
        if report.skipped and not hasattr(report, "wasxfail"):
            into = self.in_browser if _needs_browser(item) else self.others
            into.append(f"{item.nodeid}: {_reason(report)}")
        return report

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session):
        """Fail a run that was to try everything and did not."""
        if self.required and self.in_browser and session.exitstatus == 0:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        """List the tests that did not run."""
        verdict = " (an error here)" if self.required else ""
        sections = {
            f"tours and browser tests that did NOT run{verdict}": self.in_browser,
            "other tests that were skipped": self.others,
        }
        for title, tests in sections.items():
            if tests:
                terminalreporter.section(title)
                terminalreporter.write_line("\n".join(tests))


def _needs_browser(item):
    from odoo.tests import HttpCase

    return item.cls is not None and issubclass(item.cls, HttpCase)


def _reason(report):
    longrepr = report.longrepr
    return longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
