"""Channels of queue_job: in which a report is posted, and how many at a time."""

import re

from odoo.exceptions import ValidationError

# The channel of reports whose production line has none of its own.
CHANNEL = "root.backflush"
NAME = re.compile(r"\w+", re.ASCII)


def get_channel(name):
    """The complete name of the channel of a production line.

    :param name: that the line's operation type or work center gives it; may be empty
    """
    return f"{CHANNEL}.{name}" if name else CHANNEL


def check_channels(records):
    """Refuse what the configuration of a job runner cannot name.

    :param records: with a field ``backflush_channel``
    :raises ValidationError: that names the channel
    """
    for record in records:
        name = record.backflush_channel
        if name and not NAME.fullmatch(name):
            raise ValidationError(
                record.env._(
                    "Reporting Channel: use letters, digits and underscores only, not "
                    "“%(name)s”.",
                    name=name,
                )
            )
