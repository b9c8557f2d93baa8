"""Find out whether addons unknown to us extend a method, and let the log say so.

What is done in a shorter way than Odoo's is done in Odoo's there. The log says so once
for each database, each shorter way and each addon.
"""

import logging

_logger = logging.getLogger(__name__)

_logged = set()


def is_switched_off(way, *methods):
    """Whether others have a say in what a shorter way leaves out.

    :param way: what is done in a shorter way, in words
    :param methods: ``(records, name of the method, addons whose code of it is known)``
    """
    for records, name, *known in methods:
        others = find_overriding(records, name, *known)
        if others:
            _log(records, way, name, others)
            return True
    return False


def _log(records, way, name, others):
    key = (records.env.cr.dbname, way, records._name, name, *others)
    if key not in _logged:
        _logged.add(key)
        _logger.info(
            "%s: as slow as in Odoo, because %s.%s is extended by %s.",
            way,
            records._name,
            name,
            ", ".join(others),
        )


def is_overridden(records, name, *modules):
    """Whether a method is extended by modules other than those we know.

    What Odoo and our addons do is known here, what others do is not: where they extend
    a method, it is called as often as Odoo calls it.

    :param name: of the method
    :param modules: the addons whose code of it is known
    """
    return bool(find_overriding(records, name, *modules))


def find_overriding(records, name, *modules):
    """The Python modules, not of these addons or of Odoo's framework, with code of it.

    :param name: of the method
    :param modules: the addons whose code of it is known
    :return: list of names, sorted
    """
    known = tuple(f"odoo.addons.{module}.models." for module in modules)
    methods = (vars(cls).get(name) for cls in type(records).mro())
    return sorted(
        {
            origin
            for method in methods
            if method
            for origin in _find_origins(method)
            if not origin.startswith((*known, "odoo.orm.", "odoo.tools."))
        }
    )


def _find_origins(method):
    """The modules that a method says it is of, and that its code is of.

    They differ where one wraps another: Odoo's decorators do, and addons that exchange
    methods while Odoo runs.
    """
    function = getattr(method, "__func__", method)
    names = getattr(function, "__globals__", {})
    return getattr(function, "__module__", None) or "", names.get("__name__", "")
