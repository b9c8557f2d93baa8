from collections import defaultdict

from odoo import models
from odoo.tools.float_utils import float_round

from ..mrp_unbuild import Portion


class StockMove(models.Model):
    """What an unbuild order undoes of a move."""

    _inherit = "stock.move"

    def _assign_backflush_unbuilt(self):
        """Give what unbuild orders take back the lines by which it was posted."""
        # What a correction takes back has its lines.
        unbuilt = self.filtered(lambda move: move.unbuild_id and not move.backflush_id)
        for unbuild, moves in unbuilt.grouped("unbuild_id").items():
            if unbuild.mo_id.backflush and unbuild._get_backflush_made():
                unbuild._assign_backflush_lines(moves)

    def _get_backflush_undone(self):
        """The moves by which unbuild orders, or corrections, undid these moves."""
        return self.returned_move_ids.filtered(
            lambda move: (
                move.state == "done"
                and (move.unbuild_id or move._is_backflush_return())
            )
        )

    def _get_backflush_unbuilt_lines(self):
        """The lines by which these moves were undone before."""
        return self._get_backflush_undone().move_line_ids

    def _get_backflush_unbuild_factors(self, portions):
        """How much of each of these moves is undone now, where it is something.

        :param portions: what is unbuilt of each posting; all of them, of what no
            posting has moved
        :return: list of ``(move, share of its quantity)``
        """
        whole = Portion(*map(sum, zip(*portions.values(), strict=True)))
        factors = []
        for move in self.filtered("quantity"):
            portion = portions.get(move.backflush_id, whole)
            quantity = move._get_backflush_unbuild_quantity(portion)
            if move.product_uom.compare(quantity, 0.0) > 0:
                factors.append((move, quantity / move.quantity))
        return factors

    def _get_backflush_unbuild_quantity(self, portion):
        """What is undone of this move: its target minus what was undone before.

        :return: quantity in the move's unit
        """
        self.ensure_one()
        if not portion.quantity:
            return 0.0
        share = (portion.before + portion.quantity) / portion.made
        target = self._round_backflush_to_stock(self.quantity * share)
        if self.has_tracking == "serial":
            target = float_round(target, precision_digits=0)
        return target - self._get_backflush_unbuilt_quantity()

    def _get_backflush_unbuilt_quantity(self):
        """What was undone of this move before, in its unit."""
        return sum(self._get_backflush_undone().mapped("quantity"))

    def _get_backflush_unbuild_takes(self):
        """What this move of an unbuild order undoes of each line of its origin.

        :return: list of ``(line, quantity in the product's unit)``
        """
        self.ensure_one()
        origin = self.origin_returned_move_id
        undone = defaultdict(float)
        for line in origin._get_backflush_unbuilt_lines():
            undone[line.lot_id, line.owner_id] += line.quantity_product_uom
        rest = origin.quantity - origin._get_backflush_unbuilt_quantity()
        unit = self.product_id.uom_id
        is_all = self.product_uom.compare(self.product_uom_qty, rest) == 0
        left = self._get_backflush_product_qty(self.product_uom_qty)
        takes = []
        for line in origin.move_line_ids:
            key = (line.lot_id, line.owner_id)
            gone = min(undone[key], line.quantity_product_uom)
            undone[key] -= gone
            free = line.quantity_product_uom - gone
            quantity = free if is_all else min(left, free)
            left -= quantity
            if unit.compare(quantity, 0.0) > 0:
                takes.append((line, quantity))
        if not is_all and unit.compare(left, 0.0) > 0:
            # More is unbuilt than was made; Odoo allows that.
            takes.append((origin.move_line_ids[-1:], left))
        return takes
