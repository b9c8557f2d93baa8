from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.backflush_auto.context import get_private, with_private
from odoo.addons.backflush_auto.finite import FiniteCost
from odoo.addons.backflush_auto.posting.deferral import Held
from odoo.addons.stock_account.models.stock_move import VALUATION_DICT


class StockMove(models.Model):
    _inherit = "stock.move"

    backflush_covered_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of what was issued on the order that this one was split from, and "
        "is not taken again. Negative on that order, which has handed it over.",
    )

    backflush_deferred_cost = FiniteCost(
        readonly=True,
        copy=False,
        groups="mrp.group_mrp_manager",
        help="Cost of one unit of the product on the day when this component was "
        "consumed, though stock did not have it yet: the finished goods bear it.",
    )

    backflush_expensed = fields.Json(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="What the failed units that were scrapped by this move cost, where the "
        "good ones do not bear it: by the id of the move of each component, and what "
        "else was left in production.",
    )

    def _compute_reference(self):
        res = super()._compute_reference()
        # Journal items are named after it, those of a correction as well.
        for move in self.filtered(lambda m: not m.reference and m.backflush_id):
            move.reference = move.sudo().backflush_id.name
        return res

    def copy_data(self, default=None):
        # Odoo copies the value of what has moved to what is yet to move.
        vals_list = super().copy_data(default)
        for move, vals in zip(self, vals_list, strict=True):
            if "value" not in (default or {}) and move._filter_backflush_all():
                vals["value"] = 0.0
        return vals_list

    @api.model
    def _get_backflush_recorded_fields(self):
        return super()._get_backflush_recorded_fields() | {
            *("backflush_covered_cost", "backflush_deferred_cost"),
            "backflush_expensed",
        }

    def _prepare_backflush_debt_vals(self, *args, **kwargs):
        vals = super()._prepare_backflush_debt_vals(*args, **kwargs)
        debt = self.sudo()
        product = debt.product_id.with_company(debt.company_id)
        is_part = debt.backflush_deferred
        vals["backflush_deferred_cost"] = (
            debt.backflush_deferred_cost if is_part else product.standard_price
        )
        return vals

    def _open_backflush_deferred(self, vals_list):
        # Whoever reports production may not see costs.
        name = "backflush_deferred_cost"
        costs = [vals[name] for vals in vals_list]
        hidden = [{k: v for k, v in vals.items() if k != name} for vals in vals_list]
        moves = super()._open_backflush_deferred(hidden)
        by_cost = defaultdict(moves.browse)
        for move, cost in zip(moves, costs, strict=True):
            by_cost[cost] |= move
        for cost, group in by_cost.items():
            with_private(group.sudo(), record=True)[name] = cost
        return moves

    def _get_backflush_owed_cost(self):
        return self._get_backflush_borne_cost()

    def _get_backflush_borne_cost(self):
        """What finished goods bear for these components, in the company's currency.

        What was consumed before stock had it costs what it did that day, whatever it
        costs when it is taken.
        """
        cost = 0.0
        for move in self.sudo():
            if not move.backflush_deferred:
                cost += move.value
            elif move.state != "cancel":
                cost += move.product_qty * move.backflush_deferred_cost
        return cost

    def _get_backflush_undeferred_cost(self):
        """What finished goods had borne for what a correction says is not owed."""
        cost = 0.0
        for move in self.sudo().filtered("backflush_undeferred_qty"):
            quantity = move._get_backflush_product_qty(move.backflush_undeferred_qty)
            cost += quantity * move.origin_returned_move_id.backflush_deferred_cost
        return cost

    def _set_value(self, *args, **kwargs):
        # Receipts are counted once for all components: stock Odoo counts them again
        # for every move, 9 times the time with 400 open receipts.
        moves = self
        if len(self) > 1 and self == self._filter_backflush():
            moves = with_private(self, receipts={})
            moves.product_id.filtered(
                lambda product: product.cost_method == "fifo"
            )._read_backflush_receipts()
        elif len(self) > 1 and any(move._is_backflush_return() for move in self):
            values = self.env["product.value"].sudo()
            adjusted = values.search([("move_id", "in", self.ids)]).move_id
            moves = with_private(self, adjusted=adjusted._ids)
        return super(StockMove, moves)._set_value(*args, **kwargs)

    def _action_done(self, *args, **kwargs):
        # What has come is worth something before debts take it.
        if get_private(self.env, "holds_debts"):
            return super()._action_done(*args, **kwargs)
        held = Held()
        moves = with_private(self, holds_debts=held)
        moves = super(StockMove, moves)._action_done(*args, **kwargs)
        moves = moves.with_env(self.env)
        moves._follow_backflush_stock(held)
        return moves

    def _get_manual_value(self, *args, **kwargs):
        # Stock Odoo searches it for each component that comes back.
        adjusted = get_private(self.env, "adjusted")
        if adjusted is None or self.id in adjusted:
            return super()._get_manual_value(*args, **kwargs)
        return dict(VALUATION_DICT)

    def _filter_backflush_issued(self):
        """What left for backflushed orders before their production was reported.

        What left for units that failed, in a posting of nothing good, is borne by the
        good units that follow.
        """
        return self.filtered(
            lambda move: (
                (move.state == "done" or move.backflush_id and move.backflush_deferred)
                and not (
                    move.backflush_id.trigger == "completion"
                    and move.backflush_id.produced_qty
                )
            )
        )._filter_backflush()

    def _get_backflush_expense_accounts(self):
        """Where the cost of what failed goes, and where it comes from.

        :return: ``(debit, credit)``; empty where production has no account
        """
        scrap = self.location_dest_id.valuation_account_id
        expense = self.product_id._get_product_accounts()["expense"]
        return scrap or expense, self.location_id.valuation_account_id

    def _group_backflush_issued(self, leaving=None):
        """What each component issued before completion, prior orders included.

        :param leaving: those that leave only now
        :return: ``{first move of the component: its moves issued before completion}``
        """
        issued = (self - (leaving or self.browse()))._filter_backflush_issued()
        covered = self.filtered("backflush_covered_cost")
        origins = (issued + covered).mapped(lambda move: move._get_backflush_origin())
        return {
            origin: issued.filtered(lambda m, o=origin: m._get_backflush_origin() == o)
            for origin in origins
        }

    def _get_backflush_issued_cost(self, issued, share):
        """The cost that this component issued before completion, for what is produced.

        :param issued: its moves that left before production was reported
        :param share: of the order that is produced, 1 where it closes
        """
        expensed = self.raw_material_production_id._get_backflush_expensed()
        cost = self.backflush_covered_cost + sum(
            move._get_backflush_issued_value() - expensed.get(str(move.id), 0.0)
            for move in issued
        )
        if share == 1:
            return cost
        return cost * min(1.0, share / self._get_backflush_issued_share(issued))

    def _get_backflush_value_left(self):
        """The value of what this move consumed and no correction brought back."""
        if not (self.quantity and self.sudo().returned_move_ids):
            return self.value
        return self.value * self._get_backflush_left_consumed() / self.quantity

    def _get_backflush_issued_value(self):
        """What finished goods bear for this move, what came back left out."""
        self.ensure_one()
        if not self.backflush_deferred:
            return self._get_backflush_value_left()
        left = self._get_backflush_product_qty(self._get_backflush_left_consumed())
        return left * self.sudo().backflush_deferred_cost

    def _get_backflush_issued_share(self, issued):
        """The part of its order that this component was issued for, 0 to 1."""
        rule = self._get_backflush_rule()
        units = 1.0 if rule.per_order else self._get_backflush_planned_units()
        need = rule.ratio * units * (1 + rule.scrap / 100)
        left = self._get_backflush_issued_qty(issued)
        return min(1.0, left / need) if left and need and not rule.per_order else 1.0

    def _get_backflush_part_of(self, due):
        """For which part of what a component is due for these moves of it leave.

        :param due: in the unit of the order
        :return: 0 to 1
        """
        rule = self[:1]._get_backflush_rule() if self else None
        if not rule or rule.per_order:
            return float(bool(self))
        order = self.raw_material_production_id
        need = rule.ratio * order._get_backflush_units(due) * (1 + rule.scrap / 100)
        left = sum(move.quantity + move.backflush_deferred_qty for move in self)
        return min(1.0, left / need) if need else 1.0

    def _get_backflush_issued_qty(self, issued):
        """What this component issued before completion, in its unit."""
        unit = self.product_uom
        return self.backflush_prior_covered_qty + sum(
            move._get_backflush_covering_qty(unit) for move in issued
        )

    def _hand_over_backflush_cost(self, successor, left):
        """Give the cost of what was issued ahead to the order whose need it covers.

        :param successor: the component on an order split from this component's, which
            covers it with what the orders before it have left
        :param left: what it leaves for the orders after it, in the same unit
        """
        origin = with_private(self.sudo(), record=True)
        successor = with_private(successor.sudo(), record=True)
        moves = origin.raw_material_production_id.move_raw_ids
        issued = moves._group_backflush_issued().get(origin, moves.browse())
        covered = successor.backflush_prior_covered_qty
        surplus = origin._get_backflush_surplus(origin._get_backflush_rule())
        held = origin._get_backflush_issued_qty(issued) - surplus + covered
        if held > 0:
            cost = origin._get_backflush_issued_cost(issued, 1.0)
            cost *= min(1.0, (covered - left) / held)
            origin.backflush_covered_cost -= cost
            successor.backflush_covered_cost += cost
