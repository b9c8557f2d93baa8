"""What is looked up once, for all the orders that are confirmed or posted together.

Odoo asks the database the same questions for every component, again and again: does a
reordering rule watch it, does a rule push it on? The answers are kept for as long as
the transaction runs, and forgotten where somebody changes such a rule in between. Only
the moves of backflushed orders ask there.
"""

from dataclasses import dataclass, field

BATCH = "backflush_batch"


@dataclass(slots=True, eq=False)
class Batch:
    """The answers of one transaction.

    :param watched: ``{product id: whether a reordering rule watches it}``
    :param pushing: ids of the locations that a rule pushes on from; None while unknown
    """

    watched: dict = field(default_factory=dict)
    pushing: set | None = None


def get_batch(env):
    """The answers of the transaction that runs.

    Odoo empties the cursor's cache with each commit and rollback, savepoints included.
    """
    return env.cr.cache.setdefault(BATCH, Batch())


def forget_batch(env):
    """Ask anew, because a rule has changed."""
    env.cr.cache.pop(BATCH, None)


def is_overridden(records, name, *modules):
    """Whether a method is extended by other modules than those we know.

    What Odoo and this addon do is known here, what others do is not: where they extend
    a method, it is called as often as Odoo calls it.

    :param name: of the method
    :param modules: the addons whose code of it is known
    """
    known = tuple(f"odoo.addons.{module}.models." for module in modules)
    methods = (vars(cls).get(name) for cls in type(records).mro())
    return any(
        not origin.startswith((*known, "odoo.orm.", "odoo.tools."))
        for method in methods
        if method
        for origin in _find_origins(method)
    )


def _find_origins(method):
    """The modules that a method says it is of, and that its code is of.

    They differ where one wraps another: Odoo's decorators do, and addons that exchange
    methods while Odoo runs.
    """
    function = getattr(method, "__func__", method)
    names = getattr(function, "__globals__", {})
    return getattr(function, "__module__", None) or "", names.get("__name__", "")


def find_mixed_companies(records, fnames=None, **others):
    """The records whose companies Odoo has to compare one by one.

    Odoo's ``_check_company`` filters the values of every record by themselves, a fifth
    of the time of a posting. Here those of all records are filtered together, and Odoo
    is left with the records only where something is wrong.

    :param fnames: names of fields, as in ``_check_company``
    :param others: what other addons have added to that method: Odoo's way is taken
    :return: none of the records where all is right, else all of them
    """
    if others:
        return records
    names = fnames
    if names is None or {"company_id", "company_ids"} & set(names):
        names = records._fields
    checked = [records._fields[name] for name in names]
    checked = [f for f in checked if f.relational and f.check_company]
    if len(records) < 2 or any(f.company_dependent for f in checked):
        return records
    for company, group in records.sudo().grouped("company_id").items():
        for name in (f.name for f in checked):
            values = group.mapped(name)
            domain = values and values._check_company_domain(company)
            values = values.with_context(active_test=False)
            if domain and values != values.filtered_domain(domain):
                return records
    return records.browse()
