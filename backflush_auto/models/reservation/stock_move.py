import itertools
from collections import defaultdict

from odoo import models

from ...context import get_private

# What tells one place that a line reserves at from another.
PLACE_FIELDS = ("location_id", "lot_id", "package_id", "owner_id")


class StockMove(models.Model):
    """What a component has reserved, and what others may take of it."""

    _inherit = "stock.move"

    def _find_backflush_holders(self, count):
        """The relatives of this component whose reservation may be for it as well.

        :param count: :class:`.Count` of it
        """
        self.ensure_one()
        others = self._get_backflush_relatives() - self
        return others.filtered(
            lambda other: (
                other._get_backflush_key() in count.planned
                and other.location_id == self.location_id
                and other.has_tracking != "serial"
                and not other.picked
                and other.move_line_ids
            )
        )

    def _find_backflush_fellows(self):
        """The components of its own order that have reserved what this one takes.

        What a person has entered stays where it is.
        """
        self.ensure_one()
        place = self.location_id.parent_path
        return self.raw_material_production_id.move_raw_ids.filtered(
            lambda other: (
                other.product_id == self.product_id
                and other != self
                and other.state not in ("done", "cancel")
                and other.has_tracking != "serial"
                and other.location_id.parent_path.startswith(place)
                and not other.picked
                and other.move_line_ids
            )
        )

    def _filter_backflush_postponed(self):
        """The components of backorders that are made for a posting: it takes first."""
        if not (
            get_private(self.env, "split") and get_private(self.env, "posting_follows")
        ):
            return self.browse()
        return self._filter_backflush().filtered(
            lambda move: not move._should_bypass_reservation()
        )

    def _get_backflush_excess(self, need):
        """What this component has reserved beyond its need.

        :param need: in the product's unit
        :return: list of :class:`.Claim`
        """
        self.ensure_one()
        excess = []
        for line in self.move_line_ids:
            claim = line._prepare_backflush_claim()
            left = max(0.0, claim.quantity - need)
            need = max(0.0, need - claim.quantity)
            if left and claim.place.lot_id >= 0:
                excess.append(claim._replace(quantity=left))
        return excess

    def _divide_backflush(self, held):
        """Divide what is reserved: each order keeps what it needs of its own.

        What is left goes to the others, the first one first.

        :param held: list of ``(values of a line, quantity in the product's unit)``
        :return: ``{move: list of values of lines}``
        """
        held = [
            (self.browse(vals["move_id"]).raw_material_production_id, vals, [quantity])
            for vals, quantity in held
        ]
        lines_by_move = {move: [] for move in self}
        wanted = {
            move: move._get_backflush_product_qty(
                move.product_uom_qty + move._get_backflush_damaged()
            )
            for move in self
        }
        for keeps, move in itertools.product((True, False), self):
            unit = move.product_id.uom_id
            for order, vals, left in held:
                if keeps and order != move.raw_material_production_id:
                    continue
                quantity = unit.round(min(left[0], wanted[move]))
                if unit.compare(quantity, 0.0) <= 0:
                    continue
                left[0] -= quantity
                wanted[move] -= quantity
                lines_by_move[move].append(dict(vals, quantity=quantity))
        return lines_by_move

    def _is_backflush_reserved_as(self, vals_list):
        """Whether this component has reserved just what these values of lines say."""
        self.ensure_one()
        wanted, found = defaultdict(float), defaultdict(float)
        for vals in vals_list:
            place = tuple(vals.get(name) or False for name in PLACE_FIELDS)
            wanted[place] += vals["quantity"]
        for line in self.move_line_ids:
            place = tuple(line[name].id for name in PLACE_FIELDS)
            found[place] += line.quantity_product_uom
        unit = self.product_id.uom_id
        return not any(
            unit.compare(wanted[place], found[place]) for place in {*wanted, *found}
        )
