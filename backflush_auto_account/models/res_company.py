from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _get_location_valuation_vals(self, at_date=None, *args, **kwargs):
        vals_list = super()._get_location_valuation_vals(at_date, *args, **kwargs)
        return vals_list + self._get_backflush_expense_vals(at_date)

    def _get_backflush_expense_vals(self, at_date):
        """Journal items of what failed units cost, where books are periodic.

        :param at_date: of the closing; all that has moved where it is empty
        """
        domain = [
            ("company_id", "=", self.id),
            "|",
            ("scrap_id.backflush_qty", "!=", 0),
            ("origin_returned_move_id.scrap_id.backflush_qty", "!=", 0),
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
