from odoo import api, fields, models

from ..channels import check_channels


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    backflush_channel = fields.Char(
        "Reporting Channel",
        help="Submitted reports at work orders of this work center are posted in this "
        "channel of the job queue, below root.backflush; where it is empty, in that of "
        "the operation type. The configuration of the job runner says how many jobs of "
        "a channel run at a time.",
    )

    @api.constrains("backflush_channel")
    def _check_backflush_channel(self):
        check_channels(self)
