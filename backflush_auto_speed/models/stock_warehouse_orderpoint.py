from odoo import api, models

from ..lookups import forget_lookups


class StockWarehouseOrderpoint(models.Model):
    """Where one changes, what was looked up is forgotten."""

    _inherit = "stock.warehouse.orderpoint"

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
