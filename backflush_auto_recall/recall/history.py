"""When a lot lay in a place, and what is certain there in between.

Where nobody has named the lot that was consumed, it may have been any that lay in the
place since the last time it was certain what lies there, and until the next: when the
place was empty, when the lots were counted, when a person or a program named a lot.
"""

from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Stay:
    """A lot lies in a place.

    :param begin: when it came
    :param end: when the record has it gone; None while it is there
    """

    begin: datetime
    end: datetime | None


def find_stays(balances):
    """The stays of a lot in a place.

    :param balances: ``(date, quantity there from then on, whether some came)``, in
        their order
    :return: list of :class:`Stay`
    """
    stays, begin = [], None
    for date, balance, came in balances:
        if begin is None and (balance > 0 or came):
            begin = date
        if begin is not None and balance <= 0:
            stays.append(Stay(begin, date))
            begin = None
    if begin is not None:
        stays.append(Stay(begin, None))
    return stays


def widen(stay, events):
    """The time in which what was consumed may have been the lot of a stay.

    :param stay: :class:`Stay`
    :param events: dates at which it was certain what lies in the place, in their order
    :return: ``(after, until)``, each None where there is no bound
    """
    # What happened in the same second may have come after it.
    last = bisect_left(events, stay.begin)
    after = events[last - 1] if last else None
    if stay.end is None:
        return after, None
    following = bisect_left(events, stay.end)
    return after, events[following] if following < len(events) else None


def find_segment(date, events):
    """The time around a date in which nothing was certain.

    :param events: see :func:`widen`
    :return: ``(after, until)``, each None where there is no bound
    """
    following = bisect_left(events, date)
    after = events[following - 1] if following else None
    return after, events[following] if following < len(events) else None


def merge(ranges):
    """Join times that overlap, or follow each other.

    :param ranges: iterable of ``(after, until)``, each None where there is no bound
    :return: list of the same, in their order, apart from each other
    """
    merged = []
    for after, until in sorted(ranges, key=lambda bounds: bounds[0] or datetime.min):
        last = merged[-1][1] if merged else after
        if merged and (last is None or after is None or after <= last):
            if last is not None and (until is None or until > last):
                merged[-1] = (merged[-1][0], until)
        else:
            merged.append((after, until))
    return merged
