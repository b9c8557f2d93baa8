"""Guards: recorded values cannot be changed."""

from odoo.exceptions import AccessError

from ...context import get_private


def check_recorded(records, names, vals_list, is_new=False):
    """Refuse what only a posting, or the split of an order, writes.

    :param names: of the fields that they write
    :param vals_list: list of values about to be written
    :param is_new: whether the caller's defaults count as well
    :raises AccessError: where one of these fields is among them
    """
    if get_private(records.env, "record"):
        return
    written = names.intersection(set().union(*vals_list))
    if is_new:
        context = records.env.context
        written |= {name for name in names if f"default_{name}" in context}
    if written:
        raise AccessError(
            records.env._(
                "What a posting has recorded on a component cannot be written: "
                "%(fields)s.",
                fields=", ".join(sorted(written)),
            )
        )


def get_given(records, name, vals_list):
    """The ids that new records get in a many2one field.

    :param vals_list: list of values, which win over the caller's defaults
    """
    default = records.env.context.get(f"default_{name}")
    return {vals.get(name, default) for vals in vals_list} - {None, False}


def get_changed(records, names, vals):
    """The names under which values differ from what some of the records have.

    :param names: of the fields that count
    :param vals: about to be written
    """
    changed = set()
    for name in names.intersection(vals):
        field = records._fields[name]
        for record in records:
            old = field.convert_to_cache(record[name], record, validate=False)
            new = field.convert_to_cache(vals[name], record, validate=False)
            if old != new:
                changed.add(name)
    return changed
