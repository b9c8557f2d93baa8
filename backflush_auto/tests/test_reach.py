from bisect import bisect
from random import Random
from unittest.mock import patch

from odoo.tests import tagged

from ..engine.allocation import allocate
from ..posting.posting import Posting
from ..posting.preview import ENDLESS, Preview
from .common import BackflushCase


class WholePosting(Posting):
    """A posting that reads all the stock of its components."""

    def _get_reach(self, demands):
        return None


class WholePreview(Preview):
    """A preview that adds nothing up, and tries every step on its way to the most."""

    def _get_reach(self, demands):
        return None

    @property
    def _whole(self):
        demands = [allocation.demand for allocation in self.allocations]
        return demands, self.shelves.get_stock

    def get_max_quantity(self, order=None):
        step = order.product_uom_id.rounding
        if not self._get_lacks(order, ENDLESS):
            return self.get_remaining(order)
        steps = range(1, round(ENDLESS / step))
        covered = bisect(
            steps, False, key=lambda n: bool(self._get_lacks(order, n * step))
        )
        return order.product_uom_id.round(covered * step)


@tagged("post_install", "-at_install")
class TestReach(BackflushCase):
    """A posting reads the stock that it can take, and decides as if it read all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.steel = cls._create_product("Steel", tracking="lot")
        cls.knife = cls._create_product("Knife")
        cls.knife_bom = cls._create_bom(cls.knife, [(cls.steel, 2)])
        cls.shelves = cls.env["stock.location"].create(
            [
                {"name": f"Shelf {letter}", "location_id": cls.stock_location.id}
                for letter in "ABC"
            ]
        )

    def _get_posting(self, *orders, posting=Posting):
        orders = self.env["mrp.production"].union(*orders)
        return posting(orders, orders._get_backflush_reported(default_all=True))

    def _get_read(self, *orders):
        """The free quantities that a posting of the orders reads."""
        posting = self._get_posting(*orders)
        return [free for _place, free in posting.shelves.balances.values()]

    def test_few_of_many_lots(self):
        for number in range(20):
            self._create_lot(self.steel, f"{number}", 3)
        order = self._create_order(self.knife, 4)
        self.assertEqual(self._get_read(order), [3, 3, 3])
        other = self._create_order(self.knife, 2)
        self.assertEqual(self._get_read(order, other), [3, 3, 3, 3])

    def test_all_where_it_is_short(self):
        for number in range(3):
            self._create_lot(self.steel, f"{number}", 3)
        self.assertEqual(self._get_read(self._create_order(self.knife, 9)), [3, 3, 3])

    def test_what_has_no_lot_does_not_count(self):
        self._add_stock(self.steel, 50)
        self._create_lot(self.steel, "1", 3)
        self._create_lot(self.steel, "2", 3)
        order = self._create_order(self.knife, 2)
        order.button_mark_done()
        self.assertConsumed(order, {self.steel: 4})

    def test_all_where_one_owes(self):
        for number in range(5):
            self._create_lot(self.steel, f"{number}", 3)
        self._add_stock(self.steel, -1, self.shelves[0])
        self.assertEqual(len(self._get_read(self._create_order(self.knife, 1))), 6)

    def test_traces_that_stock_rounds_up(self):
        """Many that take less than stock can tell, which takes it as a whole step."""
        digits = self.env["decimal.precision"].search([("name", "=", "Product Unit")])
        self.assertEqual(digits.digits, 2)
        kilogram = self.env.ref("uom.product_uom_kgm")
        salt = self._create_product("Salt", uom_id=kilogram.id)
        for shelf in self.shelves:
            self._add_stock(salt, 0.01, shelf)
        gram = {"product_uom_id": self.env.ref("uom.product_uom_gram").id}
        bom = self._create_bom(self.chair, [(salt, 6, gram)])
        orders = [self._create_order(bom=bom) for _number in range(3)]
        self.assertEqual(self._get_read(*orders), [0.01, 0.01, 0.01])

    def test_as_if_all_were_read(self):
        """Random stocks and demands, from shelves and from all stock."""
        random = Random(19)
        for number in range(25):
            with self.subTest(number):
                orders = self._draw_orders(random)
                takes = [
                    [a.takes for a in self._get_posting(*orders, posting=p).allocations]
                    for p in (Posting, WholePosting)
                ]
                self.assertEqual(*takes)
                self.assertTrue(any(takes[0]))

    def test_sums_tell_what_lots_would(self):
        """How much of a component there is, and for how much of an order."""
        random = Random(7)
        bounded = 0
        for number in range(25):
            with self.subTest(number):
                orders = self._draw_orders(random)
                told = [
                    (
                        [p.get_max_quantity(order) for order in orders],
                        [values["free"] for values in p.describe()],
                        p.get_lacking(),
                    )
                    for p in (
                        self._get_posting(*orders, posting=kind)
                        for kind in (Preview, WholePreview)
                    )
                ]
                self.assertEqual(*told)
                bounded += any(told[0][0])
        self.assertGreater(bounded, 5)

    def test_the_most_is_found_in_one_pass(self):
        """Of many components, only the scarcest is tried again and again."""
        components = [self._create_product(f"Part {n}") for n in range(40)]
        for number, component in enumerate(components):
            self._add_stock(component, 50 + number)
        bom = self._create_bom(self.chair, [(c, 2) for c in components])
        order = self._create_order(quantity=90, bom=bom)
        preview = order._make_backflush_preview({order: 1})
        tried = []

        def count(demands, stock):
            tried.append(len(demands))
            return allocate(demands, stock)

        with patch("odoo.addons.backflush_auto.posting.preview.allocate", count):
            self.assertEqual(preview.get_max_quantity(), 25)
        self.assertEqual(sorted(tried)[-2:], [40, 40], "all, without and with a bound")
        self.assertEqual(set(tried), {1, 40})
        self.assertLess(len(tried), 8)

    def _draw_orders(self, random):
        products = [
            self._create_product("Drawn", tracking=random.choice(("lot", "none")))
            for _number in range(2)
        ]
        for product in products:
            for _quant in range(random.randint(2, 9)):
                self._draw_quant(random, product)
        orders = []
        for _number in range(random.randint(1, 3)):
            bom = self._create_bom(
                self.chair,
                [
                    (
                        product,
                        random.choice((1, 0.5, 3)),
                        {
                            "backflush_location_id": random.choice(
                                (False, self.shelves[0].id)
                            )
                        },
                    )
                    for product in products
                ],
                backflush_shortage=random.choice(("block", "negative")),
            )
            order = self._create_order(quantity=random.randint(1, 5), bom=bom)
            if random.random() < 0.4:
                order.action_assign()
            if random.random() < 0.3:
                order.move_raw_ids[0].quantity = random.choice((1, 2, 5))
                order.move_raw_ids[0].picked = True
            orders.append(order)
        return orders

    def _draw_quant(self, random, product):
        values = {}
        if product.tracking == "lot" and random.random() < 0.8:
            name = f"{random.random()}"
            values["lot_id"] = self._create_lot(product, name)
        quantity = random.choice((0.5, 1, 2, 2, 4, 7, -1))
        self._add_stock(product, quantity, random.choice(self.shelves), **values)
