"""What of finished goods and by-products goes back, and what is not there any more."""

from collections import defaultdict
from functools import cached_property

from odoo.tools import float_round

from ..texts import format_quantity


class Goods:
    """What a posting made, where its report is corrected.

    :param correction: :class:`.Correction`

    ``moves``: the moves of the product and of by-products; ``following``: those that
    wait for what they made; ``quant_ids``: of the stock that was read
    """

    def __init__(self, correction):
        self.correction = correction
        self.env = correction.env
        self.moves = self.env["stock.move"]
        if correction.is_of_product:
            self.moves = correction.posting.finished_move_ids.filtered(
                lambda move: move.state == "done" and move.quantity
            )
        self.following = self.moves.move_dest_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and not move.picked
        )
        self.quant_ids = []

    def take(self, move):
        """What goes back of a product or by-product, as far as it is there.

        :param move: one of :attr:`moves`
        :return: list of ``(line, quantity in the product's unit)``
        """
        return take(self._find_there(move), self._get_wanted(move))

    def find_gone(self, move):
        """What is not there any more of a product or by-product.

        :param move: one of :attr:`moves`
        :return: ``(message, the lowest quantity that it can be corrected to)``, or None
        """
        correction = self.correction
        wanted = self._get_wanted(move)
        there = sum(quantity for _line, quantity in self._find_there(move))
        unit = move.product_id.uom_id
        if unit.compare(there, wanted) >= 0:
            return None
        gone = unit.round(wanted - there)
        message = self.env._(
            "%(there)s of %(wanted)s %(unit)s %(product)s are still in %(places)s; the "
            "rest was delivered, consumed, scrapped, moved or unbuilt, or is reserved. "
            "Bring it back there first.",
            there=format_quantity(self.env, there),
            wanted=format_quantity(self.env, wanted),
            unit=unit.name,
            product=move.product_id.display_name,
            places=", ".join(
                move.move_line_ids.location_dest_id.mapped("display_name")
            ),
        )
        share = gone / wanted if wanted else 0.0
        lowest = float_round(
            correction.quantity + correction.back * share,
            precision_rounding=correction.unit.rounding,
            rounding_method="UP",
        )
        return message, min(lowest, correction.posting.quantity_left)

    @cached_property
    def _free(self):
        """What is in stock of what the posting made, and not reserved for others.

        :return: ``{place: quantity in the product's unit}``
        """
        places = {line._get_backflush_made_place() for line in self.moves.move_line_ids}
        found = defaultdict(float)
        if places:
            quants = self.env["stock.quant"]
            for key, (place, free) in quants._get_backflush_claimed(places).items():
                found[place] += free
                self.quant_ids.append(key)
        # What follows in the chain has reserved what this order brought it.
        for line in self.following.move_line_ids:
            found[line._get_backflush_place()] += line.quantity_product_uom
        return found

    def _get_wanted(self, move):
        """What is to go back of a product or by-product, in its unit of stock."""
        correction = self.correction
        left = sum(quantity for _line, quantity in move._get_backflush_left_lines())
        if move.product_id == correction.order.product_id and not move.byproduct_id:
            return correction.unit._compute_quantity(
                correction.back, move.product_id.uom_id, rounding_method="HALF-UP"
            )
        if correction.is_whole:
            return left
        share = correction.quantity / correction.posting.quantity
        kept = move._round_backflush_to_stock(move.quantity * share)
        # What was unbuilt has left stock already.
        surplus = move._get_backflush_product_qty(
            move._get_backflush_left_moved() - kept
        )
        return max(0.0, min(left, move.product_id.uom_id.round(surplus)))

    def _find_there(self, move):
        """What is there of a product or by-product.

        :return: generator of ``(line, quantity in the product's unit)``
        """
        if not move._is_backflush_kept_in_stock():
            yield from move._get_backflush_left_lines(scrapped=True)
            return
        free = dict(self._free)
        for line, left in move._get_backflush_left_lines(scrapped=True):
            place = line._get_backflush_made_place()
            quantity = min(left, max(0.0, free.get(place, 0.0)))
            if move.product_id.uom_id.compare(quantity, 0.0) > 0:
                free[place] -= quantity
                yield line, quantity


def take(left, wanted):
    """Take a quantity of lines, the first of them first.

    :param left: iterable of ``(line, quantity in the product's unit)``
    :return: list of the same kind
    """
    taken = []
    for line, quantity in left:
        unit = line.product_id.uom_id
        quantity = unit.round(min(quantity, wanted))
        if unit.compare(quantity, 0.0) > 0:
            taken.append((line, quantity))
            wanted -= quantity
    return taken
