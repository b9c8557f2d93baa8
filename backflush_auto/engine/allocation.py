"""Which stock each component takes, in plain Python.

The ORM reads for this module and writes what it decides. It works on the demands of any
number of orders at once: they share the stock in the order they are given.
"""

from dataclasses import dataclass, field
from math import inf
from typing import NamedTuple

# What becomes of a shortage: it is refused, taken from a stock that does not have it,
# or owed until stock comes.
BLOCK, NEGATIVE, DEFER = "block", "negative", "defer"


class Place(NamedTuple):
    """Where a quantity lies: what tells one quant of a product from another."""

    product_id: int
    location_id: int
    lot_id: int = 0  # negative: of a lot that does not exist yet
    package_id: int = 0
    owner_id: int = 0


class Claim(NamedTuple):
    """A quantity that an order holds already, by a reservation or an entry.

    :param line_id: the stock move line that holds it
    :param quantity: in the product's unit
    :param unit: size of the line's unit, in the product's unit
    """

    line_id: int
    place: Place
    quantity: float
    unit: float = 1.0


class Take(NamedTuple):
    """A quantity to be taken from one place.

    :param line_id: the line that takes it; 0 for a new line
    :param spared_by: the line of another component that gives it up; 0 where none does
    """

    place: Place
    quantity: float
    line_id: int = 0
    spared_by: int = 0


@dataclass(slots=True)
class Demand:
    """What one component of one order has to take.

    :param key: whatever the caller knows the demand by
    :param quantity: in the product's unit, as stock can hold it
    :param places: in removal order; None where the product is not kept in stock
    :param claims: what the order holds already, taken first
    :param replaced: what the order holds beside a person's own entry: it is free again
    :param recorded: a person's own entry: the claims stand as they are
    :param policy: what becomes of a shortage: ``BLOCK``, ``NEGATIVE`` or ``DEFER``
    :param leash: how far stock may go below zero with ``NEGATIVE``, in the product's
        unit; None where nothing limits it
    :param owes: what would go below that is owed; else it is short
    :param tracked: cannot be taken without a lot or serial number
    :param choose_lots: lots may be chosen without anyone asking
    :param keeps: takes nothing, and leaves its claims to nobody
    :param retains: needs later what it does not take of its claims
    :param spare: claims of orders that were split from the same one, as far as these
        do not need them, and of components of its own order that keep theirs: taken
        where nothing else is free
    :param limits: ``{place: most that may be taken there}``, claims included, where
        not all may take what is free
    """

    key: object
    product_id: int
    location_id: int
    quantity: float
    places: list | None = field(default_factory=list)
    claims: list = field(default_factory=list)
    replaced: list = field(default_factory=list)
    recorded: bool = False
    policy: str = BLOCK
    leash: float | None = None
    owes: bool = True
    tracked: bool = False
    choose_lots: bool = True
    keeps: bool = False
    retains: bool = False
    spare: list = field(default_factory=list)
    limits: dict | None = None

    @property
    def held(self):
        """All that the order holds for it."""
        return self.claims + self.replaced

    def get_given(self):
        """What the order holds for it that the posting may take.

        :return: list of ``(claim, quantity)``
        """
        given = [(claim, claim.quantity) for claim in self.replaced]
        wanted = self.quantity if self.retains and not self.recorded else inf
        for claim in self.claims:
            given.append((claim, min(claim.quantity, wanted)))
            wanted -= given[-1][1]
        return given

    def get_retained(self):
        """What is left of its claims for later: list of :class:`Claim`."""
        return [
            claim._replace(quantity=claim.quantity - quantity)
            for claim, quantity in self.get_given()
            if claim.quantity > quantity and claim.place.lot_id >= 0
        ]

    @property
    def own_place(self):
        """Where it goes below zero."""
        return Place(self.product_id, self.location_id)

    @property
    def is_owed(self):
        """Whether what it cannot take is owed."""
        is_leashed = self.policy == NEGATIVE and self.leash is not None
        return self.policy == DEFER or is_leashed and self.owes and not self.tracked

    def limit(self, place, quantity):
        """What may be taken of a quantity that is free at a place."""
        if self.limits is None:
            return quantity
        return min(quantity, self.limits.get(place, 0.0))


@dataclass(slots=True)
class Allocation:
    """What one demand takes, and what is missing for it.

    :param short: quantity that is not free, in the product's unit
    :param unchosen: quantity that is free, but whose serial numbers nobody named
    :param deferred: quantity that is owed instead
    :param missing_lots: ids of the lots that were named and are owed
    """

    demand: Demand
    takes: list = field(default_factory=list)
    short: float = 0.0
    unchosen: float = 0.0
    deferred: float = 0.0
    missing_lots: set = field(default_factory=set)


def allocate(demands, stock):
    """Decide for all demands what each takes.

    What an order holds is its own before anyone takes from the rest; the rest goes to
    the demands in the order given.

    :param demands: list of :class:`Demand`
    :param stock: :class:`.Stock`, changed in place
    :return: list of :class:`Allocation`, one for each demand
    """
    for demand in demands:
        if demand.places is not None and not demand.keeps:
            for claim, quantity in demand.get_given():
                if claim.place.lot_id >= 0:
                    stock.add(claim.place, quantity)
    allocations = [_take_claims(demand, stock) for demand in demands]
    for allocation in allocations:
        _take_rest(allocation, stock)
    return allocations


def _take_claims(demand, stock):
    allocation = Allocation(demand)
    for claim in demand.claims:
        wanted = _open_quantity(allocation)
        if stock.compare(wanted, 0) <= 0:
            break
        if demand.tracked and not claim.place.lot_id:
            continue
        if demand.recorded or stock.compare(claim.quantity, wanted) < 0:
            wanted = claim.quantity
        _take(allocation, stock, claim.place, wanted, claim.line_id)
    return allocation


def _take(allocation, stock, place, quantity, line_id):
    demand = allocation.demand
    if demand.places is None:
        allocation.takes.append(Take(place, quantity, line_id))
        return
    if not stock.fits(demand, place, quantity):
        free = max(0.0, stock.free[place])
        if demand.recorded:
            free = min(quantity, free + stock.room_below(demand))
        if demand.recorded and demand.is_owed and place.lot_id >= 0:
            _defer(allocation, quantity - free, place.lot_id)
            quantity = free
        elif demand.recorded or place.lot_id < 0:
            # What a person named is not exchanged for another lot behind their back.
            allocation.short += quantity - free
        else:
            quantity = free
    if stock.compare(quantity, 0) > 0:
        stock.add(place, -quantity)
        allocation.takes.append(Take(place, quantity, line_id))


def _take_rest(allocation, stock):
    demand = allocation.demand
    wanted = _open_quantity(allocation)
    if stock.compare(wanted, 0) <= 0:
        return
    if demand.places is None:
        allocation.takes.append(Take(demand.own_place, wanted))
    elif demand.policy == DEFER and not demand.choose_lots:
        _defer(allocation, wanted)
    elif not demand.choose_lots:
        allocation.unchosen = min(wanted, stock.remaining(demand))
        allocation.short += wanted - allocation.unchosen
    else:
        _take_more(allocation, stock)
        _take_places(allocation, stock)
        _take_spare(allocation, stock)
        _leave_rest(allocation, stock)


def _get_available(allocation, stock, place):
    """How much more of a place an allocation can take."""
    demand = allocation.demand
    available = stock.available(demand, place)
    if demand.limits is None:
        return available
    taken = sum(take.quantity for take in allocation.takes if take.place == place)
    return min(available, demand.limits.get(place, 0.0) - taken)


def _take_more(allocation, stock):
    """Take more from where the order holds some, with the line that holds it."""
    demand = allocation.demand
    units = {claim.line_id: claim.unit for claim in demand.claims}
    for number, take in enumerate(allocation.takes):
        wanted = _open_quantity(allocation)
        more = min(wanted, _get_available(allocation, stock, take.place))
        total = take.quantity + more
        if stock.compare(more, 0) > 0 and stock.is_exact(total, units[take.line_id]):
            stock.add(take.place, -more)
            allocation.takes[number] = take._replace(quantity=total)


def _take_places(allocation, stock):
    demand = allocation.demand
    for place in demand.places:
        wanted = _open_quantity(allocation)
        if stock.compare(wanted, 0) <= 0:
            break
        available = _get_available(allocation, stock, place)
        if stock.compare(available, 0) <= 0:
            continue
        quantity = wanted if stock.compare(wanted, available) <= 0 else available
        stock.add(place, -quantity)
        allocation.takes.append(Take(place, quantity))


def _take_spare(allocation, stock):
    demand = allocation.demand
    for claim in demand.spare:
        wanted = _open_quantity(allocation)
        # Reserved goods may have disappeared since.
        vanished = max(0.0, -stock.free[claim.place])
        left = claim.quantity - stock.spared[claim.line_id] - vanished
        quantity = min(wanted, left)
        if stock.compare(quantity, 0) > 0 and (
            claim.place.lot_id or not demand.tracked
        ):
            stock.spared[claim.line_id] += quantity
            take = Take(claim.place, quantity, spared_by=claim.line_id)
            allocation.takes.append(take)


def _leave_rest(allocation, stock):
    demand = allocation.demand
    wanted = _open_quantity(allocation)
    if stock.compare(wanted, 0) <= 0:
        return
    below = min(wanted, stock.room_below(demand))
    if stock.compare(below, 0) > 0:
        stock.add(demand.own_place, -below)
        allocation.takes.append(Take(demand.own_place, below))
        wanted -= below
    if stock.compare(wanted, 0) <= 0:
        return
    if demand.is_owed:
        _defer(allocation, wanted)
    else:
        allocation.short += wanted


def _defer(allocation, quantity, lot_id=0):
    """Owe a quantity.

    :param lot_id: that was named, 0 where none was
    """
    allocation.deferred += quantity
    if lot_id:
        allocation.missing_lots.add(lot_id)


def _open_quantity(allocation):
    taken = sum(take.quantity for take in allocation.takes)
    return allocation.demand.quantity - taken - allocation.deferred
