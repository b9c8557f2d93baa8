from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase
from odoo.addons.backflush_auto.tests.random_recipes import lines
from odoo.addons.backflush_auto.tests.test_correction_invariants import (
    CorrectedCase,
    settled,
    steps,
)

METHODS = ("average", "fifo", "standard")
PRICES = (3.07, 4.97, 6.87)


@tagged("post_install", "-at_install")
class TestCorrectedValue(CorrectedCase, ValuedCase):
    """Whatever was reported and corrected, what it was worth comes back as well."""

    category = None

    @classmethod
    def _create_product(cls, name, **values):
        if cls.category:
            values = {"categ_id": cls.category.id, "standard_price": 5, **values}
        return super()._create_product(name, **values)

    def _fill_stock(self, components):
        """Receipts at three prices."""
        for component in components:
            for price in PRICES:
                lot = None
                if component.tracking == "lot":
                    lot = self._create_lot(component, f"{price}")
                self._receive(component, 30000, price, lot)

    def _get_value(self):
        products = self.env["product.product"].browse(
            product.id for product in (self.product, *self.components)
        )
        products.invalidate_recordset()
        return {product: product.sudo().total_value for product in products}

    def assertSameValue(self):
        """Odoo rounds the value of each move."""
        moves = self.env["stock.move"].search_count(
            [("product_id", "in", [product.id for product in self.value])]
        )
        for product, value in self._get_value().items():
            self.assertAlmostEqual(value, self.value[product], delta=0.01 * moves)

    @settled
    @given(lines, st.integers(1, 20), steps, st.sampled_from(METHODS))
    def test_value_comes_back(self, recipe, bom_quantity, drawn, method):
        type(self).category = self.categories[method]
        product, components = self._create_recipe(recipe, bom_quantity)
        product.bom_ids.consumption = "flexible"
        self._fill_stock(components)
        self._begin(product, 9, components)
        self.value = self._get_value()
        self.assertGreater(min(self.value[one] for one in components), 100000)
        self._go(drawn)
        self._undo()
