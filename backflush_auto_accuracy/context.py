"""The private context keys of this addon, see those of backflush_auto."""

from odoo.addons.backflush_auto.context import register

register(outdated_quants="ids of the quants that moved after they were counted")
