"""A pytest plugin: Odoo skips browser tests silently; here they may be required."""

import pytest
from hypothesis import Phase, settings


def pytest_addoption(parser):
    """`--require-tours`: a browser test that was skipped is a failure."""
    parser.addoption("--require-tours", action="store_true")


def pytest_configure():
    """Show a random example that fails as it is: to simplify one takes minutes."""
    settings.register_profile("run", phases=[Phase.explicit, Phase.generate])
    settings.load_profile("run")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Make a failure of a browser test that did not run."""
    from odoo.tests import HttpCase

    report = yield
    required = item.config.getoption("--require-tours")
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if required and skipped and item.cls and issubclass(item.cls, HttpCase):
        report.outcome = "failed"
        report.longrepr = f"A browser test did not run: {report.longrepr}"
    return report
