from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    # The components of postings among all moves: one component, and where it is taken.
    _backflush_component_idx = models.Index(
        "(product_id, location_id, backflush_id) WHERE backflush_id IS NOT NULL"
    )
