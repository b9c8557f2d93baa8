from itertools import product as combine

from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase

# What a line of a BoM of 24 chairs says, in its unit.
LINE = {"unit": 30.1, "dozen": 2.6}
ROUNDINGS = {
    "no step": (0, False),
    "whole, up": (1, "up"),
    "quarters": (0.25, "half-up"),
    "fives, down": (5, "down"),
}
# What an order takes, by hand: the quantity of the line for 24 chairs, or twice that
# for 48, then × 1.05 where 5 % are lost, then to the step.
TARGETS = {
    # unit, scrap, rounding: for 24 chairs, or per order, and for 48
    ("unit", 0, "no step"): (30.1, 60.2),
    ("unit", 0, "whole, up"): (31, 61),
    ("unit", 0, "quarters"): (30, 60.25),
    ("unit", 0, "fives, down"): (30, 60),
    ("unit", 5, "no step"): (31.61, 63.21),  # from 31.605
    ("unit", 5, "whole, up"): (32, 64),
    ("unit", 5, "quarters"): (31.5, 63.25),
    ("unit", 5, "fives, down"): (30, 60),
    ("dozen", 0, "no step"): (2.6, 5.2),
    ("dozen", 0, "whole, up"): (3, 6),
    ("dozen", 0, "quarters"): (2.5, 5.25),
    ("dozen", 0, "fives, down"): (0, 5),
    ("dozen", 5, "no step"): (2.73, 5.46),
    ("dozen", 5, "whole, up"): (3, 6),
    ("dozen", 5, "quarters"): (2.75, 5.5),
    ("dozen", 5, "fives, down"): (0, 5),
}
BASES = ("unit", "order")
PLACES = ("on the BoM", "in a kit")


@tagged("post_install", "-at_install")
class TestOneNumber(ValuedCase):
    """Plan, forecast, overview, consumption and cost are one number, for every rule.

    Each combination is a component of its own, with a price of its own. Of the kit the
    BoM takes two, so what is per unit stands in it with half the quantity.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.components = {}
        for key in combine(TARGETS, BASES, PLACES):
            price = 3 + len(cls.components)
            component = cls._create_valued(f"Component {price}", "average")
            cls._receive(component, 1000, price)
            cls.components[key] = component
        cls.chair.categ_id = cls.categories["average"]
        cls.kit = cls._create_product("Kit")
        cls._create_bom(cls.kit, cls._get_lines("in a kit"), type="phantom")
        cls.bom.active = False
        cls.bom = cls._create_bom(
            cls.chair, [*cls._get_lines("on the BoM"), (cls.kit, 2)], product_qty=24
        )

    @classmethod
    def _get_lines(cls, place):
        units = {"unit": cls.unit, "dozen": cls.dozen}
        for (target, basis, where), component in cls.components.items():
            unit, scrap, rounding = target
            is_shared = place == "in a kit" and basis == "unit"
            step, method = ROUNDINGS[rounding]
            if where == place:
                yield (
                    component,
                    LINE[unit] / (2 if is_shared else 1),
                    {
                        "product_uom_id": units[unit].id,
                        "backflush_basis": basis,
                        "backflush_scrap": scrap,
                        "backflush_rounding": step,
                        "backflush_rounding_method": method,
                    },
                )

    def _get_expected(self, key, quantity):
        """By the table: in the line's unit and in that of the product."""
        target, basis, _place = key
        twice = quantity == 48 and basis == "unit"
        number = TARGETS[target][1 if twice else 0]
        return number, number * (12 if target[0] == "dozen" else 1)

    def _read_overview(self, quantity):
        report = self.env["report.mrp.report_bom_structure"]
        data = report._get_report_data(self.bom.id, searchQty=quantity)["lines"]
        lines = [
            line
            for component in data["components"]
            for line in component.get("components") or [component]
        ]
        return data["bom_cost"], {line["product"]: line for line in lines}

    def _read_forecasts(self):
        self.env.invalidate_all()
        return {
            component: component.virtual_available
            for component in self.components.values()
        }

    def _record(self, order):
        """Enter what was issued of each component, as a person does."""
        for move in order.move_raw_ids:
            move.quantity = move.product_uom_qty

    def assertOneNumber(self, quantity, record=False):
        cost, overview = self._read_overview(quantity)
        before = self._read_forecasts()
        order = self._create_order(self.chair, quantity, bom=self.bom)
        planned = self._read_forecasts()
        demands = {move.product_id: move.product_uom_qty for move in order.move_raw_ids}
        if record:
            self._record(order)
        self._finish(order)
        left = self._read_forecasts()
        consumed = {move.product_id: move.quantity for move in order.move_raw_ids}
        total = 0.0
        for key, component in self.components.items():
            number, in_product_unit = self._get_expected(key, quantity)
            total += in_product_unit * component.standard_price
            with self.subTest(rule=key, quantity=quantity):
                found = {
                    "demand": demands[component],
                    "overview": overview[component]["quantity"],
                    "consumed": consumed[component],
                    "forecast": before[component] - planned[component],
                    "left stock": before[component] - left[component],
                    "cost": overview[component]["bom_cost"],
                }
                self.assertEqual(
                    {name: round(value, 6) for name, value in found.items()},
                    {
                        "demand": number,
                        "overview": number,
                        "consumed": number,
                        "forecast": round(in_product_unit, 6),
                        "left stock": round(in_product_unit, 6),
                        "cost": round(in_product_unit * component.standard_price, 6),
                    },
                )
        [value], _others = self._values(order)
        self.assertAlmostEqual(cost, total, places=2)
        self.assertAlmostEqual(value, total, places=2)
        return total

    def test_at_completion(self):
        total = self.assertOneNumber(24)
        price = self.chair._compute_bom_price(self.bom)
        self.assertAlmostEqual(price * 24, total, places=2)

    def test_twice_the_bom(self):
        self.assertOneNumber(48)

    def test_manual(self):
        lines = self.bom.bom_line_ids | self.kit.bom_ids.bom_line_ids
        lines.backflush_method = "manual"
        self.assertOneNumber(24, record=True)

    def test_kit_with_losses(self):
        """5 % lost of the kit is 5 % lost of what is in it, but what is per order."""
        line = self.bom.bom_line_ids.filtered(lambda line: line.product_id == self.kit)
        line.backflush_scrap = 5
        order = self._create_order(self.chair, 24, bom=self.bom)
        demands = {move.product_id: move.product_uom_qty for move in order.move_raw_ids}
        _cost, overview = self._read_overview(24)
        for key, component in self.components.items():
            (unit, scrap, rounding), basis, place = key
            if place == "in a kit" and not scrap:
                loss = 5 if basis == "unit" else 0
                number, _twice = TARGETS[unit, loss, rounding]
                with self.subTest(unit=unit, rounding=rounding, basis=basis):
                    self.assertEqual(demands[component], number)
                    self.assertEqual(overview[component]["quantity"], number)
        self._finish(order)
        [value], _others = self._values(order)
        self.assertGreater(value, 50000)
        price = self.chair._compute_bom_price(self.bom)
        self.assertAlmostEqual(price * 24, value, places=2)
