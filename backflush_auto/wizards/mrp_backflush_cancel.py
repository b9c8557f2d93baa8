from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..context import as_called, with_private
from ..errors import check_one
from ..reporting.correcting import Correcting


class MrpBackflushCancel(models.TransientModel):
    """Asks what becomes of components that left stock for what is cancelled."""

    _name = "mrp.backflush.cancel"
    _description = "Cancel a Started Order"

    production_ids = fields.Many2many("mrp.production", readonly=True)
    outcome = fields.Selection(
        [
            ("back", "They go back to where they were taken"),
            ("stay", "They were used all the same, and stay consumed"),
        ],
        "The Components",
        required=True,
        default="back",
    )
    reason = fields.Char(help="Why, for those who read the record.")
    summary = fields.Text(compute="_compute_summary")
    has_several = fields.Boolean(compute="_compute_summary")

    @api.depends("production_ids")
    def _compute_summary(self):
        for dialog in self:
            dialog.has_several = len(dialog.production_ids) > 1
            stranded = dialog.production_ids._get_backflush_stranded()
            dialog.summary = "\n".join(
                self.env._(
                    "%(posting)s of %(order)s: consumed for %(quantity)s %(unit)s of "
                    "%(product)s",
                    posting=posting.name,
                    order=posting.production_id.name,
                    quantity=formatLang(
                        self.env, posting.quantity_left - needed, dp="Product Unit"
                    ),
                    unit=posting.product_uom_id.name,
                    product=posting.product_id.display_name,
                )
                for posting, needed in stranded.items()
            )

    def action_cancel_orders(self):
        """Cancel the orders as it was decided.

        :raises UserError: where a reason is missing, or what left cannot go back
        """
        check_one(self)
        self = as_called(self)
        orders = self.production_ids
        if self.outcome == "back":
            self._bring_back(orders)
        else:
            self._leave_consumed(orders)
        with_private(orders, stranded=True).action_cancel()
        return {"type": "ir.actions.act_window_close"}

    def _bring_back(self, orders):
        correcting = Correcting(self.env, "mrp.backflush.cancel.action_cancel_orders")
        reason = self.reason or self.env._(
            "%(orders)s cancelled", orders=", ".join(orders.mapped("name"))
        )
        for posting, needed in orders._get_backflush_stranded().items():
            correcting.correct(posting, needed, reason)

    def _leave_consumed(self, orders):
        reason = (self.reason or "").strip()
        if not reason:
            raise UserError(
                self.env._("Say why the components stay consumed: enter a reason.")
            )
        started = self.env["mrp.production"].union(
            *(posting.production_id for posting in orders._get_backflush_stranded())
        )
        for order in orders.filtered(lambda o: o._get_backflush_family() & started):
            order.message_post(
                body=self.env._(
                    "Cancelled; what had left stock for it stays consumed. %(reason)s",
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
            )
