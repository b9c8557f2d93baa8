from odoo import api, fields, models


class MrpBackflush(models.Model):
    """What a posting moved, in money."""

    _inherit = "mrp.backflush"

    currency_id = fields.Many2one(related="company_id.currency_id")
    components_value = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="mrp.group_mrp_manager",
        help="The value with which components left stock; negative what came back. "
        "What was deferred counts with its cost on the day it was consumed.",
    )
    finished_value = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="mrp.group_mrp_manager",
        help="The value with which finished goods came into stock; negative where a "
        "correction took them away, at what they are worth that day.",
    )
    settlement_difference = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="mrp.group_mrp_manager",
        help="What components that were deferred cost more on the day they were taken "
        "from stock than on the day they were consumed. It stays in production.",
    )
    value_difference = fields.Monetary(
        compute="_compute_values",
        compute_sudo=True,
        groups="mrp.group_mrp_manager",
        help="Finished goods minus components. What a correction leaves here stays in "
        "production: work, and the change of prices since the report.",
    )

    @api.depends(
        "move_ids.value",
        "move_ids.state",
        "move_ids.product_uom_qty",
        "move_ids.backflush_undeferred_qty",
        "correction_ids.move_ids.backflush_undeferred_qty",
        "finished_move_ids.value",
        "trigger",
    )
    def _compute_values(self):
        for posting in self:
            sign = -1 if posting.trigger == "reversal" else 1
            components = posting.move_ids._get_backflush_borne_cost()
            # What is not owed after all was borne by goods that were taken back.
            taken_back = posting.move_ids | posting.correction_ids.move_ids
            components += taken_back._get_backflush_undeferred_cost()
            settled = posting.move_ids.filtered(
                lambda move: move.backflush_deferred and move.state == "done"
            )
            posting.settlement_difference = (
                sum(settled.mapped("value")) - settled._get_backflush_borne_cost()
            )
            finished = sum(posting.finished_move_ids.mapped("value"))
            posting.components_value = sign * components
            posting.finished_value = sign * finished
            posting.value_difference = sign * (finished - components)

    def _get_backflush_correction_problems(self, reason):
        problems = super()._get_backflush_correction_problems(reason)
        company = self.company_id.sudo()
        posted_on = fields.Date.context_today(self, self.date)
        locks = company._get_lock_date_violations(
            posted_on, fiscalyear=True, sale=False, purchase=False, tax=False, hard=True
        )
        if not locks:
            return problems
        is_manager = self.env.user.has_group("mrp.group_mrp_manager")
        if is_manager and (reason or "").strip():
            # It is posted today, and says why.
            return problems
        return [
            *problems,
            self.env._(
                "The books of %(date)s are closed, until %(lock)s. A manufacturing "
                "manager can correct it all the same, with a reason: it is then posted "
                "today.",
                date=posted_on,
                lock=max(date for date, _field in locks),
            ),
        ]
