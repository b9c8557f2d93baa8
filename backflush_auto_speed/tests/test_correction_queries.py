from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_queries import QueriesCase


@tagged("post_install", "-at_install")
class TestCorrectionQueries(QueriesCase):
    """What corrections cost in queries, chatter included."""

    def _post(self, order, quantity):
        """Report a quantity; the posting, and its queries."""
        ids = []
        queries = self._count_call(
            lambda: ids.append(order.backflush_post(quantity)["id"])
        )
        return self.env["mrp.backflush"].with_user(self.worker).browse(ids), queries

    def _correct(self, posting, quantity):
        return self._count_call(lambda: posting.backflush_correct(quantity))

    def test_components(self):
        """However many components come back."""
        counts = []
        for number in (10, 60):
            self._take(number)
            order = self._create_order(quantity=100)
            posting, posted = self._post(order, 4)
            counts.append([self._correct(posting, left) for left in (2, 0)])
            # The first ones fill Odoo's caches.
            self.assertLessEqual(max(counts[-1]), max(posted, counts[0][0]) + 15)
        for few, many in zip(*counts, strict=True):
            self.assertLess((many - few) / 50, 0.2)

    def test_parts(self):
        """However many parts of the order have left before."""
        order = self._create_order(quantity=100)
        counts = []
        for number in range(1, 11):
            posting, _posted = self._post(order, 4)
            if number in (2, 10):
                counts.append([self._correct(posting, left) for left in (2, 0)])
        for early, late in zip(*counts, strict=True):
            self.assertLessEqual(late - early, 3)
