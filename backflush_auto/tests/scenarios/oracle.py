"""What a family of orders should plan and consume, worked out anew.

Nothing here knows of the addon's own arithmetic. Quantities are fractions, so no binary
noise can hide a difference, nor make one up.
"""

from collections import defaultdict
from fractions import Fraction

from .family import Family, Slot, exact
from .pool import UNITS


class Oracle:
    """Follows the families of orders through a scenario."""

    def __init__(self, world):
        spec = world.spec
        world.oracle = self
        self.product = world.product.id
        self.factors = {
            world.pool.units[name].id: Fraction(UNITS[name][1])
            for name in ("unit", "dozen")
        }
        self.bom_quantity = spec["bom_quantity"]
        # The recipe as it is now: of the orders that are made from now on.
        self.slots = {
            bom_line.id: Slot(line, self.bom_quantity)
            for bom_line, line in zip(world.bom_lines, spec["lines"], strict=True)
        }
        # Of each line, the number of its operation; below zero where it has none.
        self.places = {
            bom_line.id: line["operation"]
            for bom_line, line in zip(world.bom_lines, spec["lines"], strict=True)
        }
        self.families = {}

    def follow(self, event, before, after):
        """Find out which orders belong together after a step."""
        for order, row in sorted(after.mrp_production.items()):
            if row.product_id == self.product and order not in before.mrp_production:
                family = self._find_family(event, row, before, after)
                family.orders.add(order)
                self.families[order] = family
        if not event.refused:
            if event.merged:
                self._merge(event, before)
            self._follow_recipe(event, before)
        for order in event.orders:
            if order in self.families and not event.refused:
                self.families[order].unruly |= event.unruly
                self.families[order].entered |= event.entered
                self.families[order].cancelled |= event.kind == "cancel"
                self.families[order].corrected |= event.kind == "correct"
                self.families[order].yielded |= order in event.byproducts
        for order, row in after.mrp_production.items():
            if not row.backflush and order in self.families:
                self.families[order].unruly |= {*self.slots}
        for family in self.all():
            failed = sum(q for q, _at, _row in self.failures(family.orders, after))
            family.good = max(family.good, self.planned(family, after))
            done = max(family.good, self.worked(family, after))
            family.most = max(family.most, done + failed)
            states = [
                after.mrp_production[order].state
                for order in family.orders & {*after.mrp_production}
            ]
            family.closed = {*states} == {"done"} and not family.cancelled

    def _follow_recipe(self, event, before):
        """What is edited, or updated, is the recipe of an order that has not begun."""
        for line, drawn in event.revised.items():
            self.slots[line] = Slot(drawn, self.bom_quantity)
        for order in event.orders:
            family = self.families.get(order)
            if not family:
                continue
            recipe = {
                line: Slot(drawn, self.bom_quantity)
                for line, drawn in event.edited.items()
            }
            if event.updated:
                recipe = {
                    line: slot
                    for line, slot in self.slots.items()
                    if slot != family.slots[line] or line in family.unruly
                }
            is_alone = self.has_not_begun(family, before) and len(family.orders) == 1
            for line, slot in recipe.items():
                if not is_alone:
                    family.unruly.add(line)
                elif event.updated or line not in family.unruly:
                    family.slots[line] = slot
                    family.unruly.discard(line)

    def has_not_begun(self, family, snapshot):
        """Whether nothing was posted of any order of a family."""
        return not any(
            row.production_id in family.orders
            for row in snapshot.mrp_backflush.values()
        ) and not any(
            move.state == "done" and move.raw_material_production_id in family.orders
            for move in snapshot.stock_move.values()
        )

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
        return Family(len(self.families), self.slots)

    def _merge(self, event, before):
        """Merged orders are one, and what is left of their families as well."""
        families = {
            self.families[order].number: self.families[order] for order in event.merged
        }
        family, *others = families.values()
        unruly = self._get_unruly_of_merged(event, families.values(), before)
        family.slots, family.unruly = dict(self.slots), unruly
        for other in others:
            family.entered |= other.entered
            family.corrected |= other.corrected
            family.yielded |= other.yielded
            family.orders |= other.orders
            for order in other.orders:
                self.families[order] = family
        self.families[event.orders[0]] = family
        family.orders.add(event.orders[0])

    def _get_unruly_of_merged(self, event, families, before):
        """The lines of a merged order whose target nobody knows."""
        has_begun = not all(self.has_not_begun(family, before) for family in families)
        if has_begun and len(families) > 1:
            # Two counts made one: what each has begun is not the other's.
            return {*self.slots}
        orders = set().union(*(family.orders for family in families))
        others = any(
            before.mrp_production[order].state != "cancel"
            for order in (orders - {*event.merged}) & {*before.mrp_production}
        )
        if not (has_begun or others):
            # All of it is the merged order, which has the recipe as it is now.
            return set()
        return set().union(*(family.unruly for family in families)) | {
            line
            for line, slot in self.slots.items()
            if any(family.slots[line] != slot for family in families)
        }

    # --- Quantities, in units of the product ---

    def produced(self, orders, snapshot):
        """What came into stock of these orders, and was not taken back."""
        total = Fraction(0)
        moves = snapshot.stock_move
        corrections = {
            number
            for number, row in snapshot.mrp_backflush.items()
            if row.trigger == "reversal" and row.production_id in orders
        }
        for line in snapshot.stock_move_line.values():
            move = moves.get(line.move_id)
            if (
                line.state == "done"
                and move
                and move.backflush_id in corrections
                and move.product_id == self.product
                and not self._is_scrap_back(move, moves)
            ):
                total -= exact(line.quantity_product_uom)
            if (
                line.state == "done"
                and move
                and move.production_id in orders
                and move.product_id == self.product
                and not move.scrap_id
                and not move.unbuild_id
                and not move.consume_unbuild_id
            ):
                total += exact(line.quantity_product_uom)
        return total

    def _is_scrap_back(self, move, moves):
        """Whether a correction brought back by this move what had failed."""
        origin = moves.get(move.origin_returned_move_id)
        return bool(origin and origin.scrap_id)

    def failures(self, orders, snapshot):
        """What failed on these orders, and was not taken back.

        :return: list of ``(quantity, number of the operation or None, row)``
        """
        found = []
        for row in snapshot.stock_scrap.values():
            posting = snapshot.mrp_backflush.get(row.backflush_id)
            if not (row.backflush_qty and posting and row.production_id in orders):
                continue
            if posting.state == "reversed":
                continue
            order = snapshot.mrp_production[row.production_id]
            quantity = exact(row.backflush_qty) * self.factors[order.product_uom_id]
            steps = sorted(
                number
                for number, workorder in snapshot.mrp_workorder.items()
                if workorder.production_id == row.production_id
            )
            at = steps.index(row.workorder_id) if row.workorder_id else None
            found.append((quantity, at, row))
        return found

    def failed(self, family, line, snapshot):
        """What failed once it had reached a line of the recipe."""
        place = self.places[line]
        return sum(
            quantity
            for quantity, at, _row in self.failures(family.orders, snapshot)
            if place < 0 or at is None or at >= place
        )

    def closing(self, order, snapshot):
        """What failed on an order, and is not made up for."""
        failures = self.failures({order}, snapshot)
        return sum(q for q, _at, row in failures if not row.backflush_make_up)

    def has_failed_early(self, family, snapshot):
        """Whether something failed at an operation, before it was reported."""
        return any(
            snapshot.mrp_backflush[row.backflush_id].trigger == "operation"
            for _quantity, _at, row in self.failures(family.orders, snapshot)
        )

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
                planned -= self.closing(order, snapshot)
                made = max(made, planned)
            total += made
        return total

    def worked(self, family, snapshot):
        """The most that work orders have done of a family, whatever it is to make."""
        done = defaultdict(Fraction)
        for row in snapshot.mrp_workorder.values():
            if row.production_id in family.orders:
                order = snapshot.mrp_production[row.production_id]
                quantity = exact(row.qty_produced) * self.factors[order.product_uom_id]
                done[row.operation_id] += quantity
        return max(done.values(), default=Fraction(0))

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
        self._subtract_returned(family, snapshot, totals)
        return totals

    def _subtract_returned(self, family, snapshot, totals):
        """Leave out of the components of a family what corrections brought back."""
        for move in snapshot.stock_move.values():
            origin = snapshot.stock_move.get(move.origin_returned_move_id)
            if (
                move.backflush_id
                and move.state == "done"
                and not move.raw_material_production_id
                and origin
                and origin.raw_material_production_id in family.orders
            ):
                totals[origin.bom_line_id][0] += exact(move.backflush_expected_qty)
                totals[origin.bom_line_id][1] -= exact(move.quantity)
