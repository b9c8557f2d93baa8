"""What bills of materials will deduct wrongly: a method for each kind of finding."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain

from .bom_cycles import Structure
from .bom_kinds import KINDS
from .bom_orders import OpenOrders
from .bom_recipe import Recipes

# More names than these are cut short.
LISTED = 10


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """What a check has found.

    :param bom: ``mrp.bom`` that deducts wrongly
    :param kind: of ``KINDS``
    :param line: ``mrp.bom.line`` to mend, may be empty; of the bill of materials or of
        a kit in it
    :param product: ``product.product`` that is deducted wrongly, may be empty
    :param severity: of ``SEVERITIES``
    :param figures: what the texts of the kind name; numbers are for each reader to
        format
    :param orders: ``mrp.production`` that are concerned
    """

    bom: models.BaseModel
    kind: str
    line: models.BaseModel
    product: models.BaseModel
    severity: str
    figures: dict
    orders: models.BaseModel

    @property
    def key(self):
        """What makes it the same finding in the next check."""
        return self.bom.id, self.kind, self.line.id, self.product.id


class BomCheck:
    """The check of bills of materials, all of them at once.

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
        self._operation_types = self.env["stock.picking.type"].search(
            [("code", "=", "mrp_operation")]
        )
        self.deducted = [
            component
            for component in recipes.components
            if component.is_automatic and component.product.type == "consu"
        ]

    def find(self):
        """Look for every kind of finding.

        :return: list of :class:`Problem`, each key once
        """
        problems = [
            *self._find_no_component(),
            *self._find_zero(),
            *self._find_rounds_to_zero(),
            *self._find_archived(),
            *self._find_unit(),
            *self._find_kit_unit(),
            *self._find_finished_unit(),
            *self._find_operations(),
            *self._find_twice(),
            *self._find_no_operation(),
            *self._find_no_work_order(),
            *self._find_no_lot(),
            *self._find_serial(),
            *self._find_orders(),
            *self._find_cycle(),
            *self._find_loop(),
            *self._find_not_storable(),
        ]
        first = {}
        for problem in problems:
            first.setdefault(problem.key, problem)
        return list(first.values())

    # --- Quantities ---

    def _find_no_component(self):
        deducting = {component.bom for component in self.deducted}
        for bom in self.boms.filtered(lambda bom: bom not in deducting):
            finished = bom.product_id or bom.product_tmpl_id
            yield self._report(bom, "no_component", finished=finished.display_name)

    def _find_zero(self):
        opened = [component for component, _kit in self.kits]
        for component in [*self.deducted, *opened]:
            if component.is_automatic and not component.line.product_qty:
                yield self._report_component(component, "zero")

    def _find_rounds_to_zero(self):
        for component in self.deducted:
            needed, rounding = component.get_needed(), component.get_rounding()
            if needed and not rounding.apply(needed):
                is_fixed = component.rule["backflush_basis"] == "order"
                yield self._report_component(
                    component,
                    "rounds_to_zero",
                    severity="error" if is_fixed else None,
                    quantity=component.bom.product_qty,
                    unit=component.bom.product_uom_id.name,
                    needed=needed,
                    component_unit=component.line.product_uom_id.name,
                    step=rounding.step,
                )

    # --- Products and units ---

    def _find_archived(self):
        for component in [*self.components, *(component for component, _ in self.kits)]:
            if component.method != "bulk" and not component.product.active:
                yield self._report_component(component, "archived")

    def _find_not_storable(self):
        for component in self.deducted:
            if not component.product.is_storable:
                yield self._report_component(component, "not_storable")

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
            yield self._report_component(
                component, "unit", unit=unit.name, product_unit=other.name
            )

    def _find_finished_unit(self):
        """The unit of the bill of materials itself, that every quantity hangs on."""
        for bom in self.boms:
            unit, other = bom.product_uom_id, bom.product_tmpl_id.uom_id
            if not unit._has_common_reference(other):
                yield self._report(
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
            parts = self._find_meeting(at_operation)
            if len({component.operation for component in parts}) > 1:
                yield self._report_parts(parts, "operations")

    def _find_twice(self):
        for same in self._group_same():
            groups = defaultdict(list)
            for component in same:
                basis = component.rule["backflush_basis"] or "unit"
                key = component.method, component.operation, basis
                groups[key].append(component)
            for group in groups.values():
                parts = self._find_meeting(group)
                if parts:
                    yield self._report_parts(parts, "twice")

    def _group_same(self):
        """The lines of one product in one bill of materials, where there are several.

        That a kit brings what the bill of materials has, too, is what kits are for.
        """
        groups = defaultdict(list)
        for c in self.deducted:
            groups[c.bom, c.line.bom_id, c.parents, c.product].append(c)
        return [group for group in groups.values() if len(group) > 1]

    def _find_meeting(self, group):
        """Those that stand in one order together."""
        return [c for c in group if any(c.meets(o) for o in group if o is not c)]

    def _report_parts(self, parts, kind):
        names = [
            f"{c.operation.name or c.product.name}: "
            f"{c.line.product_qty:g} {c.line.product_uom_id.name}"
            for c in parts
        ]
        return self._report_component(parts[0], kind, parts=", ".join(names))

    def _find_no_operation(self):
        for component in self._get_at_operation():
            if not component.operation:
                yield self._report_component(component, "no_operation")

    def _find_no_work_order(self):
        for component in self._get_at_operation():
            operation = component.operation
            if operation and not self._makes_work_order(component):
                yield self._report_component(
                    component, "no_work_order", operation=operation.name
                )

    def _get_at_operation(self):
        # A subcontractor has no operations to report at.
        return [
            component
            for component in self.deducted
            if component.method == "operation" and component.bom.type == "normal"
        ]

    def _makes_work_order(self, component):
        """Whether orders with the component have the work order that consumes it."""
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
        groups = defaultdict(list)
        for component in self._get_tracked():
            groups[self._get_sources(component)].append(component)
        for sources, components in groups.items():
            yield from self._find_no_lot_at(sources, components)

    def _find_no_lot_at(self, sources, components):
        products = self.env["product.product"].union(*(c.product for c in components))
        with_lots, without = self._read_stock(sources, products)
        known = self._find_with_lots_ever(products - with_lots)
        for component in components:
            product = component.product
            if product not in with_lots:
                ran_out = product in known and product not in without
                yield self._report_component(
                    component,
                    "no_lot",
                    severity="info" if ran_out else None,
                    locations=[
                        [place.company_id.id, place.display_name] for place in sources
                    ],
                    quantity=without.get(product, 0.0),
                    unit=product.uom_id.name,
                )

    def _find_serial(self):
        for component in self._get_tracked():
            company = component.bom.company_id or self.env.company
            is_serial = component.product.tracking == "serial"
            if is_serial and not company.backflush_serial_auto:
                yield self._report_component(component, "serial")

    def _get_tracked(self):
        # What a subcontractor consumes is brought there for each order.
        return [
            component
            for component in self.deducted
            if component.product.tracking != "none" and component.bom.type == "normal"
        ]

    def _get_sources(self, component):
        """The locations that orders take a component from, or are brought it."""
        if component.point_of_use:
            return component.point_of_use
        bom = component.bom
        company = bom.company_id
        types = bom.picking_type_id or self._operation_types.filtered(
            lambda picking_type: not company or picking_type.company_id == company
        )
        several_steps = types.warehouse_id.filtered(
            lambda warehouse: warehouse.manufacture_steps != "mrp_one_step"
        )
        return types.default_location_src_id | several_steps.lot_stock_id

    def _read_stock(self, locations, products):
        """What is on hand of tracked products.

        :return: those with lots, and ``{product: quantity}`` of what has none, in the
            unit of the product
        """
        groups = self.env["stock.quant"]._read_group(
            Domain("location_id", "child_of", locations.ids)
            & Domain("product_id", "in", products.ids)
            & Domain("quantity", ">", 0),
            ["product_id"],
            ["lot_id:count", "quantity:sum"],
        )
        with_lots = products.browse(product.id for product, lots, _ in groups if lots)
        return with_lots, {product: qty for product, lots, qty in groups if not lots}

    def _find_with_lots_ever(self, products):
        domain = [("product_id", "in", products.ids)]
        return {p for (p,) in self.env["stock.lot"]._read_group(domain, ["product_id"])}

    # --- Orders ---

    def _find_orders(self):
        open_orders = OpenOrders(self.boms, self.components)
        for bom in self.boms:
            found = open_orders.find_differing(bom)
            if found:
                yield self._report(
                    bom,
                    "orders",
                    found=self.env["mrp.production"].union(*found),
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
                yield self._report_cycle(component, path)

    def _find_loop(self):
        """Kits that contain each other, wherever they stand."""
        for component in self.loops:
            kits = [line.product_id for line in component.parents]
            yield self._report_cycle(
                component, [component.product, *reversed(kits), component.product]
            )

    def _report_cycle(self, component, path):
        names = " → ".join(product.display_name for product in path)
        return self._report_component(component, "cycle", path=names)

    # --- The report ---

    def _report_component(self, component, kind, severity=None, **figures):
        figures["product"] = component.product.display_name
        if component.parents:
            figures["kit"] = component.line.bom_id.display_name
        return Problem(
            bom=component.bom,
            kind=kind,
            line=component.line,
            product=component.product,
            severity=severity or KINDS[kind].severity,
            figures=figures,
            orders=self.env["mrp.production"],
        )

    def _report(self, bom, kind, found=None, **figures):
        return Problem(
            bom=bom,
            kind=kind,
            line=self.env["mrp.bom.line"],
            product=self.env["product.product"],
            severity=KINDS[kind].severity,
            figures=figures,
            orders=found or self.env["mrp.production"],
        )


def list_names(names):
    """Names in their order, not more of them than a reader wants to see."""
    names = sorted(set(names))
    return ", ".join(names[:LISTED] + ["…"] * (len(names) > LISTED))
