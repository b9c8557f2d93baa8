"""Repeated reports: what was posted with a reference is answered as it was then."""

from odoo.tools.misc import groupby

from ..errors import refuse


def replay(env, items):
    """Give each report that was posted before the result that it had.

    :param items: list of :class:`.Item`, changed in place: ``result``; ``error``, where
        its reference was used for something else
    """
    known = {}
    for company_id, group in groupby(
        (item for item in items if item.report.reference),
        lambda item: item.company_id,
    ):
        references = [item.report.reference for item in group]
        for posting in find_posted(env, company_id, references):
            known[company_id, posting.reference] = posting
    for item in items:
        posting = known.get((item.company_id, item.report.reference))
        if posting and posting.payload_hash == item.payload_hash:
            item.result = posting._get_replayed_result()
        elif posting:
            item.error = get_reference_problem(posting)


def find_posted(env, company_id, references):
    """Find the postings with one of these references.

    A reference is one for the company, also where its order is hidden.

    :param company_id: of the postings
    :param references: list of texts
    :return: ``mrp.backflush`` recordset, as superuser
    """
    return (
        env["mrp.backflush"]
        .sudo()
        .search([("company_id", "=", company_id), ("reference", "in", references)])
    )


def get_reference_problem(posting):
    """Get the error that refuses another report with the reference of a posting.

    :param posting: ``mrp.backflush``
    :return: the exception
    """
    return refuse(
        posting.env._(
            "reference: %(reference)s was used before, by %(posting)s, for something "
            "else.",
            reference=posting.reference,
            posting=posting.name,
        ),
        "duplicate",
        reference=posting.reference,
        posting=posting.name,
    )
