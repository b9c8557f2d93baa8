from odoo import api, fields, models

from ..channels import check_channels


class StockPickingType(models.Model):
    _inherit = "stock.picking.type"

    backflush_channel = fields.Char(
        "Reporting Channel",
        help="Submitted reports on manufacturing orders of this type are posted in "
        "this channel of the job queue, below root.backflush; where it is empty, in "
        "root.backflush itself. The configuration of the job runner says how many "
        "jobs of a channel run at a time.",
    )

    @api.constrains("backflush_channel")
    def _check_backflush_channel(self):
        check_channels(self)
