import logging

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.backflush_auto.context import get_private, with_private

_logger = logging.getLogger(__name__)


class ResCompany(models.Model):
    _inherit = "res.company"

    backflush_close_gate = fields.Selection(
        [
            ("warn", "Say what is deferred"),
            ("refuse", "Refuse while something is deferred"),
        ],
        string="Closing With Deferred Consumption",
        default="warn",
        required=True,
        help="What closing the stock valuation of a period does while components were "
        "consumed in it that stock has not had yet.",
    )

    def action_close_stock_valuation(self, at_date=None, *args, **kwargs):
        debts = self._find_backflush_open_debts(at_date)
        if debts and self.backflush_close_gate == "refuse":
            if get_private(self.env, "closes_by_itself"):
                return self._put_off_backflush_closing(debts)
            raise UserError(self._describe_backflush_open_debts(debts))
        action = super().action_close_stock_valuation(at_date, *args, **kwargs)
        if debts:
            entry = self.env["account.move"].browse(action["res_id"])
            entry.message_post(body=self._describe_backflush_open_debts(debts))
        return action

    def _cron_post_stock_valuation(self, *args, **kwargs):
        # Nobody reads an error there, and the other companies would not be closed.
        self = with_private(self, closes_by_itself=True)
        return super()._cron_post_stock_valuation(*args, **kwargs)

    def _put_off_backflush_closing(self, debts):
        """Leave the period open: who is responsible for the products is told."""
        _logger.warning(
            "The stock valuation of %s is not closed. %s",
            self.display_name,
            self._describe_backflush_open_debts(debts),
        )
        debts._plan_activities()
        return False

    def _find_backflush_open_debts(self, at_date):
        """What was consumed until a day, and stock has not had yet.

        :param at_date: date, or text of one; all until now where it is not given
        """
        domain = [("company_id", "in", self.ids), ("state", "=", "waiting")]
        if at_date:
            day = fields.Date.add(fields.Date.to_date(at_date), days=1)
            domain.append(("date", "<", fields.Datetime.to_datetime(day)))
        return self.env["mrp.backflush.exception"].sudo().search(domain)

    def _describe_backflush_open_debts(self, debts):
        return self.env._(
            "%(number)s components worth %(value)s were consumed, and stock has not "
            "had them yet: %(products)s. See Manufacturing ‣ Operations ‣ Deferred "
            "Consumption.",
            number=len(debts),
            value=formatLang(
                self.env, sum(debts.mapped("value")), currency_obj=self.currency_id
            ),
            products=", ".join(debts.product_id[:10].mapped("display_name")),
        )

    def _get_location_valuation_vals(self, at_date=None, *args, **kwargs):
        vals_list = super()._get_location_valuation_vals(at_date, *args, **kwargs)
        return vals_list + self._get_backflush_expense_vals(at_date)

    def _get_backflush_expense_vals(self, at_date):
        """Journal items of what failed units cost, where books are periodic.

        :param at_date: of the closing; all that has moved where it is empty
        """
        domain = [
            ("company_id", "=", self.id),
            *self.env["stock.move"]._get_backflush_failed_domain(),
            ("product_id.valuation", "=", "periodic"),
            ("value", "!=", 0),
        ]
        closed = self._get_last_closing_date()
        if closed:
            domain.append(("date", ">", closed))
        if at_date:
            domain.append(("date", "<=", fields.Datetime.to_datetime(at_date)))
        vals_list = []
        for move in self.env["stock.move"].sudo().search(domain):
            returned = move.origin_returned_move_id
            debit, credit = (returned or move)._get_backflush_expense_accounts()
            if debit and credit:
                value = -move.value if returned else move.value
                vals_list += self._prepare_inventory_aml_vals(
                    debit, credit, value, move.reference, move.product_id.id
                )
        return vals_list
