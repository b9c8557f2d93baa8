import logging

from tabulate import tabulate

from odoo import fields
from odoo.tests import new_test_user, tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase

from ..accuracy.factory import COMPONENTS, PRODUCTS
from .factory import FactoryAtWork

_logger = logging.getLogger(__name__)
START = fields.Datetime.to_datetime("2026-01-05 06:00:00")


@tagged("post_install", "-at_install")
class TestFactory(BackflushCase):
    """Ten weeks of a factory whose mistakes are known: what is found of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = ["mrp.group_mrp_manager", "stock.group_stock_manager"]
        groups += ["mrp.group_mrp_routings", "product.group_product_manager"]
        if cls.env.ref("account.group_account_readonly", raise_if_not_found=False):
            groups.append("account.group_account_readonly")
        cls.manager = new_test_user(cls.env, "factory_manager", groups=",".join(groups))

    def test_what_was_planted_is_found(self):
        factory = FactoryAtWork(self.env(user=self.manager), START)
        recipes = factory.plan.recipes
        self.assertEqual((len(COMPONENTS), len(PRODUCTS)), (24, 6))
        self.assertEqual(
            {name for it in recipes.values() for name in it}, {*COMPONENTS}
        )
        factory.work(10)
        factory.propose()
        rows = factory.compare()
        table = tabulate(rows, ("planted", "of", "what", "found", "right"))
        _logger.info("\n%s", table)
        self.assertEqual(
            [kind for kind, *_row in rows],
            [
                *("wrong line",) * 4,
                *("steady loss",) * 2,
                *("not reported", "scrap not reported", "unit slip"),
                *("lots mixed up", "miscount", "miscount"),
            ],
        )
        self.assertTrue(all(row[-1] for row in rows), table)
        self.assertFalse(factory.find_false().mapped("display_name"))
        self._check_mended(factory)

    def _check_mended(self, factory):
        """With the recipes mended, these components hardly drift any more."""
        wrong = [mistake.names for mistake in factory.plan.mistakes[:4]]
        components = [component for _product, component in wrong]
        before = factory.get_weekly_drift(components, 7, 10)
        proposals = factory.find_proposals()
        self.assertEqual(len(proposals), 4)
        proposals.action_accept()
        for product, component in wrong:
            line = factory.get_line(product, component)
            really = factory.plan.really[product][component]
            self.assertLess(abs(line.product_qty / really - 1), 0.01)
        factory.work(4)
        self.assertLess(factory.get_weekly_drift(components, 11, 14), before / 3)
        factory.propose(1)
        self.assertFalse(factory.find_proposals())
