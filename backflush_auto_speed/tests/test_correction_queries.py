from odoo import Command
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestCorrectionQueries(QueriesCase):
    """A correction asks no more than its posting."""

    def _post(self, order, quantity, **values):
        """Report a quantity; the posting, and its queries."""
        ids = []
        queries = self._count_call(
            lambda: ids.append(order.backflush_post(quantity, **values)["id"])
        )
        return self.env["mrp.backflush"].with_user(self.worker).browse(ids), queries

    def _correct(self, posting, quantity):
        return self._count_call(lambda: posting.backflush_correct(quantity))

    def assertNoMore(self, make_order, quantity, *lefts, **values):
        """Compare a posting with its corrections; the first of each fill Odoo's caches.

        :param make_order: function that makes an order
        :param lefts: what the corrections leave, one after the other
        :return: the queries of each correction
        """
        for is_warm in (False, True):
            posting, posted = self._post(make_order(), quantity, **values)
            counts = [self._correct(posting, left) for left in lefts]
            if is_warm:
                self.assertLessEqual(max(counts), posted, counts)
        return counts

    def test_components(self):
        """However many components come back."""
        counts = []
        for number in (10, 60):
            self._take(number)
            counts.append(
                self.assertNoMore(lambda: self._create_order(quantity=100), 4, 2, 0)
            )
        for few, many in zip(*counts, strict=True):
            self.assertLess((many - few) / 50, 0.2)

    def test_orders_that_close(self):
        for number in (10, 60):
            self._take(number)
            for left in (4, 0):
                self.assertNoMore(lambda: self._create_order(quantity=10), 10, left)

    def test_byproducts(self):
        """Of an order that closes, corrected in part and then to nothing."""
        for number in (1, 2):
            self.bom.byproduct_ids = [
                Command.create(
                    {
                        "product_id": self._create_product(f"Chips {number}").id,
                        "product_qty": 1,
                    }
                )
            ]
            self.assertNoMore(lambda: self._create_order(quantity=10), 10, 4, 0)

    def test_backorder(self):
        self.assertNoMore(
            lambda: self._create_order(quantity=10), 4, 2, 0, remainder="backorder"
        )

    def test_lots(self):
        lotted = [
            self._create_product(f"Lotted {number}", tracking="lot")
            for number in range(10)
        ]
        for component in lotted:
            for name, quantity in (("A", 6), ("B", 6), ("C", 10000)):
                self._create_lot(component, name, quantity)
        self.bom.bom_line_ids.unlink()
        self.bom.bom_line_ids = [
            Command.create({"product_id": component.id, "product_qty": 2})
            for component in lotted
        ]
        self.assertNoMore(lambda: self._create_order(quantity=100), 20, 12, 0)

    def test_early_postings(self):
        """At an operation, and at the start."""
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Saw", "Screw")
        ]
        self.bom.bom_line_ids.write(
            {
                "backflush_method": "operation",
                "operation_id": self.bom.operation_ids[0].id,
            }
        )
        for is_warm in (False, True):
            order = self._create_order(quantity=100)
            saw = order.workorder_ids[0]
            for quantity in (20, 80):
                posting, posted = self._post(order, quantity, workorder_id=saw.id)
                counts = [self._correct(posting, left) for left in (12, 0)]
                if is_warm:
                    self.assertLessEqual(max(counts), posted, counts)

    def test_start(self):
        """Of the second order of each size: the first fills Odoo's caches."""
        for number in (10, 60):
            self._take(number)
            self.bom.bom_line_ids.backflush_method = "start"
            for is_warm in (False, True):
                order = self._create_order(quantity=100)
                posted = self._count_call(order.action_start)
                posting = order.backflush_ids
                counts = [self._correct(posting, left) for left in (50, 0)]
                if is_warm:
                    self.assertLessEqual(max(counts), posted, counts)

    def test_hundredth_part(self):
        """However many parts of the order have left before."""
        self._take(2)
        order = self._create_order(quantity=1000)
        counts, postings = {}, []
        for number in range(1, 101):
            posting, _posted = self._post(order, 4)
            postings.append(posting)
            if number in (1, 2, 100):
                counts[number] = self._correct(posting, 1)
        self.assertLessEqual(counts[100], counts[2])
        # An early one is corrected as fast as well, when all the others have followed.
        self.assertLessEqual(self._correct(postings[2], 1), counts[2])
