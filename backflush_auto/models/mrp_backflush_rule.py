from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..engine import Rounding, Rule

BASES = [("unit", "Per unit"), ("order", "Per order")]
ROUNDING_METHODS = [
    ("up", "Up"),
    ("half-up", "To the nearest"),
    ("down", "Down"),
]
# What says how much of a component is consumed, beside its quantity.
QUANTITY_RULE = (
    "backflush_basis",
    "backflush_scrap",
    "backflush_rounding",
    "backflush_rounding_method",
)
# A component that nothing is said of.
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
    backflush_scrap = fields.Float(
        "Scrap (%)",
        digits=(16, 4),
        help="Expected loss of this component, in per cent of what is built in: with "
        "5 %, 210 are planned and consumed for 200.",
    )
    backflush_rounding = fields.Float(
        "Rounding",
        digits=(16, 6),
        help="The component is consumed in multiples of this quantity, in its unit: 1 "
        "for whole pieces. What is rounded is the total of the order so far, so that "
        "reports in parts consume what one report would. 0: by the decimals of Product "
        "Unit.",
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
    def _make_backflush_rule(self, ratio, values):
        """The rule of the engine.

        :param ratio: component quantity for one unit of the finished product, or for
            the order, unrounded, in the component's unit
        :param values: the fields of ``QUANTITY_RULE``: a dict, or a record
        :return: :class:`~odoo.addons.backflush_auto.engine.Rule`
        """
        digits = self.env["decimal.precision"].precision_get("Product Unit")
        method = values["backflush_rounding_method"] or "half-up"
        rounding = Rounding(
            step=values["backflush_rounding"] or 10**-digits, method=method.upper()
        )
        return Rule(
            ratio,
            rounding,
            scrap=values["backflush_scrap"],
            once=values["backflush_basis"] == "order",
        )
