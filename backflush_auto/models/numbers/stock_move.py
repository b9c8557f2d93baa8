from odoo import api, models

from ...finite import FiniteFloat
from ..mrp_backflush_rule import QUANTITY_RULE


class StockMove(models.Model):
    """The numbers of a component that its order shows.

    Until it is posted they are those of what is about to be reported: the quantity that
    was entered since the last posting, or all that remains. They are the same while a
    person types, once that is saved, and in ``backflush_preview``.
    """

    _inherit = "stock.move"

    backflush_target_qty = FiniteFloat(
        "Target",
        digits="Product Unit",
        compute="_compute_backflush_numbers",
        help="What this component should have consumed in total once the quantity "
        "that is entered is reported; where none is entered, the whole order.",
    )
    backflush_covered_qty = FiniteFloat(
        "Covered",
        digits="Product Unit",
        compute="_compute_backflush_numbers",
        help="The part of the target that is dealt with: what earlier postings "
        "expected and what was issued by hand.",
    )
    backflush_due_qty = FiniteFloat(
        "Expected Now",
        digits="Product Unit",
        compute="_compute_backflush_numbers",
        help="Target minus covered: what a posting should consume. Of a component that "
        "is consumed, what its posting expected.",
    )
    backflush_taken_qty = FiniteFloat(
        "Posted",
        digits="Product Unit",
        compute="_compute_backflush_taken_qty",
        help="What earlier postings of this order have taken of this component, "
        "deferred quantities included and corrections left out.",
    )
    backflush_variance_qty = FiniteFloat(
        "Variance",
        digits="Product Unit",
        compute="_compute_backflush_variance_qty",
        help="Consumed and deferred, minus expected. Of what is entered and not posted "
        "yet, what it would be.",
    )
    backflush_entered_due_qty = FiniteFloat(
        "Expected When Entered",
        digits="Product Unit",
        copy=False,
        help="What was expected of this component when a person entered what it "
        "consumed. Where something else is expected now, that person is asked.",
    )

    @api.depends(
        "backflush_method",
        "backflush_ratio",
        "backflush_expected_qty",
        *QUANTITY_RULE,
        "product_uom",
        "quantity",
        "state",
        "raw_material_production_id.backflush",
        "raw_material_production_id.product_qty",
        "raw_material_production_id.qty_producing",
        "raw_material_production_id.qty_produced",
        "raw_material_production_id.backflush_scrapped_qty",
    )
    def _compute_backflush_numbers(self):
        # A component that a person is adding has no method until it is saved.
        waiting = self._filter_backflush_open().filtered(
            lambda move: move.backflush_method or not move._origin
        )
        for move in self - waiting:
            move.backflush_target_qty = move.backflush_covered_qty = 0.0
            is_posted = move.state == "done"
            move.backflush_due_qty = is_posted and move.backflush_expected_qty
        orders = waiting.raw_material_production_id
        totals = orders._get_backflush_totals(
            orders._get_backflush_reported(default_all=True)
        )
        counts = waiting._get_backflush_counts()
        for move, expected in waiting._get_backflush_expected(totals, counts).items():
            count = counts[move]
            total = totals[move.raw_material_production_id]
            move.backflush_target_qty = move._get_backflush_target(total, count)
            move.backflush_covered_qty = count.get_covered(move._get_backflush_key())
            move.backflush_due_qty = expected

    @api.depends("state", "raw_material_production_id.qty_produced")
    def _compute_backflush_taken_qty(self):
        waiting = self._filter_backflush_open()
        (self - waiting).backflush_taken_qty = 0.0
        for move in waiting:
            parts = move._get_backflush_parts()._filter_backflush_dealt()
            taken = sum(part._get_backflush_left_consumed() for part in parts)
            # A component that a person is adding has no unit yet.
            move.backflush_taken_qty = taken and move.product_uom.round(taken)

    @api.depends(
        "backflush_expected_qty",
        "quantity",
        "backflush_deferred_qty",
        "backflush_issued_qty",
        "backflush_id",
        "state",
        "backflush_due_qty",
        "manual_consumption",
        "picked",
    )
    def _compute_backflush_variance_qty(self):
        entered = self._filter_backflush_open().filtered(
            lambda move: move.picked and move.manual_consumption and move.product_uom
        )
        for move in entered:
            move.backflush_variance_qty = move.product_uom.round(
                move.quantity - move.backflush_due_qty
            )
        for move in self - entered:
            move.backflush_variance_qty = (
                move.product_uom.round(
                    move._get_backflush_consumed()
                    + move.backflush_deferred_qty
                    - move.backflush_expected_qty
                )
                if move.backflush_id
                else 0.0
            )

    def _follow_backflush_typed_entry(self):
        """Mark what a person is typing as an entry, for what is expected now."""
        self._record_backflush_entry()
        self.backflush_entered_due_qty = self.backflush_due_qty

    def _follow_backflush_typed_demand(self):
        """Let the ratio follow the demand that a person is typing.

        See ``_update_backflush_ratio``, which does it where the demand is written.
        """
        self.ensure_one()
        before, unit = self._origin, self.product_uom
        if not unit or self.backflush_id:
            return
        if before and not unit.compare(self.product_uom_qty, before.product_uom_qty):
            self.backflush_ratio = before.backflush_ratio
        elif unit.compare(self.product_uom_qty, self._get_backflush_plan()[self]):
            self.backflush_ratio = self._get_backflush_demand_ratio()
