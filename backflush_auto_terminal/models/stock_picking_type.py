from odoo import models

from odoo.addons.backflush_auto.errors import check_one


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    def action_backflush_terminal(self):
        """Open the terminal of this operation type.

        :return: the client action
        """
        check_one(self)
        return self.env["mrp.production"]._get_backflush_terminal_action(
            "picking_type_id", self.id
        )
