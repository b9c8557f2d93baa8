"""The components of many bills of materials at once, kits opened.

``mrp.bom.explode`` explodes one bill of materials for one variant, searches each time,
and never returns where kits contain each other. The check needs all bills of materials,
with one search for each level of kits.
"""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models

AUTOMATIC = ("completion", "operation", "start")


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """A line of a bill of materials, or of a kit in it.

    :param bom: ``mrp.bom`` that orders are made from
    :param line: ``mrp.bom.line``
    :param parents: the kit lines that lead to it, the innermost first
    :param variants: ``product.product`` that are produced with it; empty where the
        product has no variant yet
    :param quantity: for the quantity of the bill of materials, in the unit of the line,
        unrounded
    """

    bom: models.BaseModel
    line: models.BaseModel
    parents: models.BaseModel
    variants: models.BaseModel
    quantity: float

    @property
    def product(self):
        return self.line.product_id

    @property
    def method(self):
        """When it is consumed; see ``mrp.bom.line``."""
        return self.line._get_backflush_method(self.parents) or "completion"

    @property
    def is_automatic(self):
        """Whether it is consumed without anyone recording it."""
        return self.method in AUTOMATIC

    @property
    def operation(self):
        """The operation whose work order consumes it: of the line, else of its kit."""
        return self.line.operation_id or self.parents[:1].operation_id

    @property
    def point_of_use(self):
        """The location it is taken from; empty where the order decides."""
        return self.line._get_backflush_location(self.parents)

    @property
    def boms(self):
        """The bill of materials and the kits that contain the line."""
        return self.bom | self.line.bom_id | self.parents.bom_id

    @property
    def values(self):
        """The attribute values it is for that create no variant."""
        return _get_options(self.line)

    @property
    def rule(self):
        """Basis, scrap and rounding; see ``_get_backflush_quantity_rule``."""
        return self.line._get_backflush_quantity_rule(self.parents)

    def get_needed(self):
        """The unrounded consumption for the quantity of the bill of materials.

        :return: quantity in the unit of the line, scrap included
        """
        rule = self.rule
        is_fixed = rule["backflush_basis"] == "order"
        base = rule["backflush_fixed"] if is_fixed else self.quantity
        return base * (1 + rule["backflush_scrap"] / 100)

    def get_rounding(self):
        """The rounding of its quantities, in the unit of the line."""
        line = self.line
        return line._make_backflush_rule(
            0.0, self.rule, line.product_id, line.product_uom_id
        ).rounding

    def get_ratio(self):
        """The consumption per unit of the product, or per order; what orders remember.

        :return: quantity in the unit of the line, unrounded and without scrap
        """
        rule = self.rule
        if rule["backflush_basis"] == "order":
            return rule["backflush_fixed"]
        unit = self.bom.product_tmpl_id.uom_id
        runs = unit._compute_quantity(1.0, self.bom.product_uom_id, round=False)
        return self.quantity * runs / self.bom.product_qty

    def can_share_order(self, other):
        """Whether an order can have both components."""
        if self.values != other.values:
            return False
        return self.variants == other.variants or bool(self.variants & other.variants)

    def is_for(self, order):
        """Whether the component is for the product of an order."""
        values = order.never_product_template_attribute_value_ids
        products = [*(parent.product_id for parent in self.parents), order.product_id]
        lines = [self.line, *self.parents]
        return not any(
            line._skip_bom_line(product, values)
            for line, product in zip(lines, products, strict=True)
        )

    def open(self, kit):
        """The components of the kit that this component is.

        :param kit: ``mrp.bom`` of the type ``phantom``
        :return: list of :class:`Component`, without those that are for no variant
        """
        runs = self.line.product_uom_id._compute_quantity(
            self.quantity / kit.product_qty, kit.product_uom_id, round=False
        )
        return [
            Component(
                bom=self.bom,
                line=line,
                parents=self.line + self.parents,
                variants=self.variants,
                quantity=runs * line.product_qty,
            )
            for line in kit.bom_line_ids
            if _find_variants(line, self.product) is not None
        ]


class Recipes:
    """The components of bills of materials.

    :param boms: ``mrp.bom`` that orders are made from
    """

    def __init__(self, boms):
        self.env = boms.env
        self.lines = [c for bom in boms for c in self._get_lines(bom)]
        self.components = []
        self.kits = []
        self.loops = []
        self._known_kits = {}
        self._read()

    def _get_lines(self, bom):
        products = bom.product_id or bom.product_tmpl_id.product_variant_ids
        for line in bom.bom_line_ids:
            variants = _find_variants(line, products)
            if variants is not None:
                yield Component(
                    bom, line, line.browse(), variants, quantity=line.product_qty
                )

    def _read(self):
        """Open the kits, one level after the other.

        ``components`` are consumed by orders, ``kits`` are pairs of a component and the
        bill of materials that replaces it, ``loops`` are kits that contain themselves
        and are not opened.
        """
        level = self.lines
        while level:
            self._find_kits(level)
            below = []
            for component in level:
                kit = self._known_kits[self._get_place(component)]
                if not kit:
                    self.components.append(component)
                elif kit in component.boms:
                    self.loops.append(component)
                else:
                    self.kits.append((component, kit))
                    below += component.open(kit)
            level = below

    def _find_kits(self, level):
        wanted = defaultdict(self.env["product.product"].browse)
        for component in level:
            company, picking_type, product = self._get_place(component)
            if (company, picking_type, product) not in self._known_kits:
                wanted[company, picking_type] |= product
        for (company, picking_type), products in wanted.items():
            kits = self.env["mrp.bom"]._bom_find(
                products, picking_type, company_id=company.id, bom_type="phantom"
            )
            for product in products:
                self._known_kits[company, picking_type, product] = kits[product]

    def _get_place(self, component):
        bom = component.bom
        return bom.company_id, bom.picking_type_id, component.product


def _find_variants(line, products):
    """Those of the products that a line is for, or None if it is for none."""
    if not products or not line.bom_product_template_attribute_value_ids:
        return products
    values = _get_options(line)
    return products.filtered(lambda p: not line._skip_bom_line(p, values)) or None


def _get_options(line):
    return line.bom_product_template_attribute_value_ids.filtered(
        lambda value: value.attribute_id.create_variant == "no_variant"
    )
