"""An Odoo in which nothing stays."""

import gc

import pytest

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests.common import get_db_name


@pytest.fixture(scope="module")
def whole_env():
    """The superuser's, of which nothing stays."""
    with Registry(get_db_name()).cursor() as cr:
        # Each request begins with a collection, which need not look at Odoo's own code.
        gc.freeze()
        yield api.Environment(cr, SUPERUSER_ID, {})
        gc.unfreeze()
        cr.rollback()


@pytest.fixture
def env(whole_env):
    """The same, as it was before each test."""
    whole_env.cr.execute("SAVEPOINT test")
    yield whole_env
    whole_env.cr.clear()
    whole_env.cr.execute("ROLLBACK TO SAVEPOINT test")
