from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def action_revert_inventory(self, *args, **kwargs):
        res = super().action_revert_inventory(*args, **kwargs)
        counts = self.env["mrp.backflush.count"].sudo()
        counts.search([("move_ids", "in", self.move_id.ids)])._revert()
        return res
