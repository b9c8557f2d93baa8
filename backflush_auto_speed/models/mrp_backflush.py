from odoo import api, models

from ..numbers import draw_numbers


class MrpBackflush(models.Model):
    _inherit = "mrp.backflush"

    @api.model
    def _draw_numbers(self, sequence, number):
        return draw_numbers(sequence, number)
