"""The private context keys of this addon, see those of backflush_auto."""

from odoo.addons.backflush_auto.context import register

register(
    unreserved="set of ids of move lines that were never reserved",
    skip_reservation="True: lines are created that leave stock at once",
    consume_links="list of (finished lines, commands) that are written later",
)
