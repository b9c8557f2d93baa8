from odoo import models

from ...context import get_private
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

    def _is_backflush_spoilt(self):
        """Whether a posting scraps this line: a component that was spoilt."""
        return bool(self.move_id.scrap_id and get_private(self.env, "record"))
