from collections import defaultdict

from odoo import models

from ...context import get_private
from ...errors import refuse


class MrpProduction(models.Model):
    """Cancelling: what left stock early is not lost in silence.

    The private key ``stranded`` says that a person has decided what becomes of it.
    """

    _inherit = "mrp.production"

    def _compute_backflush_asks_cancel(self):
        for order in self:
            order.backflush_asks_cancel = bool(order._get_backflush_stranded())

    def _get_backflush_stranded(self):
        """What left early and is for nothing once these orders are cancelled.

        It may have left on the order that one of these was split from.

        :return: ``{mrp.backflush: what of its quantity is still needed}``, in the
            order's unit
        """
        stranded, seen = {}, self.browse()
        for order in self.filtered(
            lambda order: order.backflush and order.state not in ("done", "cancel")
        ):
            if order in seen:
                continue
            family = order._get_backflush_family()
            seen |= family
            needed = sum(other._get_backflush_need(self) for other in family)
            for postings in family._group_backflush_interim().values():
                surplus = sum(posting.quantity_left for posting in postings) - needed
                # Of these orders first, and the last one first.
                for posting in postings.sorted(
                    lambda posting: (posting.production_id not in self, -posting.id)
                ):
                    unit = posting.product_uom_id
                    gone = unit.round(min(surplus, posting.quantity_left))
                    if unit.compare(gone, 0.0) > 0:
                        stranded[posting] = unit.round(posting.quantity_left - gone)
                        surplus -= gone
        return stranded

    def _get_backflush_need(self, cancelled):
        """What this order makes in the end, in its unit.

        :param cancelled: the orders that are about to be cancelled
        """
        self.ensure_one()
        if self in cancelled or self.state in ("done", "cancel"):
            return self.qty_produced
        return max(self.product_qty, self.qty_produced)

    def _group_backflush_interim(self):
        """The early postings of these orders that are not taken back.

        :return: ``{(trigger, step of the work): mrp.backflush}``
        """
        groups = defaultdict(self.env["mrp.backflush"].browse)
        for posting in self.sudo().backflush_ids.with_env(self.env):
            if posting.trigger in ("start", "operation") and posting.quantity_left:
                step = posting.workorder_id._get_backflush_step()
                groups[posting.trigger, step] |= posting
        return groups

    def _check_backflush_stranded(self):
        """Refuse to cancel orders for which components left early.

        :raises UserError: that names the postings
        """
        if get_private(self.env, "stranded") or not any(self.mapped("backflush")):
            return
        stranded = self._get_backflush_stranded()
        if stranded:
            names = [
                self.env._(
                    "%(posting)s of %(order)s",
                    posting=posting.name,
                    order=posting.production_id.name,
                )
                for posting in stranded
            ]
            raise refuse(
                self.env._(
                    "%(orders)s cannot be cancelled: components have left stock for "
                    "them, and would be lost. Correct these postings first, or cancel "
                    "on the form of the order, which asks what becomes of them: "
                    "%(postings)s.",
                    orders=", ".join(self.mapped("name")),
                    postings=", ".join(names),
                ),
                "state",
                postings=[posting.id for posting in stranded],
            )

    def _ask_backflush_cancel(self):
        """Ask what becomes of the components that left stock early.

        :return: the action that opens the dialog
        """
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_cancel_action"
        )
        dialog = self.env["mrp.backflush.cancel"].create(
            {"production_ids": [(6, 0, self.ids)]}
        )
        return {**action, "res_id": dialog.id}
