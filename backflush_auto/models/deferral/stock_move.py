from odoo import api, fields, models

from ...context import get_private, with_private
from ...engine.allocation import DEFER
from ...finite import FiniteFloat


class StockMove(models.Model):
    """What a component owes: consumed, though stock did not have it yet.

    A debt is a move of its own, confirmed, beside the move of what was taken: so the
    forecast and the replenishment see it. It counts as covered, nothing reserves for
    it, and stock that comes pays it.
    """

    _inherit = "stock.move"

    backflush_deferred = fields.Boolean(
        readonly=True,
        copy=False,
        help="What a posting consumed before stock had it: it leaves when stock comes.",
    )
    backflush_deferred_qty = FiniteFloat(
        "Deferred",
        digits="Product Unit",
        compute="_compute_backflush_deferred_qty",
        help="Consumed, but not yet taken: it leaves stock by itself when some comes.",
    )
    backflush_issued_qty = FiniteFloat(
        "Issued Otherwise",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Owed once, and taken from stock by another document.",
    )
    backflush_undeferred_qty = FiniteFloat(
        "Not Owed Any More",
        digits="Product Unit",
        readonly=True,
        copy=False,
        help="Of a correction: what had not been taken yet, and is not owed any more.",
    )
    backflush_exception_ids = fields.One2many(
        "mrp.backflush.exception", "move_id", readonly=True
    )

    @api.depends(
        "backflush_deferred", "backflush_undeferred_qty", "product_uom_qty", "state"
    )
    def _compute_backflush_deferred_qty(self):
        debts = self._filter_backflush_debts()
        for move in self - debts:
            move.backflush_deferred_qty = -move.backflush_undeferred_qty
        for move in debts:
            move.backflush_deferred_qty = move.product_uom_qty

    def _filter_backflush_debts(self):
        """The moves that are still owed."""
        return self.filtered(
            lambda move: (
                move.backflush_deferred and move.state not in ("done", "cancel")
            )
        )

    def _filter_backflush_dealt(self):
        """The moves of what has left, or is owed: nobody decides about it again."""
        return self.filtered(
            lambda move: move.state == "done" or move.backflush_deferred
        )

    def _filter_backflush_closable(self, vals):
        """Leave debts out where Odoo closes what an order did not consume.

        :param vals: about to be written
        """
        if vals.keys() == {"state", "product_uom_qty"} and vals["state"] == "done":
            return self - self._filter_backflush_debts()
        return self

    def _get_backflush_owed_now(self):
        """What the posting of this component owes of it, in the product's unit."""
        self.ensure_one()
        debts = self._get_backflush_parts()._filter_backflush_debts()
        debts = debts.filtered(lambda debt: debt.backflush_id == self.backflush_id)
        return sum(debts.mapped("product_qty"))

    def _get_backflush_owed_cost(self):
        """What finished goods bear for what is owed of these components."""
        return sum(
            move.product_qty
            * move.product_id.with_company(move.company_id).sudo().standard_price
            for move in self
        )

    def _get_backflush_deferred_unit(self):
        """The unit in which this component owes something without rounding it."""
        own, kept = self.product_uom, self.product_id.uom_id
        return own if self._has_backflush_common_unit(self.product_id, own) else kept

    def _prepare_backflush_debt_vals(self, quantity, expected):
        """Values of a move that owes, or pays, a part of this component.

        :param quantity: in the unit of :meth:`_get_backflush_deferred_unit`
        :param expected: of it, in the same unit
        """
        self.ensure_one()
        part = self._prepare_move_split_vals(quantity)
        default = {
            **part,
            "backflush_origin_id": self._get_backflush_origin().id,
            "product_uom": self._get_backflush_deferred_unit().id,
            "workorder_id": self.workorder_id.id,
            "procure_method": "make_to_stock",
            "move_orig_ids": False,
            "move_dest_ids": False,
            # Odoo splits what was planned with an order, and nothing that was added.
            "additional": True,
        }
        [vals] = self.copy_data(default)
        return {
            **vals,
            "backflush_deferred": True,
            "backflush_expected_qty": expected,
        }

    def _open_backflush_deferred(self, vals_list):
        """Create moves of debts, confirmed and picked by nobody.

        :param vals_list: see :meth:`_prepare_backflush_debt_vals`
        """
        moves = with_private(self.env["stock.move"], record=True, keep_ratio=True)
        moves = moves.with_context(no_procurement=True).create(vals_list)
        moves.filtered("picked").picked = False
        moves._action_confirm(merge=False, create_proc=False)
        return moves.with_env(self.env)

    def _prepare_backflush_settlement(self):
        """What this debt asks of the allocation, in the product's unit."""
        demand = self._prepare_backflush_demand(self.product_uom_qty)
        demand.policy = DEFER
        demand.choose_lots = self.has_tracking != "serial"
        return demand

    def _filter_backflush_behind_debts(self):
        """The moves that reserve what is being brought once debts are paid from it."""
        held = get_private(self.env, "holds_debts")
        chained = self.filtered("move_orig_ids") if held else self.browse()
        if not chained:
            return chained
        places = {(move.product_id, move.location_id) for move in chained}
        debts = self.env["mrp.backflush.exception"].sudo()._find_waiting(places, None)
        behind = chained.filtered(lambda move: move.product_id in debts.product_id)
        if behind:
            held.moves.append(behind)
        return behind

    def _follow_backflush_stock(self, held):
        """See what is negative, and let what these moves brought pay what is owed.

        :param held: :class:`.Held`, what waits for that
        """
        self._watch_backflush_negative()
        arrivals = {
            (line.product_id, line.location_dest_id)
            for line in self.move_line_ids
            if line.state == "done"
            and line.product_id.is_storable
            and not line.location_dest_id.should_bypass_reservation()
        }
        if arrivals:
            self.env["mrp.backflush.exception"].sudo()._settle_arrivals(arrivals)
        for moves in held.moves:
            with_private(moves, holds_debts=None)._action_assign()

    def _close_backflush_debt(self, issued):
        """Owe nothing any more; what was expected of it stays covered.

        :param issued: another document has taken it
        """
        self.ensure_one()
        debt = with_private(self.sudo(), record=True, keep_ratio=True)
        debt = debt.with_context(no_procurement=True)
        debt.write(
            {
                "backflush_issued_qty": issued and self.product_uom_qty,
                "state": "cancel",
                "product_uom_qty": 0.0,
            }
        )

    def _shrink_backflush_debt(self, quantity, expected):
        """Owe less: what was not consumed need not be taken.

        :param quantity: that is not owed any more, in the move's unit
        :param expected: of it, in the move's unit
        """
        self.ensure_one()
        debt = with_private(self.sudo(), record=True, keep_ratio=True)
        debt = debt.with_context(no_procurement=True)
        left = self.product_uom.round(self.product_uom_qty - quantity)
        debt.backflush_expected_qty = self.product_uom.round(
            self.backflush_expected_qty - expected
        )
        if self.product_uom.compare(left, 0.0) > 0:
            debt.product_uom_qty = left
        else:
            debt.write({"state": "cancel", "product_uom_qty": 0.0})
