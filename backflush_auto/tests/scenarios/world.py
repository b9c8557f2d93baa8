"""The world of one scenario: its recipe, stock and orders."""

from datetime import datetime, timedelta
from fractions import Fraction

from odoo import Command

from .pool import COMPONENTS, MADE_TO_ORDER, NOT_STORED

PLENTY = 20000
# In product units, what there is of a scarce component.
SCARCE = (7, 12, 20)
# What is there of what is made to order.
SPARE = 6


class World:
    """Makes what a scenario draws, and knows the orders that came of it.

    :param pool: :class:`.pool.Pool`
    :param spec: what :func:`.drawing.draw_world` drew
    """

    def __init__(self, pool, spec):
        self.pool = pool
        self.spec = spec
        self.setup = pool.env
        context = {
            **pool.env.context,
            "tracking_disable": True,
            # Of the companies of the user, as the web client tells.
            "allowed_company_ids": pool.env.company.ids,
        }
        self.env = pool.env(user=pool.user.id, context=context)
        self.warehouse = pool.warehouses[spec["warehouse"]]
        self.stock = self.warehouse.lot_stock_id
        self.shelf = pool.shelves[spec["warehouse"]]
        self.product = pool.products[spec["finished"]]
        self.numbers = 0
        # Who follows what is done, where somebody does.
        self.oracle = None
        # As the recipe is now, which may differ from how it was drawn.
        self.lines = [dict(line) for line in spec["lines"]]
        self.orders = self.env["mrp.production"]
        self._set_company()
        self.bom = self._create_bom()
        self._fill_stock()

    def _set_company(self):
        self.setup.company.write(
            {
                "backflush_reserve": self.spec["reserve"],
                "backflush_serial_auto": self.spec["serial_auto"],
            }
        )

    # --- The recipe ---

    def _create_bom(self):
        spec = self.spec
        bom = self.setup["mrp.bom"].create(
            {
                "product_tmpl_id": self.product.product_tmpl_id.id,
                "product_qty": float(spec["bom_quantity"]),
                "consumption": spec["consumption"],
                "backflush": spec.get("backflush", True),
                "backflush_shortage": spec["shortage"],
                "operation_ids": [
                    Command.create(
                        {"name": str(n), "workcenter_id": self.pool.workcenter.id}
                    )
                    for n in range(spec["operations"])
                ],
                "byproduct_ids": self._prepare_byproducts(),
            }
        )
        # The line that decides how much, of each line that was drawn.
        self.bom_lines = [
            self._create_line(bom, line, self.pool.products[f"kit {number}"])
            for number, line in enumerate(spec["lines"])
        ]
        return bom

    def _prepare_byproducts(self):
        if not self.spec["byproduct"]:
            return []
        values = {"product_id": self.pool.products["scraps"].id, "product_qty": 2}
        return [Command.create(values)]

    def _create_line(self, bom, line, kit):
        values = self.prepare_line(line)
        place = {"bom_id": bom.id}
        if line["operation"] >= 0:
            place["operation_id"] = bom.operation_ids[line["operation"]].id
        if not line["kit"]:
            return bom.bom_line_ids.create({**values, **place})
        kit_bom = self.setup["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "product_qty": 5,
            }
        )
        bom.bom_line_ids.create({**place, "product_id": kit.id, "product_qty": 5})
        return bom.bom_line_ids.create({**values, "bom_id": kit_bom.id})

    def prepare_line(self, line):
        """The values of a line of the bill of materials."""
        return {
            "product_id": self.pool.products[line["product"]].id,
            "product_qty": float(Fraction(line["quantity"])),
            "product_uom_id": self.pool.units[line["unit"]].id,
            "backflush_basis": line["basis"],
            "backflush_scrap": float(line["scrap"]),
            "backflush_rounding": float(line["step"]),
            "backflush_rounding_method": line["direction"],
            "backflush_method": line["method"],
        }

    # --- Stock ---

    def _fill_stock(self):
        names = {line["product"] for line in self.spec["lines"]} - {*NOT_STORED}
        for number, name in enumerate(sorted(names)):
            product = self.pool.products[name]
            amount = SCARCE[number % 3] if self.spec["scarce"] else PLENTY
            if name in MADE_TO_ORDER:
                amount = SPARE
            if COMPONENTS[name][2] == "serial":
                amount = min(amount, 16)
                self._add_lots(product, amount, 1)
            elif COMPONENTS[name][2] == "lot":
                self._add_lots(product, 3, amount / 4, self._create_package())
            else:
                packed = amount / 2 if self.spec["packed"] else 0
                self.add(product, amount - packed)
                self.add(product, 3, self.shelf)
                for box in (self._create_package(), self._create_package()):
                    self.add(product, packed / 2, package_id=box)
            self.add(product, 5, owner_id=self.pool.owner, lot_id=self._lot(product))

    def _create_package(self):
        if not self.spec["packed"]:
            return None
        return self.setup["stock.package"].create({"name": self.next_number("BOX")})

    def _lot(self, product):
        if product.tracking == "none":
            return self.setup["stock.lot"]
        return self.setup["stock.lot"].create(
            {"product_id": product.id, "name": f"owned {product.name}"}
        )

    def _add_lots(self, product, count, quantity, box=None):
        for number in range(count):
            lot = self.setup["stock.lot"].create(
                {"product_id": product.id, "name": f"{product.name} {number:02}"}
            )
            place = self.shelf if number == 1 else self.stock
            day = datetime(2026, 1, 20) - timedelta(days=number)
            packed = {"package_id": box} if number == 2 else {}
            self.add(product, quantity, place, lot_id=lot, in_date=day, **packed)

    def add(self, product, quantity, place=None, **values):
        """Put something into stock, before anything is done."""
        if not quantity:
            return
        if product.tracking == "serial":
            quantity = min(quantity, 1)
        self.setup["stock.quant"]._update_available_quantity(
            product, place or self.stock, quantity, **values
        )

    # --- Orders ---

    def find_orders(self):
        """All orders of the scenario, those that split or merged off as well."""
        self.orders = self.env["mrp.production"].search([], order="id")
        return self.orders

    def find_children(self):
        """The open orders that make what others need."""
        return self.find_orders().filtered(
            lambda order: (
                order.product_id != self.product
                and order.state in ("confirmed", "progress", "to_close")
            )
        )

    def open_orders(self, states=("draft", "confirmed", "progress", "to_close")):
        """The orders that can be worked on, oldest first."""
        return self.find_orders().filtered(
            lambda order: order.state in states and order.product_id == self.product
        )

    def pick(self, number, states=("draft", "confirmed", "progress", "to_close")):
        """One of the open orders.

        :param number: any number, so that a step means something in any world
        :return: the order; empty where none is open
        """
        orders = self.open_orders(states)
        return orders[number % len(orders)] if orders else orders

    def find_lots(self, product, place):
        """The lots of which there is some at a place, the owner's left out."""
        quants = self.setup["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", place.id),
                ("lot_id", "!=", False),
                ("quantity", ">", 0),
                ("owner_id", "=", False),
            ]
        )
        return quants.lot_id.sorted("name")

    def create_lot(self):
        """A new lot of the finished product."""
        values = {"product_id": self.product.id, "name": self.next_number("F")}
        return self.env["stock.lot"].create(values)

    def next_number(self, what):
        """A name that was not used before."""
        self.numbers += 1
        return f"{what} {self.numbers:03}"
