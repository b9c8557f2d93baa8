"""Fields that only the code reads: people do not group or export by them."""

from odoo import fields


class Technical:
    """A field that tells people nothing, whatever its type."""

    exportable = False

    def _description_groupable(self, env):
        return False


class TechnicalBoolean(Technical, fields.Boolean):
    """A mark that the code leaves for itself."""


class TechnicalChar(Technical, fields.Char):
    """A text that the code compares."""


class TechnicalInteger(Technical, fields.Integer):
    """A number by which the code sorts or finds."""


class TechnicalMany2one(Technical, fields.Many2one):
    """A record that the code follows."""
