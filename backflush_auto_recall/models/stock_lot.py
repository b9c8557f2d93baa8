from odoo import models


class StockLot(models.Model):
    _inherit = "stock.lot"

    def action_backflush_recall(self):
        """Show where these lots went.

        :return: action of the list
        """
        return self.env["mrp.backflush.recall"]._recall(self, "forward")

    def action_backflush_contents(self):
        """Show what these lots were made of.

        :return: action of the list
        """
        return self.env["mrp.backflush.recall"]._recall(self, "backward")
