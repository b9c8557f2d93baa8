from odoo import fields, models


class StockScrapReasonTag(models.Model):
    _inherit = "stock.scrap.reason.tag"

    backflush_cost = fields.Selection(
        [("absorb", "The good units"), ("expense", "Expense")],
        "Cost Borne By",
        required=True,
        default="absorb",
        help="Who bears the cost of units that fail for this reason when production "
        "is reported. The good units: they become dearer. Expense: the components "
        "that failed units took go to the scrap location with their value. Where "
        "nothing good is made, it is an expense in any case.",
    )
