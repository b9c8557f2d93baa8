"""What a family of orders should plan and consume, worked out anew.

Nothing here knows of the addon's own arithmetic. Quantities are fractions, so no binary
noise can hide a difference, nor make one up.
"""

from collections import defaultdict
from fractions import Fraction
from math import ceil, floor

from .pool import COMPONENTS, UNITS

DIGIT = Fraction(1, 100)


def exact(value):
    """A float of the database as the decimal number that it stands for."""
    return Fraction(str(round(value or 0.0, 8)))


class Slot:
    """One line of the recipe.

    :param line: as it was drawn
    :param bom_quantity: for how many units the recipe is
    """

    def __init__(self, line, bom_quantity):
        self.product = line["product"]
        self.method = line["method"]
        self.once = line["basis"] == "order"
        quantity = Fraction(line["quantity"])
        self.ratio = quantity if self.once else quantity / Fraction(bom_quantity)
        self.ratio *= 1 + Fraction(line["scrap"]) / 100
        self.direction = line["direction"]
        self.step = Fraction(line["step"]) or self._get_digit(line)

    def _get_digit(self, line):
        """What both the line and the product's unit can hold."""
        unit = Fraction(UNITS[line["unit"]][1])
        kept = Fraction(UNITS[COMPONENTS[line["product"]][0]][1])
        return max(DIGIT, DIGIT * kept / unit)

    def target(self, quantity):
        """What should have been consumed once a quantity is produced."""
        if quantity <= 0:
            return Fraction(0)
        return self._round(self.ratio * (1 if self.once else quantity))

    def _round(self, quantity):
        steps = quantity / self.step
        if self.direction == "up":
            return ceil(steps) * self.step
        if self.direction == "down":
            return floor(steps) * self.step
        return floor(steps + Fraction(1, 2)) * self.step


class Family:
    """Orders that were split from one, or merged into one."""

    def __init__(self, number):
        self.number = number
        self.orders = set()
        # Lines that somebody changed on one of the orders: nobody knows their target.
        self.unruly = set()
        # Lines whose consumption somebody entered: they differ from what is expected.
        self.entered = set()
        # The most that was ever planned: what is taken at the start follows it.
        self.most = Fraction(0)
        # Whether all orders were closed by a report.
        self.closed = False
        self.cancelled = False


class Oracle:
    """Follows the families of orders through a scenario."""

    def __init__(self, world):
        spec = world.spec
        self.product = world.product.id
        self.factors = {
            world.pool.units[name].id: Fraction(UNITS[name][1])
            for name in ("unit", "dozen")
        }
        self.slots = {
            bom_line.id: Slot(line, spec["bom_quantity"])
            for bom_line, line in zip(world.bom_lines, spec["lines"], strict=True)
        }
        self.families = {}

    def follow(self, event, before, after):
        """Find out which orders belong together after a step."""
        if event.merged and not event.refused:
            self._merge(event, before)
        for order, row in sorted(after.mrp_production.items()):
            if row.product_id == self.product and order not in self.families:
                family = self._find_family(event, row, before, after)
                family.orders.add(order)
                self.families[order] = family
        for order in event.orders:
            if order in self.families and not event.refused:
                self.families[order].unruly |= event.unruly
                self.families[order].entered |= event.entered
                self.families[order].cancelled |= event.kind == "cancel"
        for order, row in after.mrp_production.items():
            if not row.backflush and order in self.families:
                self.families[order].unruly |= {*self.slots}
        for family in self.all():
            family.most = max(family.most, self.planned(family, after))
            states = [
                after.mrp_production[order].state
                for order in family.orders & {*after.mrp_production}
            ]
            family.closed = {*states} == {"done"} and not family.cancelled

    def all(self):
        """Each family once."""
        return list(
            {family.number: family for family in self.families.values()}.values()
        )

    def _find_family(self, event, row, before, after):
        for order, family in self.families.items():
            known = (
                after.mrp_production[order] if order in after.mrp_production else None
            )
            group = row.production_group_id
            if known and group and known.production_group_id == group:
                return family
        if event.kind != "order" and event.orders and event.orders[0] in self.families:
            return self.families[event.orders[0]]
        return Family(len(self.families))

    def _merge(self, event, before):
        """Merged orders are one, and what is left of their families as well."""
        families = {
            self.families[order].number: self.families[order] for order in event.merged
        }
        family, *others = families.values()
        for other in others:
            # Two counts made one: what each has begun is not the other's.
            family.unruly |= other.unruly | {*self.slots}
            family.entered |= other.entered
            family.orders |= other.orders
            for order in other.orders:
                self.families[order] = family
        self.families[event.orders[0]] = family
        family.orders.add(event.orders[0])

    # --- Quantities, in units of the product ---

    def produced(self, orders, snapshot):
        """What came into stock of these orders."""
        total = Fraction(0)
        moves = snapshot.stock_move
        for line in snapshot.stock_move_line.values():
            move = moves.get(line.move_id)
            if (
                line.state == "done"
                and move
                and move.production_id in orders
                and move.product_id == self.product
                and not move.unbuild_id
                and not move.consume_unbuild_id
            ):
                total += exact(line.quantity_product_uom)
        return total

    def planned(self, family, snapshot):
        """What the family makes once all its open orders are done."""
        total = Fraction(0)
        for order in family.orders:
            row = snapshot.mrp_production.get(order)
            if not row:
                continue
            made = self.produced({order}, snapshot)
            if row.state not in ("done", "cancel"):
                planned = exact(row.product_qty) * self.factors[row.product_uom_id]
                made = max(made, planned)
            total += made
        return total

    def components(self, family, snapshot):
        """Of each line: what was expected, what was consumed, what is planned yet."""
        totals = defaultdict(lambda: [Fraction(0)] * 3)
        for move in snapshot.stock_move.values():
            order = snapshot.mrp_production.get(move.raw_material_production_id)
            if move.raw_material_production_id not in family.orders or not order:
                continue
            expected, consumed, planned = totals[move.bom_line_id]
            if move.state == "done" or move.backflush_id:
                # Where nothing was consumed, the posting keeps a cancelled move.
                expected += exact(move.backflush_expected_qty)
                consumed += exact(move.quantity)
            elif move.state != "cancel" and order.state not in ("done", "cancel"):
                planned += exact(move.product_uom_qty)
            totals[move.bom_line_id] = [expected, consumed, planned]
        return totals
