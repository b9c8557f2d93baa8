"""A pytest plugin for browser tests: they may be required, and begin with their assets.

Odoo skips them silently.
"""

import gc

import pytest
from hypothesis import HealthCheck, Phase, settings

from . import locks


def pytest_addoption(parser):
    """`--require-tours`: a browser test that was skipped is a failure."""
    parser.addoption("--require-tours", action="store_true")


def pytest_configure():
    """Show a random example that fails as it is: to simplify one takes minutes.

    How long it takes to draw one says how busy the machine is, and nothing else.
    """
    settings.register_profile(
        "run",
        phases=[Phase.explicit, Phase.generate],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    settings.load_profile("run")


@pytest.fixture(scope="session", autouse=True)
def frozen_registry(load_registry):
    """Let the garbage collector pass over the registry, which stays until the end."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def kept_assets(request, load_registry):
    """Keep the web client's, which are rolled back with each test that makes them.

    The processes have one filestore: Odoo takes a file that another of them is about to
    write for a collision.
    """
    if any(map(_is_browser_test, request.session.items)):
        from odoo import SUPERUSER_ID, api
        from odoo.modules.registry import Registry
        from odoo.tests import get_db_name

        with locks.exclusive("assets"), Registry(get_db_name()).cursor() as cr:
            qweb = api.Environment(cr, SUPERUSER_ID, {})["ir.qweb"]
            for name in ("web.assets_web", "web.assets_tests"):
                qweb._get_asset_bundle(name).js()
                qweb._get_asset_bundle(name).css()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item):
    """Make a failure of a browser test that did not run."""
    report = yield
    required = item.config.getoption("--require-tours")
    skipped = report.skipped and not hasattr(report, "wasxfail")
    if required and skipped and _is_browser_test(item):
        report.outcome = "failed"
        report.longrepr = f"A browser test did not run: {report.longrepr}"
    return report


def _is_browser_test(item):
    from odoo.tests import HttpCase

    return bool(item.cls) and issubclass(item.cls, HttpCase)
