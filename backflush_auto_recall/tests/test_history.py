from datetime import datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..recall.certainty import ASSUMED, CERTAIN, CERTAINTIES, POSSIBLE, follow, weaker
from ..recall.history import Stay, find_segment, find_stays, merge, widen

NOON = datetime(2026, 1, 1, 12)
minutes = st.integers(min_value=0, max_value=30).map(
    lambda number: NOON + timedelta(minutes=number)
)
events = st.lists(minutes, max_size=8, unique=True).map(sorted)
bounds = st.tuples(st.none() | minutes, st.none() | minutes).filter(
    lambda pair: None in pair or pair[0] < pair[1]
)
links = st.dictionaries(
    st.integers(0, 6),
    st.dictionaries(st.integers(0, 6), st.sampled_from(CERTAINTIES), max_size=4),
)


def at(minute):
    return NOON + timedelta(minutes=minute)


class TestHistory(BaseCase):
    """When a lot lay in a place, and what may have been it."""

    def test_stays(self):
        balances = [
            (at(0), 5, True),
            (at(1), 2, False),
            (at(2), 0, False),
            (at(3), 0, True),  # it came and left within the second
            (at(4), -1, False),
            (at(5), 4, True),
        ]
        self.assertEqual(
            find_stays(balances),
            [Stay(at(0), at(2)), Stay(at(3), at(3)), Stay(at(5), None)],
        )

    def test_bounds(self):
        certain = [at(1), at(5), at(9)]
        self.assertEqual(widen(Stay(at(2), at(3)), certain), (at(1), at(5)))
        self.assertEqual(widen(Stay(at(2), at(5)), certain), (at(1), at(5)))
        self.assertEqual(widen(Stay(at(2), at(6)), certain), (at(1), at(9)))
        self.assertEqual(widen(Stay(at(0), None), certain), (None, None))
        self.assertEqual(widen(Stay(at(10), at(11)), certain), (at(9), None))
        # In the same second, nobody knows what came first.
        self.assertEqual(widen(Stay(at(5), None), certain), (at(1), None))

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(bounds, max_size=6), minutes)
    def test_merged_times_are_the_same(self, ranges, date):
        def is_in(found):
            return any(
                (after is None or date > after) and (until is None or date <= until)
                for after, until in found
            )

        merged = merge(ranges)
        self.assertEqual(is_in(merged), is_in(ranges))
        self.assertEqual(merge(merged), merged)

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(minutes, minutes, minutes, events)
    def test_both_ways_agree(self, one, other, date, certain):
        """What may be the lot of a stay is what has the stay in its own time."""
        begin, end = sorted((one, other))
        assume(begin not in certain)  # there, the two differ, see above
        after, until = widen(Stay(begin, end), certain)
        forward = (after is None or date > after) and (until is None or date <= until)
        after, until = find_segment(date, certain)
        backward = (until is None or begin <= until) and (after is None or end > after)
        self.assertEqual(forward, backward)


class TestFollow(BaseCase):
    """A chain is as sure as its weakest link, and the surest chain counts."""

    def test_weaker(self):
        self.assertEqual(weaker(CERTAIN, POSSIBLE), POSSIBLE)
        self.assertEqual(weaker(ASSUMED, CERTAIN), ASSUMED)

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(links)
    def test_surest_chain(self, graph):
        def expand(lots, certainty):
            for lot in lots:
                for target, link in graph.get(lot, {}).items():
                    yield target, weaker(certainty, link)

        expected = {0: CERTAIN}
        changed = True
        while changed:
            changed = False
            for lot, known in list(expected.items()):
                for target, link in expand([lot], known):
                    old = expected.get(target)
                    if old is None or (old != link and weaker(old, link) == old):
                        expected[target], changed = link, True
        self.assertEqual(follow([0], expand), expected)
