from odoo import api, fields, models


class MrpProduction(models.Model):
    """What orders have consumed, and stock does not have yet."""

    _inherit = "mrp.production"

    backflush_debt_count = fields.Integer(
        compute="_compute_backflush_debt_count", groups="mrp.group_mrp_user"
    )

    # Whether any order may owe something is asked whenever stock comes.
    _backflush_defer_idx = models.Index("(state) WHERE backflush_shortage <> 'block'")

    @api.depends("move_raw_ids.backflush_deferred", "move_raw_ids.state")
    def _compute_backflush_debt_count(self):
        for order in self:
            debts = order.move_raw_ids._filter_backflush_debts()
            order.backflush_debt_count = len(debts)

    def _set_backflush_state(self):
        """Set the state of orders that Odoo would misjudge.

        :return: these orders
        """
        going_on = self._filter_backflush_going_on()
        for order in going_on:
            order.state = "progress"
        over = (self - going_on)._filter_backflush_over()
        for order in over:
            order.state = "done"
        return going_on | over

    def _filter_backflush_over(self):
        """The orders of which nothing is left but what they owe."""
        return self.filtered(
            lambda order: (
                order.backflush
                and order.state in ("confirmed", "progress", "to_close")
                and order.move_raw_ids._filter_backflush_debts()
                and "done" in order.move_finished_ids.mapped("state")
                and all(
                    move.state in ("done", "cancel")
                    for move in order.move_finished_ids | order.move_raw_ids
                    if not move.backflush_deferred
                )
            )
        )

    def action_view_backflush_debts(self):
        """Open what these orders owe."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_exception_action"
        )
        action["domain"] = [("production_id", "in", self.ids)]
        action["context"] = {}
        return action
