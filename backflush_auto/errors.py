"""Refusals: errors that say of what kind they are.

A refusal is one of Odoo's own exceptions, because the web client and both transports
know how to show those. What a batch tells about it, beside the message, hangs on it.
"""

from odoo.exceptions import (
    AccessError,
    MissingError,
    RedirectWarning,
    UserError,
    ValidationError,
)

# What people are shown. Anything else is a failure of the whole call.
REFUSALS = (UserError, RedirectWarning)
KINDS = (
    "shortage",
    "lot",
    "access",
    "not_found",
    "state",
    "duplicate",
    "tolerance",
    "invalid",
)


def refuse(message, kind="invalid", **details):
    """Make a refusal, to be raised.

    :param message: for people: what is wrong, and what to do
    :param kind: one of :data:`KINDS`
    :param details: plain values that a program can read
    :return: the exception
    """
    wrong_input = kind in ("invalid", "not_found")
    error = ValidationError(message) if wrong_input else UserError(message)
    error.backflush_kind = kind
    error.backflush_details = details
    # Odoo hands it to the web client and to programs that call over JSON-2.
    error.context = {"backflush": {"type": kind, **details}}
    return error


def check_one(records):
    """Refuse a call on anything but one record.

    :raises ValidationError: where it is not exactly one
    """
    if len(records._ids) != 1:
        raise refuse(
            records.env._(
                "Call this on one record (%(model)s), not on %(number)s.",
                model=records._description,
                number=len(records._ids),
            ),
            field="ids",
        )


def check_reportable(record, name):
    """Refuse to report on what is done or cancelled.

    :param record: an order, or a work order
    :param name: what the message calls it
    :raises UserError: that says in which state it is
    """
    if record.state not in ("done", "cancel"):
        return
    states = dict(record._fields["state"]._description_selection(record.env))
    raise refuse(
        record.env._(
            "%(name)s cannot be reported on: it is %(state)s.",
            name=name,
            state=states[record.state],
        ),
        "state",
        state=record.state,
    )


def describe(error):
    """What a batch says of a report that was refused.

    :param error: a refusal, or any other exception that Odoo shows to people
    :return: ``{"type", "message", …}``, plain values
    """
    kind = getattr(error, "backflush_kind", None) or _guess_kind(error)
    details = getattr(error, "backflush_details", {})
    return {**details, "type": kind, "message": str(error)}


def _guess_kind(error):
    if isinstance(error, AccessError):
        return "access"
    if isinstance(error, MissingError):
        return "not_found"
    return "invalid"
