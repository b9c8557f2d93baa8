from odoo import models

from ...finite import FiniteFloat


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    backflush_scrapped_qty = FiniteFloat(
        "Scrapped Afterwards",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="What was scrapped of these goods once they were made, in the unit of "
        "the product.",
    )
