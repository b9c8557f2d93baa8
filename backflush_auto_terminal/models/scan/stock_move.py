from odoo import models


class StockMove(models.Model):
    """What of a scanned lot a component can take."""

    _inherit = "stock.move"

    def _get_backflush_free_of(self, lot):
        """What of a lot is free for this component, in its unit.

        :param lot: ``stock.lot`` record
        """
        free = self.env["stock.quant"]._get_available_quantity(
            self.product_id, self.location_id, lot_id=lot
        )
        own = self.move_line_ids.filtered(lambda line: line.lot_id == lot)
        free += sum(own.mapped("quantity_product_uom"))
        return self.product_id.uom_id._compute_quantity(
            max(0.0, free), self.product_uom, rounding_method="DOWN"
        )
