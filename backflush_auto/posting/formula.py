"""The expected quantity of a component, explained in words and figures."""

from odoo.tools.misc import formatLang


class Formula:
    """How a component comes to what a posting expects of it.

    :param move: ``stock.move`` record of the component
    :param total: reported so far on its order, in the order's unit
    :param count: :class:`.Count` of the component
    """

    def __init__(self, move, total, count):
        self.env = move.env
        self.move = move
        self.order = move.raw_material_production_id
        self.total = total
        self.count = count
        self.target = move._get_backflush_target(total, count)
        self.covered = count.get_covered(move._get_backflush_key())

    def explain(self, expected, recorded=None):
        """Tell it in one line.

        :param expected: of the posting, in the component's unit
        :param recorded: what a person has entered instead, in the component's unit;
            ``None`` where nothing was
        :return: str, in the language of the reader
        """
        parts = [self._explain_target(), *self._explain_relatives()]
        unit = self.move.product_uom.name
        if self.covered:
            parts.append(
                self.env._(
                    "%(covered)s %(unit)s dealt with before, %(expected)s %(unit)s now",
                    covered=self._format(self.covered),
                    expected=self._format(expected),
                    unit=unit,
                )
            )
        if recorded is not None:
            parts.append(
                self.env._(
                    "entered by hand: %(quantity)s %(unit)s",
                    quantity=self._format(recorded),
                    unit=unit,
                )
            )
        elif self.move.backflush_method == "manual":
            parts.append(self.env._("manual, and nothing is entered"))
        return "; ".join(parts)

    def _explain_target(self):
        due = self.move._get_backflush_count(self.total)
        values = {
            "ratio": f"{self.move.backflush_ratio:.6g}",
            "scrap": f"{self.move.backflush_scrap:.6g}",
            "produced": self._format(self.order._get_backflush_units(due)),
            "product_unit": self.order.product_id.uom_id.name,
            "target": self._format(self.target),
            "unit": self.move.product_uom.name,
        }
        is_per_order = self.move.backflush_basis == "order"
        if is_per_order and self.move.backflush_scrap:
            return self.env._(
                "%(ratio)s %(unit)s for the order + %(scrap)s %% = %(target)s %(unit)s",
                **values,
            )
        if is_per_order:
            return self.env._(
                "%(ratio)s %(unit)s for the order = %(target)s %(unit)s", **values
            )
        if self.move.backflush_scrap:
            return self.env._(
                "%(ratio)s %(unit)s × %(produced)s %(product_unit)s + %(scrap)s %% = "
                "%(target)s %(unit)s",
                **values,
            )
        return self.env._(
            "%(ratio)s %(unit)s × %(produced)s %(product_unit)s = %(target)s %(unit)s",
            **values,
        )

    def _explain_relatives(self):
        """What orders that were split from the same one have to do with the target."""
        units, covered = self.count.get_elsewhere(self.move._get_backflush_key())
        if not (units or covered):
            return []
        return [
            self.env._(
                "counted together with the orders split from the same one: "
                "%(units)s %(product_unit)s reported there, %(covered)s %(unit)s taken",
                units=self._format(units),
                product_unit=self.order.product_id.uom_id.name,
                covered=self._format(covered),
                unit=self.move.product_uom.name,
            )
        ]

    def _format(self, quantity):
        return formatLang(self.env, quantity, dp="Product Unit")
