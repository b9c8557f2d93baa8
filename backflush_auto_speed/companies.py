"""The companies of many records are compared together."""


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
