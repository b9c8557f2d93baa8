"""Where another addon extends what is done in a shorter way here, Odoo's own is taken.

The log says so, once for each database, each shorter way and each addon.
"""

import logging

from odoo.addons.backflush_auto.overridden import find_overriding

_logger = logging.getLogger(__name__)

OURS = ("backflush_auto", "backflush_auto_speed")
_logged = set()


def is_switched_off(way, *methods):
    """Whether others have a say in what a shorter way leaves out.

    :param way: what is done in a shorter way, in words
    :param methods: ``(records, name of the method, addons whose code of it is known)``
    """
    for records, name, *known in methods:
        others = find_overriding(records, name, *OURS, *known)
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
