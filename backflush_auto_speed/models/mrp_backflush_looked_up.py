from odoo import api, models

from ..lookups import forget_lookups


class MrpBackflushLookedUp(models.AbstractModel):
    """Records that are looked up once: where one changes, the answers are forgotten."""

    _name = "mrp.backflush.looked.up"
    _description = "Looked Up Once for Many Orders"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        forget_lookups(self.env)
        return records

    def write(self, vals):
        res = super().write(vals)
        forget_lookups(self.env)
        return res

    def unlink(self):
        res = super().unlink()
        forget_lookups(self.env)
        return res
