"""How sure it is that one lot is contained in another."""

# From the surest on: a chain is as sure as its weakest link.
CERTAIN, ASSUMED, POSSIBLE = "certain", "assumed", "possible"
CERTAINTIES = (CERTAIN, ASSUMED, POSSIBLE)


def weaker(one, other):
    """The less sure of two certainties."""
    return max(one, other, key=CERTAINTIES.index)


def follow(start, expand):
    """Follow lots from one to the next, each by the surest chain there is.

    :param start: lots to begin with, which are certain
    :param expand: function of ``(lots, certainty)`` that yields ``(lot, certainty)``
        of what the next lots are, as sure as a chain that reached the first so
    :return: ``{lot: certainty}`` of all of them
    """
    reached = dict.fromkeys(start, CERTAIN)
    for certainty in CERTAINTIES:
        followed = set()
        while lots := _find(reached, certainty) - followed:
            followed |= lots
            for lot, link in expand(lots, certainty):
                known = reached.get(lot, POSSIBLE)
                if lot not in reached or weaker(known, link) != link:
                    reached[lot] = link
    return reached


def _find(reached, certainty):
    return {lot for lot, known in reached.items() if known == certainty}
