from odoo import api, fields, models
from odoo.fields import Domain

# Reports that were refused within so many days stand beside what is short.
RECENT_DAYS = 7


class MrpBackflushShort(models.TransientModel):
    """What is short has had reports refused, and they wait for a person."""

    _inherit = "mrp.backflush.short"

    refused_count = fields.Integer(
        "Refused Reports",
        compute="_compute_refused_count",
        help="Reports on this order that were refused in the last 7 days, and wait for "
        "somebody to send them again, correct or discard them.",
    )

    @api.depends("production_id")
    def _compute_refused_count(self):
        counts = dict(
            self.env["mrp.backflush.submitted"]._read_group(
                Domain("production_id", "in", self.production_id.ids)
                & Domain("is_refused", "=", True)
                & Domain("create_date", ">=", f"-{RECENT_DAYS}d"),
                ["production_id"],
                ["__count"],
            )
        )
        for line in self:
            line.refused_count = counts.get(line.production_id, 0)

    def action_open_refused(self):
        """List the reports that were refused lately: on these orders, or on any.

        :return: action of the list
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto_queue.mrp_backflush_submitted_action"
        )
        action["context"] = {"search_default_refused": 1, "search_default_recent": 1}
        if self:
            action["domain"] = [("production_id", "in", self.production_id.ids)]
        return action
