from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.test_deferral import DeferralCase


@tagged("post_install", "-at_install")
class TestVarianceDebts(DeferralCase):
    """What is owed is no variance; what becomes of the debt decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.standard_price = 3
        cls._add_stock(cls.board, 15)

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=10)
        self.order.backflush_post()
        self.debt = self._get_debts(self.order)

    def assertVariance(self, expected, consumed, deferred, variance):
        """Assert the totals of the boards of the order.

        :param variance: in boards; they are worth 3 each
        """
        self.env.invalidate_all()
        rows = (
            self.env["mrp.backflush.variance"]
            .with_user(self.worker)
            .search(
                [
                    ("production_id", "=", self.order.id),
                    ("component_id", "=", self.board.id),
                ]
            )
        )
        wanted = {
            "expected_qty": expected,
            "consumed_qty": consumed,
            "deferred_qty": deferred,
            "variance_qty": variance,
            "variance_value": 3 * variance,
        }
        for name, value in wanted.items():
            self.assertAlmostEqual(sum(rows.mapped(name)), value, msg=name)

    def test_owed(self):
        self.assertVariance(20, 15, 5, 0)

    def test_paid_in_part_and_in_full(self):
        self._receive(self.board, 3)
        self.assertVariance(20, 18, 2, 0)
        self._receive(self.board, 40)
        self.assertVariance(20, 20, 0, 0)

    def test_not_consumed_after_all(self):
        self._receive(self.board, 1)
        self.debt.backflush_cancel("8 chairs have no boards")
        self.assertVariance(20, 16, 0, -4)

    def test_issued_otherwise(self):
        self.debt.backflush_cancel("slip 12", issued=True)
        self.assertVariance(20, 20, 0, 0)

    def test_corrected(self):
        """A debt shrinks first: of eight chairs 16 boards, one of them still owed."""
        self.order.backflush_ids.backflush_correct(quantity=8)
        self.assertVariance(16, 15, 1, 0)
        self.order.backflush_ids.sorted("id")[0].backflush_correct(quantity=0)
        self.assertVariance(0, 0, 0, 0)
