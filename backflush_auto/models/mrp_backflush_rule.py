from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine.rule import Rounding, Rule, find_common_step
from ..finite import FiniteFloat

BASES = [("unit", "Per unit"), ("order", "Per order")]
ROUNDING_METHODS = [
    ("up", "Up"),
    ("half-up", "To the nearest"),
    ("down", "Down"),
]
# The fields, besides the quantity, that determine how much is consumed.
QUANTITY_RULE = (
    "backflush_basis",
    "backflush_scrap",
    "backflush_rounding",
    "backflush_rounding_method",
)
# The rule of a component without a rule of its own.
NO_RULE = {
    "backflush_method": False,
    "backflush_ratio": 0.0,
    "backflush_location_id": False,
    **dict.fromkeys(QUANTITY_RULE, False),
}


class MrpBackflushRule(models.AbstractModel):
    """How much of a component is consumed: on a line of a bill of materials, and on the
    component of an order, which remembers what the line said."""

    _name = "mrp.backflush.rule"
    _description = "Backflush Rule"

    backflush_basis = fields.Selection(
        BASES,
        string="Basis",
        help="Per unit: the quantity is for what the bill of materials makes. Per "
        "order: the quantity is taken once for each order, with the first report, "
        "however much the order makes. Empty: per unit.",
    )
    backflush_scrap = FiniteFloat(
        "Scrap (%)",
        digits=(16, 4),
        help="Expected loss of this component, as a percentage of the quantity built "
        "in: with 5 %, 210 are planned and consumed for 200.",
    )
    backflush_rounding = FiniteFloat(
        "Rounding",
        digits=(16, 6),
        help="The component is consumed in multiples of this quantity, in its unit: 1 "
        "for whole pieces. What is rounded is the total of the order so far, so that "
        "reports in parts consume what one report would. 0: by the decimals of Product "
        "Unit. In any case it is a multiple of what the product's own unit can hold.",
    )
    backflush_rounding_method = fields.Selection(
        ROUNDING_METHODS,
        string="Rounding Direction",
        help="Up: a whole piece leaves stock when it is begun. Empty: to the nearest.",
    )

    @api.constrains("backflush_scrap", "backflush_rounding")
    def _check_backflush_rule(self):
        for record in self:
            for name in ("backflush_scrap", "backflush_rounding"):
                if record[name] < 0:
                    raise ValidationError(
                        self.env._(
                            "%(field)s of %(product)s cannot be negative: %(value)s.",
                            field=record._fields[name]._description_string(self.env),
                            product=record.product_id.display_name,
                            value=record[name],
                        )
                    )

    @api.model
    def _make_backflush_rule(self, ratio, values, product, unit):
        """The rule of the engine.

        :param ratio: component quantity for one unit of the finished product, or for
            the order, unrounded, in the component's unit
        :param values: the fields of ``QUANTITY_RULE``: a dict, or a record
        :param product: ``product.product``, the component
        :param unit: ``uom.uom`` of the component, which may not be that of its product
        :return: :class:`.Rule`
        """
        method = values["backflush_rounding_method"] or "half-up"
        return Rule(
            ratio,
            self._make_backflush_rounding(
                values["backflush_rounding"], method.upper(), product, unit
            ),
            scrap=values["backflush_scrap"],
            per_order=values["backflush_basis"] == "order",
        )

    @api.model
    def _make_backflush_rounding(self, step, method, product, unit):
        """The grid of a component's quantities: what its unit and stock can hold.

        Stock is kept in the unit of the product, to the decimals of Product Unit: of
        what is kept in kg, a line in grams takes multiples of 10 g. A step that a
        person has chosen is kept as well. Where there is no grid that is both, as
        between pounds and kilograms, what stock can hold is nearest to the step.

        :param step: that a person has chosen, in the component's unit; 0 = none
        :param method: ``HALF-UP``, ``UP`` or ``DOWN``
        :return: :class:`.Rounding`
        """
        shown, stock = self._get_backflush_steps(product, unit)
        common = find_common_step(*filter(None, (shown, stock, step)))
        if common:
            return Rounding(common, method)
        return Rounding(step or stock, method, stock)

    @api.model
    def _get_backflush_steps(self, product, unit):
        """The steps in which a unit is written and in which its product is kept.

        :return: both in the unit
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        shown = 10**-digits
        if not product or not unit or unit == product.uom_id:
            return shown, shown
        return shown, product.uom_id._compute_quantity(shown, unit, round=False)

    @api.model
    def _has_backflush_common_unit(self, product, unit):
        """Whether stock can hold what is written in this unit, at some step of it."""
        return bool(find_common_step(*self._get_backflush_steps(product, unit)))
