from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import TimedCase
from odoo.addons.backflush_auto.tests.deferral_programs import (
    DeferralPrograms,
    patient,
    programs,
)
from odoo.addons.backflush_auto.tests.random_examples import examples

# What is bought costs more or less, by its quantity.
CHANGES = (1, 1.25, 0.8, 1.5, 0.95)


class ValuedPrograms(DeferralPrograms, TimedCase):
    """What is bought has a price."""

    with_lots = False
    method = "average"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["stock.scrap.reason.tag"].create({"name": "Cracked"})
        cls.products = cls.board | cls.bolt
        cls.prices = {cls.board: 10, cls.bolt: 1}

    def _do(self, kind, arguments):
        self._pass_time()
        return super()._do(kind, arguments)

    def _begin(self, policy):
        (self.chair + self.products).categ_id = self.categories[self.method]
        # A first layer, so that what is owed has a cost.
        for product, price in self.prices.items():
            self._receive(product, 1, price)
        return super()._begin(policy)


@tagged("post_install", "-at_install")
class TestDeferralValue(ValuedPrograms):
    """What is owed is worth in the end what it would be, had stock come early.

    All is bought at one price here: what other prices make of it is the difference that
    is shown, see below.
    """

    def _prepare_price(self, product, quantity):
        price = self.prices[product]
        return {"value_manual": quantity * price, "price_unit": price}

    def _describe_value(self):
        made = {
            order.name: round(sum(self._values(order)[0]), 2) for order in self.orders
        }
        stock = {
            product.name: round(product.sudo().total_value, 2)
            for product in self.products | self.chair
        }
        postings = self.orders.backflush_ids.sudo()
        differences = sum(postings.mapped("settlement_difference"))
        self.assertAlmostEqual(differences, 0, 2)
        return {"made": list(made.values()), "value": stock}

    @patient
    @given(program=programs("transfer", "count", "lose"))
    def test_value(self, program):
        self._compare_worlds(program)


@tagged("post_install", "-at_install")
class TestDeferralPrices(ValuedPrograms):
    """What is owed is bought at other prices: postings show what production keeps.

    Books are perpetual.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account = cls.env["account.account"].create(
            {"name": "Production", "code": "BFPROD", "account_type": "asset_current"}
        )
        place = cls.chair.with_company(cls.env.company).property_stock_production
        place.valuation_account_id = cls.account
        for category in cls.categories.values():
            category.property_valuation = "real_time"

    def _prepare_price(self, product, quantity):
        price = self.prices[product] * CHANGES[int(quantity) % len(CHANGES)]
        return {"value_manual": quantity * price, "price_unit": price}

    def _find_moves(self, *usages):
        """What came from places of these kinds, and went there."""
        domain = [
            ("product_id", "in", (self.products | self.chair).ids),
            ("state", "=", "done"),
        ]
        moves = self.env["stock.move"].sudo().search(domain)
        return (
            moves.filtered(lambda move: move.location_id.usage in usages),
            moves.filtered(lambda move: move.location_dest_id.usage in usages),
        )

    def _get_balance(self):
        """What journal items say of production."""
        lines = self.env["account.move.line"].search(
            [("account_id", "=", self.account.id), ("parent_state", "=", "posted")]
        )
        return sum(lines.mapped("balance"))

    def _describe_value(self):
        """The same totals in both worlds, and nothing that is not accounted for."""
        came, went = self._find_moves("supplier", "inventory")
        moved, _into = self._find_moves("supplier", "inventory", "internal")
        cents = 0.01 * len(moved | self._find_moves("production")[0])
        stock = sum((self.products | self.chair).sudo().mapped("total_value"))
        bought = sum(came.mapped("value")) - sum(went.mapped("value"))
        balance = self._get_balance()
        self.assertAlmostEqual(stock + balance, bought, delta=cents)
        postings = self.orders.backflush_ids.sudo()
        settled = sum(postings.mapped("settlement_difference"))
        left = sum(postings.mapped("value_difference"))
        self.assertAlmostEqual(balance, settled - left, delta=cents)
        reports = postings.filtered(lambda posting: posting.trigger == "completion")
        for report in reports:
            self.assertAlmostEqual(report.value_difference, 0, delta=0.05)
        return {}

    @examples(3)
    @given(
        program=programs("transfer", "unbuild"),
        method=st.sampled_from(("average", "fifo")),
    )
    def test_what_is_shown_is_all(self, program, method):
        self.method = method
        self._compare_worlds(program)
