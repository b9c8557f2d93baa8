from odoo import models

from ...errors import refuse
from ...texts import format_quantity


class StockMove(models.Model):
    """What a move's unit can say, and what the unit of its product can hold.

    Stock is kept in the unit of the product. Odoo lets a move say 4 g of what is kept
    in hundredths of a kilogram, and moves nothing.
    """

    _inherit = "stock.move"

    def _round_backflush_to_stock(self, quantity):
        """The quantity nearest to this one that stock can hold.

        :param quantity: in the move's unit
        :return: quantity in the move's unit
        """
        self.ensure_one()
        rounding = self._make_backflush_rounding(
            0.0, "HALF-UP", self.product_id, self.product_uom
        )
        return rounding.apply(quantity)

    def _lower_backflush_lines(self):
        """Take off the lines what is entered less than they hold.

        Odoo takes as many of a line's unit as the move has of its own: a dozen less
        would leave eleven pieces of twelve.
        """
        for move in self:
            unit = move.product_uom
            if not move.move_line_ids.product_uom_id - unit:
                continue
            excess = move._quantity_sml() - move.quantity
            for line in move.move_line_ids.sorted("id", reverse=True):
                if unit.compare(excess, 0) <= 0:
                    break
                own = line.product_uom_id
                part = unit._compute_quantity(excess, own, round=False)
                part = min(line.quantity, part)
                excess -= own._compute_quantity(part, unit, round=False)
                if own.compare(part, line.quantity):
                    line.quantity -= part
                else:
                    line.unlink()

    def _check_backflush_entries(self):
        """Refuse what a person has entered and stock cannot hold.

        Between units that have no step in common, like pounds and kilograms, the
        nearest is taken, and is what the component then says.

        :raises UserError: one message for all the products
        """
        self._refuse_backflush_imprecise(
            problem
            for line in self.move_line_ids
            for problem in line.move_id._find_backflush_imprecise(
                [line.quantity], line.product_uom_id
            )
        )

    def _check_backflush_precision(self, quantities):
        """Refuse quantities of this component that stock cannot hold.

        :param quantities: in the component's unit
        :raises UserError: one message for all of them
        """
        self._refuse_backflush_imprecise(
            self._find_backflush_imprecise(quantities, self.product_uom)
        )

    def _find_backflush_imprecise(self, quantities, unit):
        """Tell which quantities of this component stock cannot hold.

        :param quantities: in the unit
        :return: generator of messages
        """
        rounding = self._make_backflush_rounding(0.0, "HALF-UP", self.product_id, unit)
        if rounding.stock or unit == self.product_id.uom_id:
            return
        for quantity in quantities:
            if unit.compare(quantity, rounding.apply(quantity)):
                yield self.env._(
                    "- %(product)s: %(quantity)s %(unit)s is not a multiple of "
                    "%(step)s %(unit)s",
                    product=self.product_id.display_name,
                    quantity=format_quantity(self.env, quantity),
                    unit=unit.name,
                    step=format_quantity(self.env, rounding.step),
                )

    def _refuse_backflush_imprecise(self, problems):
        problems = list(problems)
        if problems:
            title = self.env._(
                "These quantities cannot be posted, because stock is kept in the unit "
                "of the product and cannot hold them:"
            )
            raise refuse("\n".join([title, *problems]), field="components")
