from odoo import fields, models

from ..context import as_called
from ..errors import check_one
from ..finite import FiniteFloat
from ..texts import format_whole


class MrpBackflushFinish(models.TransientModel):
    """A work order is finished before all of it is done: what becomes of the rest."""

    _name = "mrp.backflush.finish"
    _description = "Finish a Work Order in Part"

    workorder_id = fields.Many2one(
        "mrp.workorder", "Work Order", required=True, readonly=True
    )
    quantity = FiniteFloat(
        "Done",
        digits="Product Unit",
        readonly=True,
        help="What is done at the work order by now, in the order's unit.",
    )
    rest = FiniteFloat(
        "Not Done",
        digits="Product Unit",
        readonly=True,
        help="What can still be done at the work order, in the order's unit.",
    )
    question = fields.Char(compute="_compute_question")

    def _compute_question(self):
        for dialog in self:
            dialog.question = self.env._(
                "%(quantity)s of %(total)s %(unit)s are done at %(workorder)s.",
                quantity=format_whole(self.env, dialog.quantity),
                total=format_whole(self.env, dialog.quantity + dialog.rest),
                unit=dialog.workorder_id.product_uom_id.name,
                workorder=dialog.workorder_id.name,
            )

    def action_keep_open(self):
        """Post what is done; the work order stays open for the rest.

        :return: action that says what was posted and closes the dialog
        :raises UserError: where it is refused; nothing is posted then
        """
        check_one(self)
        self = as_called(self)
        workorder = self.workorder_id
        order, done = workorder.production_id, self.quantity - workorder.qty_produced
        postings = self.env["mrp.backflush"]
        if workorder.product_uom_id.compare(done, 0.0) > 0:
            reporting = order._make_backflush_reporting(
                "mrp.backflush.finish.action_keep_open"
            )
            [result] = reporting.post_together(
                [
                    {
                        "production_id": order.id,
                        "workorder_id": workorder.id,
                        "quantity": done,
                    }
                ]
            )
            postings = postings.browse(result["id"])
        workorder.button_pending()
        if not postings:
            return {"type": "ir.actions.act_window_close"}
        return postings._prepare_backflush_notice()

    def action_finish(self):
        """Finish the work order for what is done; nobody can report there any more.

        :return: action that says what was posted and closes the dialog
        """
        check_one(self)
        return self.workorder_id.button_finish()
