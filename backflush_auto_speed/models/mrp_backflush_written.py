from odoo import models

from ..lookups import get_lookups


class MrpBackflushWritten(models.AbstractModel):
    """Records that are written together, though different fields have changed.

    Odoo writes those of which the same fields have changed by one statement, and a
    posting changes others of components than of products. Here each is given the
    values of all these fields, which the others have already.
    """

    _name = "mrp.backflush.written"
    _description = "Written by One Statement"

    def _write_multi(self, vals_list, *args, **kwargs):
        if get_lookups(self.env).is_even:
            vals_list = self._complete_backflush_vals(vals_list)
        return super()._write_multi(vals_list, *args, **kwargs)

    def _complete_backflush_vals(self, vals_list):
        """Complete what is written of each record by what is written of others.

        Only what has been read is known to be the same.

        :param vals_list: values of columns, of each record
        """
        names = set().union(*vals_list)
        if all(len(vals) == len(names) for vals in vals_list):
            return vals_list
        fields = [self._fields[name] for name in names]
        if any(not _is_plain(self, field) for field in fields):
            return vals_list
        completed = []
        for record, vals in zip(self, vals_list, strict=True):
            others = [field for field in fields if field.name not in vals]
            known = {field: field._get_cache(self.env) for field in others}
            if all(record.id in cache for cache in known.values()):
                own = {
                    # What is empty stays so: as a number, it would be zero.
                    field.name: None
                    if cache[record.id] is None
                    else field.get_column_update(record)
                    for field, cache in known.items()
                }
                vals = {**own, **vals}
            completed.append(vals)
        return completed


def _is_plain(records, field):
    """Whether a field has one value, whoever reads it."""
    return not (
        field.translate
        or field.company_dependent
        or field in records.env._field_depends_context
    )
