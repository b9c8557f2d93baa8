from odoo import Command, fields, models

from odoo.addons.backflush_auto.context import with_private


class StockScrap(models.Model):
    """What failed units cost goes from production to the scrap location."""

    _inherit = "stock.scrap"

    def _expense_backflush(self, cost):
        """Record what these units cost, and book it.

        :param cost: ``{id of the move of a component: cost}``
        """
        if not self:
            return
        scrap = with_private(self.sudo(), record=True)
        currency = scrap.company_id.currency_id
        before = sum((scrap.backflush_expensed or {}).values())
        expensed = dict(scrap.backflush_expensed or {})
        for key, value in cost.items():
            expensed[key] = expensed.get(key, 0.0) + value
        scrap.backflush_expensed = {k: v for k, v in expensed.items() if v} or False
        # Each record is rounded once, whatever it is made of.
        after = currency.round(sum(expensed.values()))
        amount = currency.round(after - currency.round(before))
        move = scrap.move_ids
        move.value = after
        if not currency.is_zero(amount):
            scrap._book_backflush_expense(move, amount)

    def _book_backflush_expense(self, move, amount):
        """Book a cost from production to scrap, where books are perpetual.

        :param move: ``stock.move`` to the scrap location
        :param amount: in the currency of the company; negative where it comes back
        """
        company = self.company_id
        debit, credit = move._get_backflush_expense_accounts()
        if move.product_id.valuation != "real_time" or not (debit and credit):
            return
        lines = company._prepare_inventory_aml_vals(
            debit, credit, amount, f"{self.name} - {move.product_id.name}"
        )
        entry = self.env["account.move"].create(
            {
                "journal_id": company.account_stock_journal_id.id,
                "date": fields.Date.context_today(self),
                "line_ids": [
                    Command.create({**line, "product_id": move.product_id.id})
                    for line in lines
                ],
            }
        )
        entry._post()
