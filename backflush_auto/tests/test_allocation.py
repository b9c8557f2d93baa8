from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from odoo.addons.backflush_auto.engine.allocation import (
    DEFER,
    NEGATIVE,
    Claim,
    Demand,
    Place,
    Take,
    allocate,
)
from odoo.addons.backflush_auto.engine.stock import Stock

PRODUCT, SHELF, FLOOR = 1, 10, 11
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
quantities = st.integers(min_value=0, max_value=5000).map(lambda q: q / 100)


def place(location=SHELF, lot=0, product=PRODUCT):
    return Place(product, location, lot)


def demand(quantity, places, **values):
    return Demand(
        key=None,
        product_id=PRODUCT,
        location_id=SHELF,
        quantity=quantity,
        places=places,
        **values,
    )


class TestAllocation(BaseCase):
    def test_in_removal_order(self):
        lots = [place(lot=lot) for lot in (3, 1, 2)]
        stock = Stock([(lot, 4) for lot in lots])
        (allocation,) = allocate([demand(6, lots, tracked=True)], stock)
        self.assertEqual(allocation.takes, [Take(lots[0], 4), Take(lots[1], 2)])

    def test_demands_share_the_stock(self):
        places = [place()]
        first, second = allocate(
            [demand(100, places), demand(100, places)], Stock([(places[0], 150)])
        )
        self.assertEqual((first.short, second.short), (0, 50))

    def test_what_an_order_holds_is_its_own(self):
        """A later order's reservation is not taken by an earlier one."""
        places = [place()]
        later = demand(60, places, claims=[Claim(7, places[0], 60)])
        first, second = allocate([demand(50, places), later], Stock([(places[0], 0)]))
        self.assertEqual((first.short, second.short), (50, 0))
        self.assertEqual(second.takes, [Take(places[0], 60, 7)])

    def test_a_reservation_that_is_not_needed_is_free_again(self):
        places = [place()]
        holder = demand(10, places, claims=[Claim(7, places[0], 60)])
        first, second = allocate([holder, demand(50, places)], Stock([(places[0], 0)]))
        self.assertEqual((first.short, second.short), (0, 0))
        self.assertEqual(first.takes, [Take(places[0], 10, 7)])

    def test_a_reservation_that_is_needed_later_is_kept(self):
        places = [place()]
        claims = [Claim(7, places[0], 60), Claim(8, places[0], 5)]
        holder = demand(10, places, claims=claims, retains=True)
        self.assertEqual(
            holder.get_retained(), [Claim(7, places[0], 50), Claim(8, places[0], 5)]
        )
        first, second = allocate([demand(50, places), holder], Stock([(places[0], 3)]))
        self.assertEqual((first.short, second.short), (47, 0))
        self.assertEqual(second.takes, [Take(places[0], 10, 7)])

    def test_more_from_where_an_order_holds_some(self):
        """Odoo's own completion does so, before the removal order is asked."""
        first, held = place(lot=1), place(lot=2)
        claims = [Claim(7, held, 3)]
        (allocation,) = allocate(
            [demand(6, [first, held], claims=claims, tracked=True)],
            Stock([(first, 5), (held, 2)]),
        )
        self.assertEqual(allocation.takes, [Take(held, 5, 7), Take(first, 1)])

    def test_more_than_a_line_can_hold(self):
        """A line in dozens takes a dozen more, and would round four."""
        shelf = place()
        for more, takes in {
            12: [Take(shelf, 24, 7)],
            4: [Take(shelf, 12, 7), Take(shelf, 4)],
        }.items():
            holder = demand(12 + more, [shelf], claims=[Claim(7, shelf, 12, unit=12)])
            (allocation,) = allocate([holder], Stock([(shelf, 20)]))
            self.assertEqual(allocation.takes, takes)

    def test_reserved_goods_that_vanished_are_taken_elsewhere(self):
        gone, there = place(lot=1), place(lot=2)
        claims = [Claim(7, gone, 5)]
        stock = Stock([(gone, -5), (there, 5)])
        (allocation,) = allocate(
            [demand(5, [gone, there], claims=claims, tracked=True)], stock
        )
        self.assertEqual(allocation.takes, [Take(there, 5)])

    def test_a_persons_lot_is_not_exchanged(self):
        gone, there = place(lot=1), place(lot=2)
        recorded = demand(
            5,
            [there],
            claims=[Claim(7, gone, 5)],
            tracked=True,
            recorded=True,
        )
        (allocation,) = allocate([recorded], Stock([(gone, -5), (there, 5)]))
        self.assertEqual(allocation.short, 5)

    def test_an_entry_without_lot_gets_lots(self):
        lot = place(lot=1)
        recorded = demand(
            5, [lot], claims=[Claim(7, place(), 5)], tracked=True, recorded=True
        )
        (allocation,) = allocate([recorded], Stock([(lot, 5)]))
        self.assertEqual(allocation.takes, [Take(lot, 5)])

    def test_negative_elsewhere_is_a_debt(self):
        """30 owed on the floor leave 70 of the 100 on the shelf."""
        places = [place(), place(FLOOR)]
        stock = Stock([(places[0], 100), (places[1], -30)])
        (allocation,) = allocate([demand(80, places)], stock)
        self.assertEqual(allocation.short, 10)

    def test_into_negative_stock(self):
        places = [place(FLOOR)]
        (allocation,) = allocate(
            [demand(80, places, policy=NEGATIVE)], Stock([(places[0], 50)])
        )
        self.assertEqual(allocation.takes, [Take(places[0], 50), Take(place(), 30)])

    def test_lots_are_never_invented(self):
        (allocation,) = allocate(
            [demand(80, [], policy=NEGATIVE, tracked=True)], Stock([])
        )
        self.assertEqual((allocation.takes, allocation.short), ([], 80))

    def test_what_is_short_is_owed(self):
        places = [place(FLOOR)]
        for tracked in (False, True):
            stock = Stock([(place(FLOOR, lot=1 if tracked else 0), 50)])
            places = list(stock.free)
            (allocation,) = allocate(
                [demand(80, places, policy=DEFER, tracked=tracked)], stock
            )
            self.assertEqual(allocation.takes, [Take(places[0], 50)])
            self.assertEqual((allocation.short, allocation.deferred), (0, 30))

    def test_a_lot_that_was_named_is_owed_as_such(self):
        lots = [place(lot=1), place(lot=2)]
        claims = [Claim(7, lots[0], 30)]
        recorded = demand(
            30, lots, policy=DEFER, tracked=True, recorded=True, claims=claims
        )
        (allocation,) = allocate([recorded], Stock([(lots[0], -20), (lots[1], 50)]))
        self.assertEqual(allocation.takes, [Take(lots[0], 10, 7)])
        self.assertEqual((allocation.deferred, allocation.missing_lots), (20, {1}))

    def test_serial_numbers_that_nobody_named_are_owed(self):
        serials = [place(lot=1)]
        (allocation,) = allocate(
            [demand(1, serials, policy=DEFER, tracked=True, choose_lots=False)],
            Stock([(serials[0], 1)]),
        )
        self.assertEqual((allocation.takes, allocation.unchosen), ([], 0))
        self.assertEqual(allocation.deferred, 1)

    def test_serials_are_chosen_by_a_person(self):
        serials = [place(lot=1), place(lot=2)]
        chosen = demand(
            3,
            serials,
            tracked=True,
            choose_lots=False,
            claims=[Claim(7, serials[0], 1)],
        )
        stock = Stock([(serials[0], 0), (serials[1], 1)])
        (allocation,) = allocate([chosen], stock)
        self.assertEqual(allocation.takes, [Take(serials[0], 1, 7)])
        self.assertEqual((allocation.unchosen, allocation.short), (1, 1))

    def test_not_kept_in_stock(self):
        (allocation,) = allocate([demand(80, None)], Stock([]))
        self.assertEqual((allocation.takes, allocation.short), ([Take(place(), 80)], 0))

    @patient
    @given(
        st.lists(quantities, max_size=5),
        st.lists(st.tuples(quantities, quantities, st.booleans()), max_size=5),
        st.booleans(),
    )
    def test_nothing_is_taken_that_is_not_free(self, balances, wanted, tracked):
        """No place goes below zero, and nothing is created or lost."""
        lots = [place(lot=number) for number, _q in enumerate(balances, 1)]
        stock = Stock(zip(lots, balances, strict=True))
        claims_of = {}
        for number, (_quantity, claimed, _recorded) in enumerate(wanted):
            lot = lots[number % len(lots)] if lots else place(lot=99)
            claims_of[number] = [Claim(number + 1, lot, claimed)]
        demands = [
            demand(
                sum(c.quantity for c in claims_of[number]) if recorded else quantity,
                lots,
                tracked=tracked,
                recorded=recorded,
                claims=claims_of[number],
            )
            for number, (quantity, _claimed, recorded) in enumerate(wanted)
        ]
        before = sum(balances) + sum(claimed for _q, claimed, _r in wanted)
        allocations = allocate(demands, stock)
        refused = any(allocation.short for allocation in allocations)
        for allocation in allocations:
            taken = sum(take.quantity for take in allocation.takes)
            self.assertAlmostEqual(
                taken + (0 if allocation.demand.recorded else allocation.short),
                allocation.demand.quantity,
            )
        if not refused:
            self.assertTrue(all(free > -0.001 for free in stock.free.values()))
        taken = sum(t.quantity for a in allocations for t in a.takes)
        self.assertAlmostEqual(before - taken, sum(stock.free.values()))
