from odoo import api, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

# Where a row leads to whoever made it.
SOURCES = ("backflush_id", "production_id", "count_id")
PEOPLE = ("res.users", "res.partner", "hr.employee")


class MrpBackflushPrivate(models.AbstractModel):
    """Figures that name no person, unless the company allows it.

    The person is left out of the rows themselves. From a row one still gets to its
    order or posting, which say who made them: no figure can be asked for by that way.
    """

    _name = "mrp.backflush.private"
    _description = "Figures That May Name No Person"

    @api.model
    def _search(self, domain, *args, **kwargs):
        if not self._is_backflush_by_person():
            for path in _find_paths(Domain(domain)):
                self._check_backflush_no_person(path)
        return super()._search(domain, *args, **kwargs)

    def _read_group_groupby(self, alias, groupby_spec, *args, **kwargs):
        if not self._is_backflush_by_person():
            self._check_backflush_no_person(groupby_spec.partition(":")[0])
        return super()._read_group_groupby(alias, groupby_spec, *args, **kwargs)

    @api.model
    def _is_backflush_by_person(self):
        """Whether all companies that are looked at allow figures by person."""
        companies = self.env.companies.sudo()
        return self.env.su or all(companies.mapped("backflush_by_person"))

    @api.model
    def _check_backflush_no_person(self, path):
        """Refuse a path that leads from a row to whoever made it.

        :raises AccessError: naming the path
        """
        first, *others = path.split(".")
        if first not in SOURCES or first not in self._fields:
            return
        model = self.env[self._fields[first].comodel_name]
        for name in others:
            field = model._fields.get(name)
            if not field or not field.relational:
                return
            if field.comodel_name in PEOPLE:
                raise AccessError(
                    self.env._(
                        "Figures by person (%(path)s) are not allowed by the settings "
                        "of the company.",
                        path=path,
                    )
                )
            model = self.env[field.comodel_name]


def _find_paths(domain):
    """The dotted paths that a domain asks for, those of nested domains included."""
    for condition in domain.iter_conditions():
        yield condition.field_expr
        if isinstance(condition.value, Domain):
            nested = condition.value
        elif condition.operator.endswith(("any", "any!")):
            nested = (
                Domain(condition.value) if isinstance(condition.value, list) else None
            )
        else:
            nested = None
        for path in _find_paths(nested) if nested else ():
            yield f"{condition.field_expr}.{path}"
