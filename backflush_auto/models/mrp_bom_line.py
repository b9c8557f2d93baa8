from odoo import fields, models

from ..finite import FiniteFloat
from .product_template import BACKFLUSH_METHODS


class MrpBomLine(models.Model):
    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "mrp.backflush.rule"]

    backflush_method = fields.Selection(
        BACKFLUSH_METHODS,
        help="When this component is consumed on a backflushed order.\n"
        "At completion: by itself, when production is reported.\n"
        "At its operation: when the work order of its operation is finished, for the "
        "quantity reported there; without an operation, at completion.\n"
        "At the start: the whole planned quantity, when the order starts.\n"
        "Manual: only what a person records.\n"
        "Bulk: for information only, nothing is moved or demanded.\n"
        "Empty: as the product says.",
    )
    backflush_tolerance_up = FiniteFloat(
        "Tolerance Up (%)",
        help="How much more than its target can be consumed of this component, in per "
        "cent, all reports of an order together. Beyond it, a strict bill of materials "
        "refuses the report, and one with a warning asks. 0: as the product says.",
    )
    backflush_tolerance_down = FiniteFloat(
        "Tolerance Down (%)",
        help="How much less than its target can be consumed of this component, in per "
        "cent, once an order is complete. Beyond it, a strict bill of materials "
        "refuses the report, and one with a warning asks. 0: as the product says.",
    )

    _backflush_tolerance_positive = models.Constraint(
        "CHECK (backflush_tolerance_up >= 0 AND backflush_tolerance_down >= 0)",
        "A tolerance cannot be negative.",
    )

    def _prepare_line_done_values(
        self,
        quantity,
        product,
        original_quantity,
        parent_line,
        boms_done,
        *args,
        **kwargs,
    ):
        """Add what the explosion knows and rounds away or drops.

        ``backflush_quantity`` is the quantity before Odoo rounds it up to the unit, and
        ``backflush_parent_lines`` the kit lines that lead here, the nearest first.
        """
        values = super()._prepare_line_done_values(
            quantity,
            product,
            original_quantity,
            parent_line,
            boms_done,
            *args,
            **kwargs,
        )
        # The explosion goes depth first: the last kit of a line is the one at hand.
        bom_quantity = next(
            data["qty"]
            for _bom, data in reversed(boms_done)
            if not parent_line
            and not data["parent_line"]
            or data["parent_line"] == parent_line
        )
        values["backflush_quantity"] = bom_quantity * self.product_qty
        values["backflush_parent_lines"] = self._get_backflush_parent_lines(
            parent_line, boms_done
        )
        return values

    def _get_backflush_parent_lines(self, parent_line, boms_done):
        """The lines of the kits around this component, from the inside out."""
        parents = self.browse()
        position = len(boms_done)
        while parent_line:
            parents += parent_line
            position = next(
                index
                for index in reversed(range(position))
                if boms_done[index][1]["parent_line"] == parent_line
            )
            parent_bom = parent_line.bom_id
            parent_line = next(
                data["parent_line"]
                for bom, data in reversed(boms_done[:position])
                if bom == parent_bom
            )
        return parents

    def _get_backflush_tolerance(self):
        """How far the consumption of this component may be from its target.

        :return: ``{"up", "down"}`` in per cent: of the line, else of the product
        """
        product = self.product_id
        return {
            "up": self.backflush_tolerance_up or product.backflush_tolerance_up,
            "down": self.backflush_tolerance_down or product.backflush_tolerance_down,
        }

    def _get_backflush_method(self, parent_lines):
        """The method of this component: of its line, the kit's line or its product.

        :param parent_lines: the kit lines around it, from the inside out
        :return: a value of ``backflush_method``, or False where nobody has decided
        """
        self.ensure_one()
        chosen = (line.backflush_method for line in self + parent_lines)
        return next(filter(None, chosen), self.product_id.backflush_method)

    def _is_backflush_bulk(self, data):
        """Whether this component stands on its BoM for information only.

        :param data: what the explosion of a bill of materials says of it
        """
        return self._get_backflush_method(data["backflush_parent_lines"]) == "bulk"

    def _get_backflush_quantity_rule(self, parent_lines):
        """How much of this component is consumed, the kits around it included.

        The innermost line that is per order says how often the kit, or the component,
        is taken; what stands around it does not count. The losses of all lines add up.

        :param parent_lines: the kit lines around it, from the inside out
        :return: the fields of ``QUANTITY_RULE``, and ``backflush_fixed``: the quantity
            for the order, in the line's unit, where the basis is the order
        """
        self.ensure_one()
        yield_factor, quantity = 1.0, 1.0
        lines = [self, *parent_lines]
        basis, fixed = "unit", 0.0
        for position, line in enumerate(lines):
            yield_factor *= 1 + line.backflush_scrap / 100
            quantity *= line.product_qty
            if line.backflush_basis == "order":
                basis, fixed = "order", quantity
                break
            if position + 1 < len(lines):
                quantity *= line._get_backflush_kit_share(lines[position + 1])
        return {
            "backflush_basis": basis,
            "backflush_scrap": round((yield_factor - 1) * 100, 4),
            "backflush_rounding": self.backflush_rounding,
            "backflush_rounding_method": self.backflush_rounding_method,
            "backflush_fixed": fixed,
        }

    def _get_backflush_bom_rule(self, data):
        """The rule of this component for a number of BoMs.

        :param data: what the explosion of one BoM says of it
        :return: :class:`.Rule`
        """
        values = self._get_backflush_quantity_rule(data["backflush_parent_lines"])
        ratio = values.pop("backflush_fixed")
        if values["backflush_basis"] != "order":
            ratio = data["backflush_quantity"]
        return self._make_backflush_rule(
            ratio, values, self.product_id, self.product_uom_id
        )

    def _get_backflush_kit_share(self, kit_line):
        """How many times this line's BoM is one unit of a line that is its kit."""
        bom = self.bom_id
        return (
            kit_line.product_uom_id._compute_quantity(
                1.0, bom.product_uom_id, round=False
            )
            / bom.product_qty
        )

    def _get_backflush_target(self, quantity):
        """What an order consumes of this component, for a number of its BoM's products.

        :param quantity: of the component for that number, in the line's unit, before
            this line's own rule
        :return: quantity in the line's unit; a kit's is not rounded, as it is no stock
        """
        self.ensure_one()
        base = self.product_qty if self.backflush_basis == "order" else quantity
        if self.child_bom_id.type == "phantom":
            return base * (1 + self.backflush_scrap / 100)
        rule = self._make_backflush_rule(
            base, self, self.product_id, self.product_uom_id
        )
        return rule.target(1.0)
