from dataclasses import replace
from time import process_time

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..accuracy.estimator import History, estimate
from ..accuracy.simulation import plant, propose, propose_by_least_squares, score

COUNTS = 12
seeds = st.integers(0, 10_000)
betas = st.floats(0.06, 0.15) | st.floats(-0.15, -0.06)


def make_history(seed, beta=0.0, loss=0.0, lines=3, counts=COUNTS, sd=1.5):
    """Counts of a component, the first of whose lines is wrong, or that gets lost."""
    rng = np.random.default_rng(seed)
    expected = rng.uniform(200, 900, (counts, lines))
    errors = rng.normal(0, sd, counts + 1)
    drift = expected[:, 0] * beta + 7.0 * loss
    return History(
        drift + errors[:-1] - errors[1:],
        expected,
        np.full(counts, 7.0),
        7.0 * np.arange(counts)[::-1],
        count_sd=sd or 1.5,
    )


@tagged("post_install", "-at_install")
class TestEstimator(BaseCase):
    @settings(max_examples=25, deadline=None)
    @given(seeds, betas)
    def test_a_wrong_line_is_found(self, seed, beta):
        result = estimate(make_history(seed, beta))
        self.assertTrue(result.lines[0].is_clear())
        self.assertLess(abs(result.lines[0].value - beta), 0.015)
        self.assertFalse(any(line.is_clear() for line in result.lines[1:]))
        self.assertLess(result.nothing, 0.01)

    @settings(max_examples=25, deadline=None)
    @given(seeds)
    def test_errors_of_counting_are_no_finding(self, seed):
        result = estimate(make_history(seed))
        self.assertFalse(any(line.is_clear() for line in result.lines))
        self.assertFalse(result.loss.is_clear())

    @settings(max_examples=25, deadline=None)
    @given(seeds, st.floats(6.0, 12.0))
    def test_a_loss_in_time_is_no_line(self, seed, loss):
        result = estimate(make_history(seed, loss=loss))
        self.assertFalse(any(line.is_clear() for line in result.lines))
        self.assertTrue(result.loss.is_clear())
        self.assertLess(abs(result.loss.value / loss - 1), 0.4)

    @settings(max_examples=15, deadline=None)
    @given(seeds, betas, st.floats(0.001, 1000))
    def test_units_do_not_matter(self, seed, beta, factor):
        history = make_history(seed, beta)
        other = replace(
            history,
            differences=history.differences * factor,
            expected=history.expected * factor,
            count_sd=history.count_sd * factor,
        )
        one, two = (estimate(it).lines[0] for it in (history, other))
        self.assertAlmostEqual(one.probability, two.probability, 5)
        self.assertAlmostEqual(one.value, two.value, 6)

    @settings(max_examples=15, deadline=None)
    @given(seeds, betas)
    def test_order_and_sign_do_not_matter(self, seed, beta):
        history = make_history(seed, beta)
        back = replace(history, expected=history.expected[:, ::-1])
        turned = replace(history, differences=-history.differences)
        line = estimate(history).lines[0]
        self.assertAlmostEqual(estimate(back).lines[-1].value, line.value, 6)
        self.assertAlmostEqual(estimate(turned).lines[0].value, -line.value, 6)

    def test_lines_that_always_go_together(self):
        """Nobody can tell which of the two is wrong: neither is named."""
        history = make_history(1, 0.05, lines=2)
        twin = history.expected[:, :1] * [1.0, 1.0]
        result = estimate(replace(history, expected=twin))
        self.assertLess(result.nothing, 0.01)
        self.assertFalse(any(line.is_clear() for line in result.lines))

    def test_one_count_that_is_off(self):
        history = make_history(2)
        differences = history.differences.copy()
        differences[5] += 200
        differences[6] -= 200
        self.assertFalse(propose(replace(history, differences=differences)))

    def test_one_event_while_nothing_is_used(self):
        """A week of maintenance in which something vanishes: no loss in time."""
        expected = np.array([[0], [640], [240], [840], [480], [360], [600]])
        differences = 0.1 * expected[:, 0]
        differences[0] = 40
        days, ages = np.full(7, 7.0), 7.0 * np.arange(7)[::-1]
        result = estimate(History(differences, expected, days, ages))
        self.assertTrue(result.lines[0].is_clear())
        self.assertAlmostEqual(result.lines[0].value, 0.1, delta=0.02)
        self.assertFalse(result.loss.is_clear())

    def test_one_event_that_does_not_come_back(self):
        history = make_history(3)
        differences = history.differences.copy()
        differences[5] += 200
        self.assertFalse(propose(replace(history, differences=differences)))

    def test_what_is_old_weighs_less(self):
        """A line that was mended a year ago is not proposed again."""
        history = make_history(4, 0.06, counts=6)
        now = make_history(5, counts=10)
        both = replace(
            now,
            differences=np.append(history.differences, now.differences),
            expected=np.vstack([history.expected, now.expected]),
            days=np.append(history.days, now.days),
            ages=np.append(history.ages + 1500, now.ages),
        )
        self.assertFalse(propose(both))

    def test_fewer_than_four_counts(self):
        self.assertFalse(propose(make_history(6, 0.1, counts=3)))
        self.assertTrue(propose(make_history(6, 0.1, counts=5)))

    def test_nothing_expected(self):
        history = make_history(7)
        nothing = replace(history, expected=0 * history.expected)
        self.assertFalse(propose(nothing))
        self.assertFalse(propose(replace(nothing, count_sd=0, process_sd=0)))

    def test_four_hundred_components(self):
        """What is promised of a factory, and that least squares do not keep it."""
        for counts, right, found, off in (10, 0.95, 0.6, 0.02), (20, 0.98, 0.8, 0.012):
            rng = np.random.default_rng(2)
            components = [plant(rng, counts) for _number in range(400)]
            result = score(components)
            self.assertGreater(result.precision, right)
            self.assertGreater(result.recall, found)
            self.assertLess(result.error, off)
            self.assertLessEqual(result.false_alarms / result.clean, 1 / 200)
            plain = score(components, propose_by_least_squares)
            self.assertLess(plain.precision, 0.7)
            self.assertGreater(plain.false_alarms / plain.clean, 0.1)

    def test_time(self):
        """Five thousand components with a year of counts take less than a minute."""
        rng = np.random.default_rng(8)
        components = [plant(rng, 52) for _number in range(20)]
        start = process_time()
        score(components)
        # Ten times as long as a slow processor may take.
        self.assertLess(process_time() - start, 20 * 10 * 60 / 5000)
