"""The receipts that goods on hand come from, counted once for many issues of a product.

Odoo goes through all open receipts of a product for each move that takes some of it.
The moves of a posting take one after the other from the same receipts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, eq=False)
class Receipts:
    """The open receipts of one product, the oldest first.

    :param moves: list of ``stock.move``
    :param first: what is left of the first of them, in the product's unit
    """

    moves: list
    first: float

    def skip(self, quantity, unit):
        """What is open once a quantity has been taken.

        :param quantity: in the product's unit
        :param unit: ``uom.uom`` of the product
        :return: ``(moves, what is left of the first)``
        """
        left = self.first
        for position, move in enumerate(self.moves):
            if position:
                left = move._get_valued_qty()
            if unit.compare(quantity, left) < 0:
                return self.moves[position:], left - quantity
            quantity -= left
        return [], 0
