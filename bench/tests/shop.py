"""A small shop in which a scenario sets up what it is about."""

from datetime import timedelta

import pytest

from odoo import Command

from bench import stage


class Shop:
    """Builds what a scenario begins with, and keeps what is to be done and to be seen.

    :param env: the superuser's
    """

    def __init__(self, env):
        self.env = env
        self.warehouse = env["stock.warehouse"].search([], limit=1)
        self.user = stage.create_user(env, "scenario")
        self.old_products = env["product.product"].with_context(active_test=False)
        self.old_products = self.old_products.search([])
        self.boms = env["mrp.bom"]
        self.picking_types = self.warehouse.manu_type_id
        self.orders = []
        self.steps = []
        self.complete = _produce_all
        self.expected = {}
        self.differences = []

    @property
    def stock(self):
        """Where the components lie."""
        return self.warehouse.lot_stock_id

    def need(self, module):
        """Leave out a scenario of a module that is not installed."""
        if not self.env["ir.module.module"]._get(module).state == "installed":
            pytest.skip(f"{module} is not installed.")

    # --- What is there ---

    def product(self, name, **values):
        """A product that is kept in stock."""
        values = {"name": name, "is_storable": True, **values}
        return self.env["product.product"].create(values)

    def bom(self, product, *components, **values):
        """A bill of materials, which each side switches.

        :param components: ``(product, quantity)``, or with other values of the line
        """
        lines = [_create_line(*component) for component in components]
        bom = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "backflush_shortage": "block",
                "backflush_over_completion": 0.0,  # stock Odoo does not ask
                "bom_line_ids": lines,
                **values,
            }
        )
        self.boms += bom
        return bom

    def chair(self, *components, **values):
        """The bill of materials of a chair."""
        return self.bom(self.product("Chair"), *components, **values)

    def shelf(self, name):
        """A place in the stock."""
        vals = {"name": name, "location_id": self.stock.id}
        return self.env["stock.location"].create(vals)

    def lot(self, product, name, **values):
        """A lot or a serial number."""
        vals = {"product_id": product.id, "name": name, **values}
        return self.env["stock.lot"].create(vals)

    def package(self, name):
        """A package."""
        return self.env["stock.package"].create({"name": name})

    def owner(self, name):
        """Somebody whose goods lie in our stock."""
        return self.env["res.partner"].create({"name": name})

    def put(self, product, quantity, location=None, day=0, **place):
        """Put goods into stock.

        :param day: on which they came, counted from one long ago
        :param place: ``lot_id``, ``package_id``, ``owner_id``: records
        """
        self.env["stock.quant"]._update_available_quantity(
            product,
            location or self.stock,
            quantity,
            in_date=stage.RECEIVED + timedelta(days=day),
            **place,
        )

    def put_lots(self, product, lots, **values):
        """Put lots into stock, a day after the other.

        :param lots: quantity of each, by its name
        """
        for day, (name, quantity) in enumerate(lots.items()):
            lot = self.lot(product, name, **values)
            self.put(product, quantity, day=day, lot_id=lot)

    def deliver(self, product, quantity):
        """A delivery that has reserved what there is of a product."""
        vals = {
            "product_id": product.id,
            "product_uom_qty": quantity,
            "location_id": self.stock.id,
            "location_dest_id": self.env.ref("stock.stock_location_customers").id,
            "picking_type_id": self.warehouse.out_type_id.id,
        }
        move = self.env["stock.move"].create(vals)
        move._action_confirm()
        move._action_assign()

    def remove_by(self, strategy):
        """Set the removal strategy of the stock."""
        self.stock.removal_strategy_id = self.env.ref(strategy)

    def operation(self, name, **values):
        """An operation for a bill of materials, at a work center of its own.

        :param values: of the work center
        """
        centre = self.env["mrp.workcenter"].create({"name": name, **values})
        return Command.create({"name": name, "workcenter_id": centre.id})

    # --- What is done ---

    def product_of(self, bom):
        """What is made by a bill of materials."""
        return bom.product_tmpl_id.product_variant_id

    def order(self, bom, quantity=1, **values):
        """An order, to be created, confirmed and completed together with the others."""
        vals = {
            "product_id": self.product_of(bom).id,
            "product_qty": quantity,
            "bom_id": bom.id,
        }
        self.orders.append({**vals, **values})

    def then(self, step):
        """Something that happens to the confirmed orders before they are completed.

        :param step: function of the orders, as the user sees them
        """
        self.steps.append(step)

    def complete_by(self, function):
        """Another way to complete the orders than Produce All."""
        self.complete = function

    # --- What is seen ---

    def expect(self, **expected):
        """What shows that a side has really played the scenario.

        Goods are told by their product and by what tells their place from plain stock:
        lot, package, owner, location.

        :param taken: quantity that was consumed of each component
        :param made: quantity that was produced of each product
        :param values: what was produced of each product is worth
        :param left: quantity that a product has in stock in the end
        :param quants: the same, of each quant
        :param rows: how many rows of a table were written
        """
        self.expected = expected

    def differ(self, *differences):
        """Where ours is meant to differ, in the words of the comparison."""
        self.differences = list(differences)


def _create_line(product, quantity, more=()):
    vals = {"product_id": product.id, "product_qty": quantity, **dict(more)}
    return Command.create(vals)


def _produce_all(orders):
    orders.button_mark_done()
