"""What the tests make in the database: users, products, recipes, stock, orders."""

import itertools

from .clients import Browser, Json2, XmlRpc


class User:
    """A user with a password and an API key, and the ways in that they open."""

    def __init__(self, server, login, password):
        self.login = login
        self.password = password
        self.browser = Browser(server, login, password)
        self.key = self.browser.make_key("live tests")
        self.json2 = Json2(server, self.key)
        self.xmlrpc = XmlRpc(server, login, self.key)


class Factory:
    """Makes records as the administrator."""

    def __init__(self, server):
        self.server = server
        self.admin = User(server, "admin", "admin")
        self.numbers = itertools.count(1)
        self.call = self.admin.json2.call
        [self.company_id] = self.find("res.company", [])
        self.location_id = self._find_location(self.company_id)

    def find(self, model, domain, **keywords):
        """Search records; their ids."""
        return self.call(model, "search", domain=domain, **keywords)

    def read(self, model, ids, *names):
        """Read fields of records."""
        rows = self.call(model, "read", ids, fields=list(names), load=None)
        by_id = {row["id"]: row for row in rows}
        return [by_id[record_id] for record_id in ids]

    def create(self, model, *vals_list, **keywords):
        """Create records; their ids."""
        return self.call(model, "create", vals_list=list(vals_list), **keywords)

    def find_ref(self, name):
        """The record of an external name; 0 where its module is not installed."""
        module, name = name.split(".")
        domain = [["module", "=", module], ["name", "=", name]]
        rows = self.call("ir.model.data", "search_read", domain=domain)
        return rows[0]["res_id"] if rows else 0

    def make_user(self, login, *groups, company_id=0):
        """Make a user with just these groups."""
        company_id = company_id or self.company_id
        # With mrp_account, Odoo lets nobody finish work who cannot read accounts.
        if "mrp.group_mrp_user" in groups:
            groups += ("account.group_account_readonly",)
        group_ids = [self.find_ref(name) for name in ("base.group_user", *groups)]
        self.create(
            "res.users",
            {
                "name": login,
                "login": login,
                "password": f"{login}-password",
                "group_ids": [[6, 0, [found for found in group_ids if found]]],
                "company_id": company_id,
                "company_ids": [[6, 0, [company_id]]],
            },
            context={"no_reset_password": True},
        )
        return User(self.server, login, f"{login}-password")

    def make_company(self, name):
        """Make a company; its id."""
        [company_id] = self.create("res.company", {"name": name})
        [user_id] = self.find("res.users", [["login", "=", "admin"]])
        vals = {"company_ids": [[4, company_id]]}
        self.call("res.users", "write", [user_id], vals=vals)
        vals = {"name": name, "code": "FOR", "company_id": company_id}
        self.create("stock.warehouse", vals)
        return company_id

    def make_product(self, name, stock=0, **values):
        """Make a product with this much in stock; its id."""
        values = {"name": name, "is_storable": True, **values}
        [product_id] = self.create("product.product", values)
        if stock:
            self.add_stock(product_id, stock)
        return product_id

    def add_stock(self, product_id, quantity, location_id=0, lot_id=False):
        """Have a quantity counted."""
        context = {"inventory_mode": True}
        vals = {
            "product_id": product_id,
            "location_id": location_id or self.location_id,
            "lot_id": lot_id,
            "inventory_quantity": quantity,
        }
        quants = self.create("stock.quant", vals, context=context)
        self.call("stock.quant", "action_apply_inventory", quants)

    def make_bom(self, product_id, components, **values):
        """Make a recipe that is backflushed; its id.

        :param components: ``{product id: quantity}``
        """
        [product] = self.read("product.product", [product_id], "product_tmpl_id")
        lines = [
            [0, 0, {"product_id": component_id, "product_qty": quantity}]
            for component_id, quantity in components.items()
        ]
        [bom_id] = self.create(
            "mrp.bom",
            {
                "product_tmpl_id": product["product_tmpl_id"],
                "bom_line_ids": lines,
                "backflush": True,
                "backflush_shortage": "block",
                **values,
            },
        )
        return bom_id

    def make_orders(self, product_id, quantities, context=None, **values):
        """Make and confirm an order for each quantity; their ids."""
        ids = self.create(
            "mrp.production",
            *(
                {"product_id": product_id, "product_qty": quantity, **values}
                for quantity in quantities
            ),
            context=context or {},
        )
        self.call("mrp.production", "action_confirm", ids, context=context or {})
        return ids

    def make_chair(self, boards=1000, bolts=1000, **values):
        """A chair of 2 boards and 4 bolts, with these in stock.

        :param values: of the chair
        """
        number = next(self.numbers)
        chair = self.make_product(f"Chair {number}", **values)
        board = self.make_product(
            f"Board {number}", boards, default_code=f"BOARD-{number}"
        )
        bolt = self.make_product(f"Bolt {number}", bolts)
        self.make_bom(chair, {board: 2, bolt: 4})
        return Chair(self, chair, board, bolt)

    def make_routing(self, product_id, *names):
        """Give a product's recipe operations that consume its components.

        :param names: of the operations, one for each line of the recipe
        """
        [product] = self.read("product.product", [product_id], "product_tmpl_id")
        domain = [["product_tmpl_id", "=", product["product_tmpl_id"]]]
        [bom] = self.call("mrp.bom", "search_read", domain=domain)
        [centre_id] = self.create("mrp.workcenter", {"name": "Bench"})
        values = [
            {"name": name, "bom_id": bom["id"], "workcenter_id": centre_id}
            for name in names
        ]
        operation_ids = self.create("mrp.routing.workcenter", *values)
        for line_id, operation_id in zip(
            bom["bom_line_ids"], operation_ids, strict=True
        ):
            vals = {"operation_id": operation_id, "backflush_method": "operation"}
            self.call("mrp.bom.line", "write", [line_id], vals=vals)

    def read_stock(self, product_id, location_id=0):
        """Quantity on hand, read from the database itself."""
        [[quantity]] = self.server.query(
            "SELECT coalesce(sum(quantity), 0) FROM stock_quant"
            " WHERE product_id = %s AND location_id = %s",
            product_id,
            location_id or self.location_id,
        )
        return float(quantity)

    def _find_location(self, company_id):
        domain = [["company_id", "=", company_id]]
        [warehouse] = self.call(
            "stock.warehouse", "search_read", domain=domain, fields=["lot_stock_id"]
        )
        return warehouse["lot_stock_id"][0]


class Chair:
    """A product with its two components."""

    def __init__(self, factory, product_id, board_id, bolt_id):
        self.factory = factory
        self.id = product_id
        self.board_id = board_id
        self.bolt_id = bolt_id

    def order(self, *quantities, **values):
        """Make and confirm an order for each quantity; their ids."""
        return self.factory.make_orders(self.id, quantities, **values)

    def read_stock(self):
        """What is on hand: chairs, boards, bolts."""
        ids = (self.id, self.board_id, self.bolt_id)
        return tuple(self.factory.read_stock(product_id) for product_id in ids)
