"""Private context keys, and which of a caller's keys are kept.

Odoo hands the context of whoever calls to every public method, so anybody can send any
key. A private key counts only with a value of a class that neither JSON nor XML can
carry: whatever else stands under its name is ignored.

Where a parameter can reach, use a parameter.
"""

from collections.abc import Hashable

from odoo.tools.misc import clean_context

PREFIX = "backflush_"

# Each private key, without the prefix that it has in the context.
KEYS = {
    # --- The plan ---
    "keep_ratio": "True: a new demand is no edit of a person, the ratios stay",
    "exploded_lines": "list that the explosion of a BoM adds the lines of an order to",
    "recipe": "{key of a component: what its BoM says of it} instead of its own rule",
    "settled_ids": "ids of the moves that an update of the BoM leaves as they are",
    # --- Posting ---
    "keep_open": "ids of the orders that the posting under way leaves open",
    "posting_follows": "True: a posting follows that takes what is due now",
    "skip_picking": "True: finished work orders pick no component",
    "reserve": "True: components are reserved though the posting decides what is taken",
    "without_timer": "True: a work order that is started has no timer",
    "reported_time": "True: expect the time for what is reported, not for the order",
    "locked": "True: all products of the orders were locked before anything was read",
    "identities": "{order id: reference and hash} of the reports that are posted",
    "scrapped": "{order id: what a report says has failed} until it is recorded",
    "damaged": "{order id: what a report says was spoilt} until it has moved",
    "split": "True: orders are being split",
    "stranded": "True: a person has decided what becomes of what left early",
    "record": "True: a posting, or what splits it, writes what nobody else may",
    "dated": "True: a posting says when something has moved",
    "holds_debts": "Held: debts are settled once what moves is moved and valued",
    # --- Cost ---
    "cost_shares": "{order id: share of the order that is produced}",
    "expensed": "{order id: what the posting under way expenses of components}",
    "bom_prices": "{(product, BoM, as by-product): price} computed so far",
    "adjusted": "ids of the moves, of all that come back, whose value a person has set",
    "receipts": "{(product id, company id): open receipts} counted so far",
    "closes_by_itself": "True: a scheduled action closes the periods of companies",
    # --- Overviews ---
    "overview": "True: the rules of the lines at hand count",
    "kit_lines": "ids of the lines of the kits around a line, from the inside out",
    "bom_quantities": "{BoM line: quantity that it plans for the order}",
}

# What a caller may decide: how texts read, and which companies are looked at.
WHITELIST = ("lang", "tz", "allowed_company_ids")


class _Private:
    """A value under a private key.

    Odoo takes one environment for two whose contexts are equal. So a value that can be
    changed equals nothing but itself; one that cannot is compared as usual, and its
    environments are shared.
    """

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def __eq__(self, other):
        if type(other) is not _Private:
            return NotImplemented
        mine, theirs = self.value, other.value
        if mine is theirs:
            return True
        return _is_hashable(mine) and type(mine) is type(theirs) and mine == theirs

    def __hash__(self):
        return hash(self.value) if _is_hashable(self.value) else id(self.value)

    def __repr__(self):
        return "<private>"

    # A copy must not part those who fill a value from those who read it.
    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self

    def __reduce__(self):
        return type(None), ()  # nothing of it is ever stored


def _is_hashable(value):
    if not isinstance(value, Hashable):
        return False
    try:
        hash(value)
    except TypeError:  # a tuple of lists
        return False
    return True


def register(**keys):
    """Add the private keys of another addon.

    :param keys: what each means, by its name without the prefix
    :raises ValueError: where a key is known with another meaning
    """
    for name, meaning in keys.items():
        if KEYS.setdefault(name, meaning) != meaning:
            raise ValueError(f"The private key {name} has another meaning already.")


def with_private(records, **values):
    """The same records with private keys in their context.

    :param values: by the names of ``KEYS``; None takes a key away
    :raises KeyError: where a key is not in ``KEYS``
    """
    unknown = values.keys() - KEYS.keys()
    if unknown:
        raise KeyError(*unknown)
    context = dict(records.env.context)
    for name, value in values.items():
        context.pop(PREFIX + name, None)
        if value is not None:
            context[PREFIX + name] = _Private(value)
    return records.with_env(records.env(context=context))


def get_private(env, name, default=None):
    """The value of a private key.

    :param name: of ``KEYS``
    :param default: where it is not set, or by somebody who must not
    :raises KeyError: where the key is not in ``KEYS``
    """
    if name not in KEYS:
        raise KeyError(name)
    private = env.context.get(PREFIX + name)
    return private.value if type(private) is _Private else default


def without_private(answer):
    """An answer without private values, which no client can receive.

    Odoo copies its context into the actions that it returns.

    :param answer: of a public method, any plain value
    """
    if isinstance(answer, dict):
        return {
            key: without_private(value)
            for key, value in answer.items()
            if type(value) is not _Private
        }
    if isinstance(answer, list):
        return [without_private(value) for value in answer]
    if isinstance(answer, tuple):
        return tuple(without_private(value) for value in answer)
    return answer


def without_defaults(records):
    """The same records without the defaults that a caller's context has for fields."""
    context = clean_context(records.env.context)
    if len(context) == len(records.env.context):
        return records
    return records.with_env(records.env(context=context))


def as_called(records):
    """The same records with only that of a caller's context which may count."""
    context = records.env.context
    kept = {name: context[name] for name in WHITELIST if name in context}
    return records.with_env(records.env(context=kept))
