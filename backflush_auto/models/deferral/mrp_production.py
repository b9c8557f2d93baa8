from odoo import api, fields, models


class MrpProduction(models.Model):
    """What orders have consumed, and stock does not have yet."""

    _inherit = "mrp.production"

    backflush_debt_count = fields.Integer(
        compute="_compute_backflush_debt_count", groups="mrp.group_mrp_user"
    )

    # Whether any order may owe something is asked whenever stock comes.
    _backflush_defer_idx = models.Index("(state) WHERE backflush_shortage = 'defer'")

    @api.depends("move_raw_ids.backflush_deferred", "move_raw_ids.state")
    def _compute_backflush_debt_count(self):
        for order in self:
            debts = order.move_raw_ids._filter_backflush_debts()
            order.backflush_debt_count = len(debts)

    def action_view_backflush_debts(self):
        """Open what these orders owe."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_exception_action"
        )
        action["domain"] = [("production_id", "in", self.ids)]
        action["context"] = {}
        return action
