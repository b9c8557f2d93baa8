from odoo import models

# Where the name of the lot stands in a line of the report.
LOT_COLUMN = 3


class StockTraceabilityReport(models.TransientModel):
    """Traceability says how sure it is that a lot was consumed."""

    _inherit = "stock.traceability.report"

    def _final_vals_to_lines(self, final_vals, *args, **kwargs):
        lines = super()._final_vals_to_lines(final_vals, *args, **kwargs)
        moved = self.env["stock.move.line"].browse(
            line["model_id"] for line in lines if line["model"] == "stock.move.line"
        )
        sources = {line.id: line._describe_backflush_lot() for line in moved}
        for line in lines:
            source = sources.get(line["model_id"])
            if source and line["model"] == "stock.move.line":
                line["columns"][LOT_COLUMN] = source
        return lines
