"""What is looked up once, for all the orders that are confirmed or posted together.

Odoo asks the database the same questions for every component, again and again: does a
reordering rule watch it, does a rule push it on? The answers are kept for as long as
the transaction runs, and forgotten where somebody changes such a rule in between. Only
the moves of backflushed orders ask there.

Each new order asks three times what its bill of materials consists of. These answers
are kept while orders are being created, and no longer.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

LOOKUPS = "backflush_auto_speed.lookups"


@dataclass(slots=True, eq=False)
class Lookups:
    """The answers of one transaction.

    :param watched: ``{product id: whether a reordering rule watches it}``
    :param pushing: ids of the locations that a rule pushes on from; None while unknown
    :param kits: ``{(company id, product id): whether it is a kit there}``
    :param rules: the rule that components of a kind have found, by the kind
    :param recipes: what was found of bills of materials, by what was asked; None where
        no orders are being created
    :param is_even: whether rows of one table are written by one statement, see
        ``mrp.backflush.written``
    """

    watched: dict = field(default_factory=dict)
    pushing: set | None = None
    kits: dict = field(default_factory=dict)
    rules: dict = field(default_factory=dict)
    recipes: dict | None = None
    is_even: bool = False


def get_lookups(env):
    """The answers of the transaction that runs.

    Odoo empties the cursor's cache with each commit and rollback, savepoints included.
    """
    return env.cr.cache.setdefault(LOOKUPS, Lookups())


@contextmanager
def remember_recipes(env):
    """Explode each bill of materials once, as long as orders are being created."""
    before = get_lookups(env).recipes
    get_lookups(env).recipes = {} if before is None else before
    try:
        yield
    finally:
        get_lookups(env).recipes = before


def forget_lookups(env):
    """Ask anew, because a rule or a bill of materials has changed."""
    env.cr.cache.pop(LOOKUPS, None)
