from odoo import api, models
from odoo.exceptions import AccessError, ConcurrencyError

from ...context import as_called
from ...errors import refuse
from ..api.mrp_production import checked_call


class MrpBackflushException(models.Model):
    """What people do about debts that are not paid by themselves."""

    _inherit = "mrp.backflush.exception"

    @checked_call
    def backflush_cancel(self, reason: str, issued: bool = False) -> bool:
        """Close these debts: nothing will be taken from stock for them.

        :param reason: why, for those who read the record
        :param issued: the material was taken by another document; else it was not
            consumed after all
        :return: true
        :raises UserError: where a debt is settled already, or the reason is missing
        """
        if not isinstance(reason, str) or not reason.strip():
            raise refuse(
                self.env._("reason: say why nothing is taken from stock."),
                field="reason",
            )
        if not isinstance(issued, bool | int):
            raise refuse(self.env._("issued: true or false."), field="issued")
        self._check_backflush_decidable()
        self.sudo()._close(reason.strip(), bool(issued))
        return True

    def _check_backflush_decidable(self):
        """Refuse what is settled, and people who do not work in production.

        :raises UserError: that names the debts
        """
        if not self.env.user.has_group("mrp.group_mrp_user"):
            raise AccessError(
                self.env._("Deferred consumption is settled by manufacturing users.")
            )
        self.check_access("read")
        over = self.filtered(lambda debt: debt.state != "waiting")
        if over:
            raise refuse(
                self.env._(
                    "Nothing is owed any more: %(debts)s.",
                    debts=", ".join(debt._describe() for debt in over),
                ),
                "state",
            )

    def _describe(self):
        return f"{self.production_id.name}: {self.product_id.display_name}"

    def _close(self, reason, issued):
        """Owe nothing any more, and say why."""
        if self._lock_waiting() != self:
            raise ConcurrencyError(self.env._("Settled at the same moment."))
        for debt in self:
            quantity, unit = debt.quantity, debt.product_uom_id
            debt.move_id._close_backflush_debt(issued)
            debt.production_id.message_post(
                body=self.env._(
                    "%(quantity)s %(unit)s of %(product)s are not taken from stock "
                    "any more: %(reason)s",
                    quantity=debt._format_quantity(quantity),
                    unit=unit.name,
                    product=debt.product_id.display_name,
                    reason=reason,
                ),
                subtype_xmlid="mail.mt_note",
                author_id=self.env.user.partner_id.id,
            )
        self.write({"cancel_reason": reason, "issued": issued})
        self._finish_activities()

    def _take_from(self, location, lots):
        """Pay these debts from another place, or with certain lots.

        :param location: ``stock.location``; may be empty
        :param lots: ``stock.lot``; may be empty: by the removal strategy
        :raises UserError: where nothing is free there
        """
        self._check_backflush_decidable()
        source = {"location": location.sudo(), "lots": lots.sudo()}
        before = sum(self.mapped("product_qty"))
        debts = self.sudo()
        if not debts._try_settle(**source):
            raise ConcurrencyError(self.env._("Settled at the same moment."))
        if sum(self.mapped("product_qty")) == before:
            raise refuse(
                self.env._(
                    "Nothing could be taken: %(reasons)s",
                    reasons=", ".join(
                        debt.last_error or debt.suggestion or "" for debt in self
                    ),
                ),
                "shortage",
            )

    # --- Buttons ---

    def action_backflush_settle(self):
        """Take what stock has of these debts, now.

        :return: a notification of what is left
        """
        self = as_called(self)
        waiting = self.filtered(lambda debt: debt.state == "waiting")
        waiting._check_backflush_decidable()
        waiting.sudo()._try_settle()
        left = waiting.filtered(lambda debt: debt.state == "waiting")
        message = self.env._(
            "%(settled)s of %(all)s settled.",
            settled=len(waiting) - len(left),
            all=len(waiting),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if left else "success",
                "message": " ".join([message, *left[:3].mapped("suggestion")]),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_backflush_take_from(self):
        """Ask from where these debts are paid.

        :return: the action that opens the dialog
        """
        return self._open_dialog("take")

    def action_backflush_not_consumed(self):
        """Ask why nothing was consumed.

        :return: the action that opens the dialog
        """
        return self._open_dialog("not_consumed")

    def action_backflush_issued(self):
        """Ask how it was issued otherwise.

        :return: the action that opens the dialog
        """
        return self._open_dialog("issued")

    @api.model
    def _get_dialog_names(self):
        return {
            "take": self.env._("Take From…"),
            "not_consumed": self.env._("Not Consumed After All"),
            "issued": self.env._("Issued Otherwise"),
        }

    def _open_dialog(self, decision):
        self._check_backflush_decidable()
        dialog = self.env["mrp.backflush.settlement"].create(
            {"exception_ids": [(6, 0, self.ids)], "decision": decision}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_settlement_action"
        )
        name = self._get_dialog_names()[decision]
        return {**action, "res_id": dialog.id, "name": name}
