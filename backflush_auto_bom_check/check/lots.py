"""Tracked components without a lot where orders take them from."""

from collections import defaultdict
from dataclasses import dataclass

from odoo import models
from odoo.fields import Domain

from .components import Component


@dataclass(frozen=True, slots=True, eq=False)
class MissingLot:
    """A component none of whose lots is in stock.

    :param component: :class:`Component`
    :param locations: ``stock.location`` that orders take it from
    :param quantity: on hand there without a lot, in the unit of the product
    :param ran_out: whether there have been lots, and nothing is left of them
    """

    component: Component
    locations: models.BaseModel
    quantity: float
    ran_out: bool


class LotStock:
    """Stock of tracked components, read once for each set of locations.

    :param env: environment to read with
    """

    def __init__(self, env):
        self.env = env
        self._operation_types = env["stock.picking.type"].search(
            [("code", "=", "mrp_operation")]
        )

    def find_missing(self, components):
        """Tracked components that production would be refused for.

        :param components: list of :class:`Component`
        :return: yields :class:`MissingLot`
        """
        groups = defaultdict(list)
        for component in components:
            groups[self._get_locations(component)].append(component)
        for locations, group in groups.items():
            yield from self._find_missing_at(locations, group)

    def _find_missing_at(self, locations, components):
        products = self.env["product.product"].union(*(c.product for c in components))
        with_lots, without_lots = self._read_stock(locations, products)
        known = self._find_with_lots_ever(products - with_lots)
        for component in components:
            product = component.product
            if product not in with_lots:
                yield MissingLot(
                    component,
                    locations,
                    quantity=without_lots.get(product, 0.0),
                    ran_out=product in known and product not in without_lots,
                )

    def _get_locations(self, component):
        """The locations that orders take a component from, or that it is brought to."""
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
        """Read what is on hand of tracked products.

        :return: the products with lots, and ``{product: quantity}`` of those without,
            in the unit of the product
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
