from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def write(self, vals):
        res = super().write(vals)
        # With product_expiry: it may be taken again.
        if not {"expiration_date", "removal_date"}.isdisjoint(vals):
            self.sudo().quant_ids._follow_backflush_stock()
        return res
