"""What bills of materials take, kits looked into, for many of them at once.

``mrp.bom.explode`` takes one bill of materials, one variant and searches of its own,
and does not end where kits contain each other. A check wants all of them, in one search
for each level of kits.
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
    :param parents: the kit lines around it, from the inside out
    :param variants: ``product.product`` that are made with it; empty where the product
        has no variant yet
    :param quantity: of the line's product, in the line's unit, for what the bill of
        materials makes; unrounded
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
        """Whether it leaves stock by itself."""
        return self.method in AUTOMATIC

    @property
    def operation(self):
        """The operation whose work order consumes it: the line's, else its kit's."""
        return self.line.operation_id or self.parents[:1].operation_id

    @property
    def point_of_use(self):
        """Where it is taken from; empty where the order decides."""
        return self.line._get_backflush_location(self.parents)

    @property
    def boms(self):
        """The bill of materials and the kits that lead here."""
        return self.bom | self.line.bom_id | self.parents.bom_id

    @property
    def values(self):
        """The values of the product without a variant of their own it is for."""
        return _get_options(self.line)

    @property
    def rule(self):
        """What says how much is consumed; see ``_get_backflush_quantity_rule``."""
        return self.line._get_backflush_quantity_rule(self.parents)

    def get_needed(self):
        """What a run of the bill of materials takes, before it is rounded.

        :return: quantity in the line's unit, scrap included
        """
        rule = self.rule
        is_fixed = rule["backflush_basis"] == "order"
        base = rule["backflush_fixed"] if is_fixed else self.quantity
        return base * (1 + rule["backflush_scrap"] / 100)

    def get_rounding(self):
        """The grid of its quantities, in the line's unit."""
        line = self.line
        return line._make_backflush_rule(
            0.0, self.rule, line.product_id, line.product_uom_id
        ).rounding

    def get_ratio(self):
        """What one unit of the product takes, or an order; as orders remember it.

        :return: quantity in the line's unit, unrounded and without scrap
        """
        rule = self.rule
        if rule["backflush_basis"] == "order":
            return rule["backflush_fixed"]
        unit = self.bom.product_tmpl_id.uom_id
        runs = unit._compute_quantity(1.0, self.bom.product_uom_id, round=False)
        return self.quantity * runs / self.bom.product_qty

    def meets(self, other):
        """Whether an order can have both."""
        if self.values != other.values:
            return False
        return self.variants == other.variants or bool(self.variants & other.variants)

    def is_for(self, order):
        """Whether an order has it."""
        values = order.never_product_template_attribute_value_ids
        products = [*(parent.product_id for parent in self.parents), order.product_id]
        lines = [self.line, *self.parents]
        return not any(
            line._skip_bom_line(product, values)
            for line, product in zip(lines, products, strict=True)
        )

    def open(self, kit):
        """The lines of the kit that this one is.

        :param kit: ``mrp.bom`` of the type ``phantom``
        :return: list of :class:`Component`, without those that no variant has
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

        ``components`` are what orders consume, ``kits`` pairs of a component and the
        bill of materials it is made of in its place, ``loops`` those that contain
        themselves, which are not opened.
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
    """The products that a line is for: some of these, or None if it is for none."""
    if not products or not line.bom_product_template_attribute_value_ids:
        return products
    values = _get_options(line)
    return products.filtered(lambda p: not line._skip_bom_line(p, values)) or None


def _get_options(line):
    return line.bom_product_template_attribute_value_ids.filtered(
        lambda value: value.attribute_id.create_variant == "no_variant"
    )
