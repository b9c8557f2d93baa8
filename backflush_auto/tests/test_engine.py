from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.backflush_auto.engine.due import Failure, get_due, get_good, get_left
from odoo.addons.backflush_auto.engine.rule import Count, Rounding, Rule

# A busy machine is not a failure.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

quantities = st.lists(
    st.floats(min_value=0.01, max_value=1000).map(lambda q: round(q, 2)),
    min_size=1,
    max_size=8,
)
rules = st.builds(
    Rule,
    ratio=st.floats(min_value=0, max_value=50),
    rounding=st.builds(
        Rounding,
        step=st.sampled_from([0.0001, 0.01, 0.25, 1.0]),
        method=st.sampled_from(["HALF-UP", "UP", "DOWN"]),
    ),
    scrap=st.floats(min_value=0, max_value=60),
    per_order=st.booleans(),
)
reports = st.lists(
    st.tuples(
        st.integers(min_value=0, max_value=3),
        st.floats(min_value=0.01, max_value=100).map(lambda q: round(q, 2)),
    ),
    min_size=1,
    max_size=10,
)


class TestEngine(BaseCase):
    def post_in_parts(self, rule, parts, prior=0.0):
        """What each of several postings of one order expects."""
        expected, reported = [], 0.0
        for part in parts:
            reported += part
            expected.append(rule.expected(reported, prior, covered=sum(expected)))
        return expected

    def test_three_chairs_of_one_sheet(self):
        """A sheet for three chairs, produced one by one, is one sheet."""
        expected = self.post_in_parts(Rule(1 / 3), [1, 1, 1])
        self.assertEqual(expected, [0.33, 0.34, 0.33])

    def test_whole_pieces(self):
        """Whole sheets leave when they are begun, and no sheet leaves twice."""
        rule = Rule(1 / 3, Rounding(step=1.0, method="UP"))
        self.assertEqual(self.post_in_parts(rule, [1, 1, 1, 1]), [1, 0, 0, 1])

    def test_scrap(self):
        self.assertEqual(self.post_in_parts(Rule(2, scrap=5), [30, 70]), [63, 147])

    def test_once_for_the_order(self):
        self.assertEqual(self.post_in_parts(Rule(2, per_order=True), [30, 70]), [2, 0])
        self.assertEqual(Rule(2, per_order=True).expected(70, prior=30), 0)

    def test_ratio_of_a_target(self):
        self.assertEqual(Rule(0, scrap=25).get_ratio(250, 100), 2)
        self.assertEqual(Rule(0, per_order=True).get_ratio(5, 100), 5)
        self.assertEqual(Rule(0).get_ratio(5, 0), 0)

    def test_issued_by_hand(self):
        self.assertEqual(Rule(2).expected(100, covered=50), 150)
        self.assertEqual(Rule(2).expected(10, covered=50), 0)

    def test_order_split_from_another(self):
        """The order after one chair of three begins where that ended."""
        self.assertEqual(Rule(1 / 3).expected(2, prior=1), 0.67)
        self.assertEqual(Rule(1 / 3).expected(1, prior=1), 0.34)

    @patient
    @given(rules, quantities)
    def test_parts_consume_what_one_posting_would(self, rule, parts):
        together = rule.expected(sum(parts))
        in_parts = sum(self.post_in_parts(rule, parts))
        self.assertAlmostEqual(in_parts, together, places=6)

    @patient
    @given(rules, quantities)
    def test_never_off_by_a_step(self, rule, parts):
        reported = consumed = 0.0
        for part, expected in zip(parts, self.post_in_parts(rule, parts), strict=True):
            reported += part
            consumed += expected
            count = 1 if rule.per_order else reported
            off = abs(consumed - rule.ratio * count * (1 + rule.scrap / 100))
            self.assertLess(off, rule.rounding.step * (1 + 1e-6) + 1e-9)

    @patient
    @given(rules, quantities, st.floats(min_value=0, max_value=1000))
    def test_split_orders_plan_what_the_undivided_order_would(self, rule, parts, first):
        """Slices of an order, planned each for itself, add up to its plan."""
        prior, plans = 0.0, []
        for part in parts:
            plans.append(rule.expected(part, prior))
            prior += part
        self.assertAlmostEqual(sum(plans), rule.expected(sum(parts)), places=6)

    @patient
    @given(rules, quantities)
    def test_never_negative(self, rule, parts):
        for expected in self.post_in_parts(rule, parts):
            self.assertGreaterEqual(expected, 0)

    @patient
    @given(rules, reports)
    def test_split_orders_in_any_turn(self, rule, reports):
        """Orders split from one consume what one would, whoever reports when."""
        count, totals = Count(), {}
        for order, part in reports:
            totals[order] = totals.get(order, 0.0) + part
            count.take(rule, order, totals[order])
            taken = sum(count.covered.values())
            self.assertAlmostEqual(taken, rule.target(sum(totals.values())), places=6)

    @patient
    @given(rules, reports, quantities)
    def test_split_orders_plan_what_they_consume(self, rule, reports, planned):
        """The plans of the open orders are what they consume, made in their turn."""
        count, totals = Count(), {}
        for order, part in reports:
            totals[order] = totals.get(order, 0.0) + part
            count.take(rule, order, totals[order])
        count.planned = dict(enumerate(planned))
        plans = {order: count.plan(rule, order) for order in count.planned}
        for order, quantity in count.planned.items():
            total = max(quantity, totals.get(order, 0.0))
            self.assertAlmostEqual(
                count.take(rule, order, total), plans[order], places=6
            )


failures = st.lists(
    st.builds(
        Failure,
        quantity=st.integers(min_value=1, max_value=9).map(float),
        at=st.just(None),
        make_up=st.booleans(),
    )
    | st.builds(
        lambda quantity, at, make_up: Failure(
            quantity, at, frozenset(range(1, at + 1)), make_up
        ),
        st.integers(min_value=1, max_value=9).map(float),
        st.integers(min_value=1, max_value=4),
        st.booleans(),
    ),
    max_size=6,
)
operations = st.one_of(st.none(), st.integers(min_value=1, max_value=4))


class TestDue(BaseCase):
    """What components are due for where some has failed on its way."""

    def test_ninety_good_and_ten_bad(self):
        """Failed at the second of three operations: the third never saw them."""
        failed = [Failure(10, 2, frozenset({1, 2}))]
        due = [get_due(90, failed, operation) for operation in (None, 1, 2, 3)]
        self.assertEqual(due, [100, 100, 100, 90])
        self.assertEqual(get_good(100, failed), 90)
        left = [get_left(90, failed, operation) for operation in (1, 2, 3)]
        self.assertEqual(left, [100, 90, 90])

    def test_made_up_for(self):
        failed = [Failure(10, 2, frozenset({1, 2}), make_up=True)]
        self.assertEqual(get_good(100, failed), 100)
        self.assertEqual(get_due(100, failed, 1), 110)
        self.assertEqual(get_due(100, failed, 3), 100)

    @patient
    @given(failures, operations)
    def test_between_good_and_all(self, failed, operation):
        due = get_due(5, failed, operation)
        self.assertGreaterEqual(due, 5)
        self.assertLessEqual(due, get_due(5, failed))
        self.assertEqual(get_due(5, failed), 5 + sum(f.quantity for f in failed))
        if operation:
            self.assertLessEqual(get_left(5, failed, operation), due)

    @patient
    @given(failures)
    def test_later_operations_are_due_for_less(self, failed):
        """What one operation has left, the next one is due for, and nothing else."""
        for operation in (1, 2, 3):
            self.assertEqual(
                get_left(5, failed, operation), get_due(5, failed, operation + 1)
            )

    @patient
    @given(failures, st.floats(min_value=1, max_value=1000), rules)
    def test_a_complete_order_plans_what_it_consumes(self, failed, ordered, rule):
        """The plan, once all the good units are made, is what is due for them."""
        for operation in (None, 1, 2, 3, 4):
            good = get_good(ordered, failed)
            planned = get_due(good, failed, operation)
            consumed, reported = [], []
            for number in range(len(failed) + 1):
                reported = failed[:number]
                due = get_due(good * number / (len(failed) + 1), reported, operation)
                consumed.append(rule.expected(due, covered=sum(consumed)))
            consumed.append(rule.expected(planned, covered=sum(consumed)))
            self.assertAlmostEqual(sum(consumed), rule.target(planned), 6)
