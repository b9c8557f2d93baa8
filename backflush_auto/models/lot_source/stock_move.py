from odoo import api, fields, models


class StockMove(models.Model):
    """The lots of a move, with how sure it is that they were moved."""

    _inherit = "stock.move"

    backflush_lots = fields.Char(
        "Lots",
        compute="_compute_backflush_lots",
        help="The lots and serial numbers, with how sure it is that these were "
        "consumed.",
    )

    @api.depends("move_line_ids.lot_id", "move_line_ids.backflush_lot_source")
    def _compute_backflush_lots(self):
        for move in self:
            lots = [
                line._describe_backflush_lot() or line.lot_id.name
                for line in move.move_line_ids.filtered("lot_id")
            ]
            move.backflush_lots = ", ".join(lots)
