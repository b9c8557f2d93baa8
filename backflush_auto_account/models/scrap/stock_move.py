from odoo import Command, fields, models

from odoo.addons.backflush_auto.context import with_private


class StockMove(models.Model):
    """What failed units cost goes from production to the scrap location."""

    _inherit = "stock.move"

    def _expense_backflush(self, cost):
        """Record what the failed units of this move cost, and book it.

        :param cost: ``{id of the move of a component: cost}``
        """
        if not self:
            return
        move = with_private(self.sudo(), record=True)
        currency = move.company_id.currency_id
        before = sum((move.backflush_expensed or {}).values())
        expensed = dict(move.backflush_expensed or {})
        for key, value in cost.items():
            expensed[key] = expensed.get(key, 0.0) + value
        move.backflush_expensed = {k: v for k, v in expensed.items() if v} or False
        # Each record is rounded once, whatever it is made of.
        after = currency.round(sum(expensed.values()))
        amount = currency.round(after - currency.round(before))
        move.value = after
        if not currency.is_zero(amount):
            move._book_backflush_expense(amount)

    def _book_backflush_expense(self, amount):
        """Book a cost from production to scrap, where books are perpetual.

        :param amount: in the currency of the company; negative where it comes back
        """
        company, product = self.company_id, self.product_id
        debit, credit = self._get_backflush_expense_accounts()
        if product.valuation != "real_time" or not (debit and credit):
            return
        lines = company._prepare_inventory_aml_vals(
            debit,
            credit,
            amount,
            f"{self._get_backflush_scrap_name()} - {product.name}",
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": company.account_stock_journal_id.id,
                "date": fields.Date.context_today(self),
                "line_ids": [
                    Command.create({**line, "product_id": product.id}) for line in lines
                ],
            }
        )
        entry._post()
