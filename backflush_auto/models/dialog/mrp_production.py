from odoo import Command, models
from odoo.exceptions import UserError


class MrpProduction(models.Model):
    """The dialog in which a person reports production."""

    _inherit = "mrp.production"

    def action_backflush_report(self):
        """Open the dialog "Report Production" for these orders.

        :raises UserError: where some of them cannot be reported on there
        """
        self._check_backflush_dialog()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_report_action"
        )
        action["context"] = {
            "default_production_ids": [Command.set(self.ids)],
            "dialog_size": "extra-large",
        }
        return action

    def _check_backflush_dialog(self):
        messages = self._get_backflush_dialog_problems()
        if messages:
            raise UserError("\n".join(messages))

    def _get_backflush_dialog_problems(self):
        """What keeps these orders from being reported on in one dialog.

        :return: list of messages that name the orders
        """
        if not self:
            return [self.env._("Choose the orders to report on.")]
        over, stock, serial = self._split_backflush_dialog()
        problems = [
            (
                over,
                self.env._(
                    "These orders are done or cancelled, and nothing can be reported "
                    "on them: %(orders)s.",
                    orders=", ".join(over.mapped("name")),
                ),
            ),
            (
                stock,
                self.env._(
                    "These orders are not backflushed. Turn on Backflush on the order, "
                    "or produce them with Odoo's own buttons: %(orders)s.",
                    orders=", ".join(stock.mapped("name")),
                ),
            ),
            (
                serial and len(self) > 1,
                self.env._(
                    "The products of these orders have serial numbers. Report them one "
                    "by one: %(orders)s.",
                    orders=", ".join(serial.mapped("name")),
                ),
            ),
            (
                len(self.company_id) > 1,
                self.env._(
                    "These orders belong to several companies. Report those of each "
                    "company by themselves: %(companies)s.",
                    companies=", ".join(self.company_id.mapped("name")),
                ),
            ),
        ]
        return [message for applies, message in problems if applies]

    def _split_backflush_dialog(self):
        """The orders that are over, not backflushed, or of serial-numbered goods."""
        over = self.filtered(lambda order: order.state in ("done", "cancel"))
        stock = (self - over).filtered(lambda order: not order.backflush)
        serial = (self - over - stock).filtered(
            lambda order: order.product_tracking == "serial"
        )
        return over, stock, serial

    def _get_backflush_dialog_quantity(self):
        """What the dialog proposes: what a person has entered on the order, else the
        rest.
        """
        self.ensure_one()
        return self._get_backflush_reported(default_all=True)[self]
