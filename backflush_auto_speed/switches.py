"""Where another addon extends what is shortened here, Odoo's own way is taken."""

from odoo.addons.backflush_auto import overridden

OURS = ("backflush_auto", "backflush_auto_speed")


def is_switched_off(way, *methods):
    """Whether others have a say in what a shorter way leaves out; the log says so.

    :param way: what is done in a shorter way, in words
    :param methods: ``(records, name of the method, addons whose code of it is known)``
    """
    known = [(records, name, *OURS, *more) for records, name, *more in methods]
    return overridden.is_switched_off(way, *known)
