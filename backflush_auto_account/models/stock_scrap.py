from odoo import api, fields, models


class StockScrap(models.Model):
    _inherit = "stock.scrap"

    backflush_expensed = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What these units cost, where the good ones do not bear it: by the id of "
        "the move of each component, and what else was left in production.",
    )

    @api.model
    def _get_backflush_recorded_fields(self):
        return super()._get_backflush_recorded_fields() | {"backflush_expensed"}


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
