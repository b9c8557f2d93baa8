"""What is looked up once, for all the orders that are confirmed or posted together.

Odoo asks the database the same questions for every component, again and again: does a
reordering rule watch it, does a rule push it on? The answers are kept for as long as
the transaction runs, and forgotten where somebody changes such a rule in between. Only
the moves of backflushed orders ask there.
"""

from dataclasses import dataclass, field

LOOKUPS = "backflush_auto_speed.lookups"


@dataclass(slots=True, eq=False)
class Lookups:
    """The answers of one transaction.

    :param watched: ``{product id: whether a reordering rule watches it}``
    :param pushing: ids of the locations that a rule pushes on from; None while unknown
    """

    watched: dict = field(default_factory=dict)
    pushing: set | None = None


def get_lookups(env):
    """The answers of the transaction that runs.

    Odoo empties the cursor's cache with each commit and rollback, savepoints included.
    """
    return env.cr.cache.setdefault(LOOKUPS, Lookups())


def forget_lookups(env):
    """Ask anew, because a rule has changed."""
    env.cr.cache.pop(LOOKUPS, None)
