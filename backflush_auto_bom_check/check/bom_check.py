"""Find what bills of materials will deduct wrongly: a method for each kind."""

from collections import defaultdict
from dataclasses import replace

from odoo.tools import float_compare

from .components import Recipes
from .cycles import Structure
from .finding import Finding
from .kinds import KINDS
from .lots import LotStock
from .orders import OpenOrders
from .shortages import find_old_debts, find_shortages


class BomCheck:
    """The check of any number of bills of materials, read in sets.

    :param boms: ``mrp.bom`` whose orders are backflushed
    """

    def __init__(self, boms):
        self.env = boms.env
        self.boms = boms
        recipes = Recipes(boms)
        self.lines = recipes.lines
        self.kits = recipes.kits
        self.loops = recipes.loops
        self.components = recipes.components
        self.deducted = [
            component
            for component in recipes.components
            if component.is_automatic and component.product.type == "consu"
        ]

    def find(self):
        """Look for every kind of finding.

        :return: list of :class:`Finding`, each key once
        """
        findings = [
            *self._find_no_component(),
            *self._find_zero(),
            *self._find_rounds_to_zero(),
            *self._find_exact(),
            *self._find_fine_tolerance(),
            *self._find_archived(),
            *self._find_unit(),
            *self._find_kit_unit(),
            *self._find_finished_unit(),
            *self._find_operations(),
            *self._find_twice(),
            *self._find_no_operation(),
            *self._find_no_work_order(),
            *self._find_no_lot(),
            *self._find_shortages(),
            *self._find_orders(),
            *self._find_cycle(),
            *self._find_loop(),
            *self._find_not_storable(),
        ]
        first = {}
        for finding in findings:
            first.setdefault(finding.key, finding)
        return list(first.values())

    # --- Quantities ---

    def _find_no_component(self):
        deducting = {component.bom for component in self.deducted}
        for bom in self.boms.filtered(lambda bom: bom not in deducting):
            finished = bom.product_id or bom.product_tmpl_id
            yield self._make_finding(
                bom, "no_component", finished=finished.display_name
            )

    def _find_zero(self):
        opened = [component for component, _kit in self.kits]
        for component in [*self.deducted, *opened]:
            if component.is_automatic and not component.line.product_qty:
                yield self._make_component_finding(component, "zero")

    def _find_rounds_to_zero(self):
        for component in self.deducted:
            needed, rounding = component.get_needed(), component.get_rounding()
            if needed and not rounding.apply(needed):
                is_fixed = component.rule["backflush_basis"] == "order"
                yield self._make_component_finding(
                    component,
                    "rounds_to_zero",
                    severity="error" if is_fixed else None,
                    quantity=component.bom.product_qty,
                    unit=component.bom.product_uom_id.name,
                    needed=needed,
                    component_unit=component.line.product_uom_id.name,
                    step=rounding.step,
                )

    # --- Tolerances ---

    def _find_exact(self):
        exact = defaultdict(list)
        for component in self.deducted:
            tolerance = component.line._get_backflush_tolerance()
            if component.bom.consumption == "strict" and not any(tolerance.values()):
                exact[component.bom].append(component.product.display_name)
        for bom, names in exact.items():
            products = ", ".join(dict.fromkeys(names))
            yield self._make_finding(bom, "exact", products=products)

    def _find_fine_tolerance(self):
        for component in self.deducted:
            if component.bom.consumption == "flexible":
                continue
            tolerance = component.line._get_backflush_tolerance()
            percent = min(filter(None, tolerance.values()), default=0.0)
            needed, step = component.get_needed(), component.get_rounding().step
            allowed = needed * percent / 100
            if allowed and float_compare(allowed, step, precision_digits=9) < 0:
                yield self._make_component_finding(
                    component,
                    "fine_tolerance",
                    allowed=f"{allowed:.6g}",
                    percent=f"{percent:g}",
                    quantity=f"{needed:.6g}",
                    unit=component.line.product_uom_id.name,
                    step=step,
                )

    # --- Products and units ---

    def _find_archived(self):
        for component in [*self.components, *(component for component, _ in self.kits)]:
            if component.method != "bulk" and not component.product.active:
                yield self._make_component_finding(component, "archived")

    def _find_not_storable(self):
        for component in self.deducted:
            if not component.product.is_storable:
                yield self._make_component_finding(component, "not_storable")

    def _find_unit(self):
        for component in self.components:
            if component.method != "bulk":
                yield from self._compare_units(component, component.product.uom_id)

    def _find_kit_unit(self):
        for component, kit in self.kits:
            yield from self._compare_units(component, kit.product_uom_id)

    def _compare_units(self, component, other):
        unit = component.line.product_uom_id
        if not unit._has_common_reference(other):
            yield self._make_component_finding(
                component, "unit", unit=unit.name, product_unit=other.name
            )

    def _find_finished_unit(self):
        """The unit of the bill of materials itself, on which every quantity depends."""
        for bom in self.boms:
            unit, other = bom.product_uom_id, bom.product_tmpl_id.uom_id
            if not unit._has_common_reference(other):
                yield self._make_finding(
                    bom,
                    "unit",
                    product=bom.product_tmpl_id.display_name,
                    unit=unit.name,
                    product_unit=other.name,
                )

    # --- Operations ---

    def _find_operations(self):
        for same in self._group_same():
            at_operation = [c for c in same if c.method == "operation" and c.operation]
            parts = self._find_in_same_order(at_operation)
            if len({component.operation for component in parts}) > 1:
                yield self._make_parts_finding(parts, "operations")

    def _find_twice(self):
        for same in self._group_same():
            groups = defaultdict(list)
            for component in same:
                basis = component.rule["backflush_basis"] or "unit"
                key = component.method, component.operation, basis
                groups[key].append(component)
            for group in groups.values():
                parts = self._find_in_same_order(group)
                if parts:
                    yield self._make_parts_finding(parts, "twice")

    def _group_same(self):
        """Lines of the same product on one bill of materials.

        A product that is both on the bill of materials and in a kit is not repeated.
        """
        groups = defaultdict(list)
        for c in self.deducted:
            groups[c.bom, c.line.bom_id, c.parents, c.product].append(c)
        return [group for group in groups.values() if len(group) > 1]

    def _find_in_same_order(self, group):
        """Those that occur together in an order."""
        return [
            c for c in group if any(c.can_share_order(o) for o in group if o is not c)
        ]

    def _make_parts_finding(self, parts, kind):
        names = [
            f"{c.operation.name or c.product.name}: "
            f"{c.line.product_qty:g} {c.line.product_uom_id.name}"
            for c in parts
        ]
        return self._make_component_finding(parts[0], kind, parts=", ".join(names))

    def _find_no_operation(self):
        for component in self._get_at_operation():
            if not component.operation:
                yield self._make_component_finding(component, "no_operation")

    def _find_no_work_order(self):
        for component in self._get_at_operation():
            operation = component.operation
            if operation and not self._makes_work_order(component):
                yield self._make_component_finding(
                    component, "no_work_order", operation=operation.name
                )

    def _get_at_operation(self):
        # A subcontractor finishes no work orders.
        return [
            component
            for component in self.deducted
            if component.method == "operation" and component.bom.type == "normal"
        ]

    def _makes_work_order(self, component):
        """Whether an order with the component has the work order that consumes it."""
        operation = component.operation
        lines = [component.line, *component.parents]
        made = [*(kit_line.product_id for kit_line in lines[1:]), component.variants]
        for line, products in zip(lines, made, strict=True):
            if line.bom_id == operation.bom_id:
                return not products or any(
                    not operation._skip_operation_line(product, component.values)
                    for product in products
                )
        return False

    # --- Lots ---

    def _find_no_lot(self):
        for missing in LotStock(self.env).find_missing(self._get_tracked()):
            component = missing.component
            yield self._make_component_finding(
                component,
                "no_lot",
                severity="info" if missing.ran_out else None,
                locations=[
                    [location.company_id.id, location.display_name]
                    for location in missing.locations
                ],
                quantity=missing.quantity,
                unit=component.product.uom_id.name,
            )

    def _find_shortages(self):
        for component, kind, figures in find_shortages(self.deducted):
            yield self._make_component_finding(component, kind, **figures)
        for bom, debts in find_old_debts(self.boms).items():
            yield self._make_finding(bom, "old_debts", debts=debts)

    def _get_tracked(self):
        # Components are shipped to a subcontractor for each order.
        return [
            component
            for component in self.deducted
            if component.product.tracking != "none" and component.bom.type == "normal"
        ]

    # --- Orders ---

    def _find_orders(self):
        open_orders = OpenOrders(self.boms, self.components)
        for bom in self.boms:
            found = open_orders.find_differing(bom)
            if found:
                yield self._make_finding(
                    bom,
                    "orders",
                    orders=self.env["mrp.production"].union(*found),
                    by_order={
                        str(order.id): products.mapped("display_name")
                        for order, products in found.items()
                    },
                )

    # --- Cycles ---

    def _find_cycle(self):
        structure = Structure(self.env, self.lines)
        for component in self.lines:
            path = structure.find_path(component)
            if path:
                yield self._make_cycle_finding(component, path)

    def _find_loop(self):
        """Kits that contain each other, at any level."""
        for component in self.loops:
            kits = [line.product_id for line in component.parents]
            yield self._make_cycle_finding(
                component, [component.product, *reversed(kits), component.product]
            )

    def _make_cycle_finding(self, component, path):
        names = " → ".join(product.display_name for product in path)
        return self._make_component_finding(component, "cycle", path=names)

    # --- Findings ---

    def _make_component_finding(self, component, kind, severity=None, **figures):
        figures["product"] = component.product.display_name
        if component.parents:
            figures["kit"] = component.line.bom_id.display_name
        finding = self._make_finding(component.bom, kind, **figures)
        return replace(
            finding,
            line=component.line,
            product=component.product,
            severity=severity or finding.severity,
        )

    def _make_finding(self, bom, kind, orders=None, **figures):
        return Finding(
            bom=bom,
            kind=kind,
            line=self.env["mrp.bom.line"],
            product=self.env["product.product"],
            severity=KINDS[kind].severity,
            figures=figures,
            orders=orders or self.env["mrp.production"],
        )
