from odoo import api, fields, models

from odoo.addons.backflush_auto.context import get_private, with_private
from odoo.addons.backflush_auto.finite import FiniteCost


class MrpProduction(models.Model):
    """Finished goods bear the cost of what was consumed before they were reported.

    Odoo values them with what leaves in the same posting. Material that was issued
    before, by hand or at an operation, belongs to them as well.
    """

    _inherit = "mrp.production"

    backflush_given_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of components consumed before production was reported, as far as "
        "postings of the order have given it to its finished goods.",
    )

    def write(self, vals):
        # Odoo names the analytic lines of a split order anew, which the accountant may
        # do, and not who reports production.
        if "name" not in vals or not self._is_backflush_split_hindered():
            return super().write(vals)
        self.check_access("write")
        name = {"name": vals["name"]}
        rest = {key: value for key, value in vals.items() if key not in name}
        super(MrpProduction, self.sudo()).write(name)
        return super().write(rest) if rest else True

    def copy_data(self, default=None):
        if not self._is_backflush_split_hindered():
            return super().copy_data(default)
        # Odoo copies the entries of work in progress to a backorder, see below.
        default = {**(default or {}), "wip_move_ids": False}
        vals_list = super().copy_data(default)
        for vals in vals_list:
            del vals["wip_move_ids"]
        return vals_list

    def _split_productions(self, *args, **kwargs):
        orders = super()._split_productions(*args, **kwargs)
        if self._is_backflush_accounting_hidden():
            entries = self.env["account.move"]
            for order in orders.sudo():
                if order in self:
                    entries = order.wip_move_ids
                elif order.backflush and entries:
                    order.wip_move_ids = entries
        return orders

    def _post_inventory(self, *args, **kwargs):
        res = super()._post_inventory(*args, **kwargs)
        failed = self.filtered(lambda order: order.backflush_scrapped_qty)
        failed._expense_backflush_left()
        return res

    def _is_backflush_split_hindered(self):
        """Whether a split under way meets accounting that its user may not write."""
        return (
            get_private(self.env, "split", False)
            and all(self.mapped("backflush"))
            and self._is_backflush_accounting_hidden()
        )

    @api.model
    def _is_backflush_accounting_hidden(self):
        return not all(
            self.env[name].has_access("write")
            for name in ("account.move", "account.analytic.line")
        )

    @api.model
    def _get_backflush_recorded_fields(self):
        return super()._get_backflush_recorded_fields() | {"backflush_given_cost"}

    def _cal_price(self, consumed_moves, *args, **kwargs):
        share = get_private(self.env, "cost_shares", {}).get(self.id)
        # What this posting owes is recorded with it, later.
        owed = self.move_raw_ids._filter_backflush_debts().filtered(
            lambda move: not move.backflush_id
        )
        cost = owed._get_backflush_borne_cost()
        if share:
            leaving = consumed_moves | owed
            expensed = self._expense_backflush_pending(leaving)
            # Each environment that is made here slows down the search for every other.
            order = with_private(
                self, expensed={self.id: expensed} if expensed else None
            )
            cost += order._give_backflush_issued_cost(share, leaving)
            cost -= sum(expensed.get(str(move.id), 0.0) for move in leaving)
        if cost:
            consumed_moves += self.env["stock.move"].new({"value": cost})
        return super()._cal_price(consumed_moves, *args, **kwargs)

    def _give_backflush_issued_cost(self, share, consumed_moves):
        """Take what this posting gives to the finished goods, and keep it in mind.

        :param share: of the order that is produced with this posting, 1 where it closes
        :param consumed_moves: the components that leave with this posting, and what it
            owes of them
        :return: cost in the currency of the company
        """
        order = with_private(self.sudo(), record=True)
        components = order.move_raw_ids._group_backflush_issued(consumed_moves)
        due = sum(
            origin._get_backflush_issued_cost(moves, share)
            for origin, moves in components.items()
        )
        cost = order.company_id.currency_id.round(due - order.backflush_given_cost)
        if share < 1:
            # Only the last posting corrects what earlier ones received in excess.
            cost = max(0.0, cost)
        order.backflush_given_cost += cost
        return cost

    def _join_backflush_copies(self, groups, surplus):
        res = super()._join_backflush_copies(groups, surplus)
        for origin, moves in groups.items():
            kept = moves.exists()
            if kept.backflush_prior_covered_qty:
                origin._hand_over_backflush_cost(kept, surplus[origin])
        return res

    def _take_back_backflush(self, correction, record):
        """Bring back what was given and booked for goods that were never made."""
        made = self.qty_produced
        was_done = self.state == "done"
        res = super()._take_back_backflush(correction, record)
        order = with_private(self.sudo(), record=True)
        if correction.is_of_product and made:
            order.backflush_given_cost *= self.qty_produced / made
        self._reverse_backflush_expense(correction)
        if was_done and self.state != "done":
            order._reverse_backflush_labour(record)
        return res

    def _reverse_backflush_labour(self, record):
        """Take labour back that Odoo books when an order is done: it will be again.

        :param record: ``mrp.backflush``, the correction
        """
        times = self.workorder_ids.time_ids
        entries = times.account_move_line_id.move_id
        if entries:
            today = fields.Date.context_today(self)
            values = {"date": today, "ref": record.name}
            entries._reverse_moves([dict(values) for _entry in entries])
            entries.reversal_move_ids.filtered(
                lambda entry: entry.state == "draft"
            )._post()
            times.account_move_line_id = False
