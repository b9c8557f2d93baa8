"""The products that scenarios are about, made once for all of them."""

from odoo import Command

from .bystander import Bystander

UNITS = {
    "unit": ("uom.product_uom_unit", "1"),
    "dozen": ("uom.product_uom_dozen", "12"),
    "kg": ("uom.product_uom_kgm", "1"),
    "g": ("uom.product_uom_gram", "0.001"),
    "m": ("uom.product_uom_meter", "1"),
    "cm": ("uom.product_uom_cm", "0.01"),
}
# The unit of a product, the units of its lines, how it is tracked.
COMPONENTS = {
    "board": ("unit", ("unit", "unit", "dozen"), "none"),
    "bolt": ("unit", ("unit", "dozen"), "none"),
    "glue": ("kg", ("kg", "g"), "none"),
    "rail": ("m", ("m", "cm"), "none"),
    "paint": ("unit", ("unit",), "lot"),
    "resin": ("kg", ("kg", "g"), "lot"),
    "motor": ("unit", ("unit",), "serial"),
    "tape": ("unit", ("unit",), "none"),
    # made to order, of tape
    "leg": ("unit", ("unit", "unit", "dozen"), "none"),
}
FINISHED = {"table": "none", "lamp": "lot", "engine": "serial"}
NOT_STORED = ("tape",)
MADE_TO_ORDER = ("leg",)


class Pool:
    """Products, places and people of the scenarios."""

    def __init__(self, env, user):
        self.env = env
        self.user = user
        self.units = {name: env.ref(ref) for name, (ref, _factor) in UNITS.items()}
        self.products = {
            name: self._create_product(name, unit, tracking)
            for name, (unit, _units, tracking) in COMPONENTS.items()
        }
        for name, tracking in FINISHED.items():
            self.products[name] = self._create_product(name, "unit", tracking)
        for name in ("kit 0", "kit 1", "kit 2", "scraps"):
            self.products[name] = self._create_product(name, "unit", "none")
        self.warehouses = self._create_warehouses()
        for name in MADE_TO_ORDER:
            self._make_to_order(self.products[name])
        self.owner = env["res.partner"].create({"name": "Owner"})
        self.workcenter = env["mrp.workcenter"].create({"name": "Bench"})
        self.bystander = Bystander(self)

    def _create_product(self, name, unit, tracking):
        return self.env["product.product"].create(
            {
                "name": name,
                "default_code": name,
                "is_storable": name not in NOT_STORED,
                "uom_id": self.units[unit].id,
                "tracking": tracking,
            }
        )

    def _create_warehouses(self):
        """With one, two and three steps of manufacturing."""
        warehouse = self.env["stock.warehouse"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        warehouses = [warehouse]
        for code, steps in (("W2", "pbm"), ("W3", "pbm_sam")):
            warehouses.append(
                self.env["stock.warehouse"].create(
                    {"name": code, "code": code, "manufacture_steps": steps}
                )
            )
        shelves = [
            {
                "name": f"Shelf {warehouse.code}",
                "location_id": warehouse.lot_stock_id.id,
            }
            for warehouse in warehouses
        ]
        self.shelves = self.env["stock.location"].create(shelves)
        return warehouses

    def _make_to_order(self, product):
        """An order that needs it has another order make it."""
        mto = self.warehouses[0].mto_pull_id.route_id
        mto.active = True
        product.route_ids = mto | self.warehouses[0].manufacture_pull_id.route_id
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": self.products["tape"].id})
                ],
            }
        )
