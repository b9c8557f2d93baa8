from odoo import models


class StockQuant(models.Model):
    _inherit = "stock.quant"

    def _apply_inventory(self, *args, **kwargs):
        counts = self.env["mrp.backflush.count"]
        places = self._read_backflush_places()
        before = counts._get_marks()
        res = super()._apply_inventory(*args, **kwargs)
        counts._record_counts(places, before)
        return res
