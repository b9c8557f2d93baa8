from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    # A lot is looked for among all that was ever moved.
    _backflush_recall_index = models.Index(
        "(lot_id, date) WHERE lot_id IS NOT NULL AND state = 'done'"
    )
