from odoo import models

from odoo.addons.backflush_auto.context import get_private
from odoo.addons.backflush_auto.engine.due import get_due


class MrpProduction(models.Model):
    """What failed units cost, where the good ones do not bear it.

    The private key ``expensed`` holds what the posting under way expenses.
    """

    _inherit = "mrp.production"

    def _record_backflush_scrap(self, posting):
        entries = self._get_backflush_scrapped()
        expenses = [
            self._get_backflush_expense(entry, posting.quantity, posting.move_ids)
            for entry in entries
        ]
        failed = {
            id(entry): cost for entry, cost in zip(entries, expenses, strict=True)
        }
        res = super()._record_backflush_scrap(posting)
        for move, cost in zip(
            posting._get_backflush_failed_moves(), failed.values(), strict=True
        ):
            move._expense_backflush(cost)
        return res

    def _close_backflush_scrapped(self):
        res = super()._close_backflush_scrapped()
        self._post_labour()
        self._expense_backflush_left()
        return res

    def _expense_backflush_left(self):
        """Expense what is left in production of orders that make nothing any more."""
        for order in self.sudo():
            postings = order.backflush_ids.filtered(lambda p: p.trigger == "completion")
            latest = postings.sorted("id")[-1:]
            failed = latest._get_backflush_failed_moves()
            if order.state == "done" and failed and not latest.quantity:
                left = order._get_backflush_cost_left()
                failed[-1:]._expense_backflush({"left": left})

    # --- How much ---

    def _expense_backflush_pending(self, consumed_moves):
        """What this posting expenses of components.

        :param consumed_moves: the components that leave with it
        :return: ``{id of the move of a component: cost}``
        """
        expensed = {}
        for entry in self._get_backflush_scrapped():
            good = self._get_backflush_entered()
            cost = self._get_backflush_expense(entry, good, consumed_moves)
            for key, value in cost.items():
                expensed[key] = expensed.get(key, 0.0) + value
        return expensed

    def _get_backflush_expense(self, entry, good, moves):
        """What units that failed cost, where they bear it themselves.

        Of each component that leaves with the posting they bear their share of it; of
        what left before, their share of the order.

        :param entry: :class:`.Scrapped`
        :param good: units that the posting reports, in the order's unit
        :param moves: the components that leave with it
        :return: ``{id of the move of a component: cost}``; of a product at standard
            price only ``{"standard": cost}``; empty where the good units bear it
        """
        self.ensure_one()
        order = self.sudo()
        if "expense" not in entry.tags.mapped("backflush_cost"):
            return {}
        failure = entry.failure
        if order.product_id.cost_method == "standard":
            price = order.product_id.with_company(order.company_id).standard_price
            units = order._get_backflush_units(failure.quantity)
            return {"standard": order.company_id.currency_id.round(units * price)}
        return {
            **order._get_backflush_leaving_expense(failure, good, moves.sudo()),
            **order._get_backflush_issued_expense(failure, good, moves.sudo()),
        }

    def _get_backflush_due_now(self, good, move):
        """The units that a component leaves for with a posting, in the order's unit."""
        failures = [entry.failure for entry in self._get_backflush_scrapped()]
        return get_due(good, failures, move.workorder_id.id)

    def _get_backflush_leaving_expense(self, failure, good, moves):
        """What units that failed cost of the components that leave with them."""
        expense = {}
        for move in moves._filter_backflush():
            due = self._get_backflush_due_now(good, move)
            if failure.has_reached(move.workorder_id.id) and due:
                cost = move._get_backflush_borne_cost()
                expense[str(move.id)] = cost * failure.quantity / due
        return expense

    def _get_backflush_issued_expense(self, failure, good, moves):
        """What units that failed cost of the components that left before them.

        :param moves: the components that leave with them
        """
        expense = {}
        issued = self.move_raw_ids._group_backflush_issued(moves)
        for origin, parts in issued.items():
            planned = self._get_backflush_planned_due(origin.workorder_id)
            if not (planned and failure.has_reached(origin.workorder_id.id)):
                continue
            due = self._get_backflush_due_now(good, origin)
            leaving = moves.filtered(
                lambda m, origin=origin: m._get_backflush_origin() == origin
            )
            share = failure.quantity * (1 - leaving._get_backflush_part_of(due))
            share /= planned * origin._get_backflush_issued_share(parts)
            for move in parts:
                cost = move._get_backflush_issued_value()
                expense[str(move.id)] = cost * min(1.0, share)
        return expense

    def _get_backflush_expensed(self):
        """What was expensed of the components, and is about to be.

        :return: ``{id of the move of a component: cost}``
        """
        expensed = dict(get_private(self.env, "expensed", {}).get(self.id, {}))
        if self.backflush_scrapped_qty:
            for move in self.sudo()._get_backflush_scraps()._get_backflush_moves():
                for key, value in (move.backflush_expensed or {}).items():
                    expensed[key] = expensed.get(key, 0.0) + value
        return expensed

    def _get_backflush_cost_left(self):
        """What is left in production of an order that makes nothing any more."""
        postings = self.backflush_ids
        moves = self.move_raw_ids | self.move_finished_ids
        moves |= postings.move_ids | postings.finished_move_ids
        labour = self.workorder_ids.time_ids.account_move_line_id
        left = -sum(labour.mapped("balance"))
        owed = moves.filtered("backflush_deferred")
        left += owed._get_backflush_borne_cost()
        for move in (moves - owed).filtered(lambda move: move.state == "done"):
            if not move._is_backflush_scrap():
                goes_in = move.location_dest_id.usage == "production"
                left += move.value if goes_in else -move.value
        return left - sum(self._get_backflush_expensed().values())

    def _reverse_backflush_expense(self, correction):
        """Bring the cost back of what was taken back.

        :param correction: :class:`.Correction`
        """
        for move in correction.scraps.sudo()._get_backflush_moves():
            back = move.returned_move_ids.filtered(lambda m: m.state == "done")[-1:]
            if move.value and back:
                back.value = move.value
                move._book_backflush_expense(-move.value)
