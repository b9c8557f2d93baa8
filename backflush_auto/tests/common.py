from importlib.util import module_from_spec, spec_from_file_location

from odoo import Command
from odoo.modules import get_module_path
from odoo.tests import Form, TransactionCase, new_test_user


class BackflushCase(TransactionCase):
    """A chair of 2 boards and 4 bolts, produced by a plain manufacturing user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write(
            {
                "backflush_default": True,
                "backflush_shortage": "block",
                "backflush_over_completion": 0.0,
            }
        )
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.stock_location = cls.warehouse.lot_stock_id
        cls.unit = cls.env.ref("uom.product_uom_unit")
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.worker = new_test_user(
            cls.env, "backflush_worker", groups=cls._get_worker_groups()
        )
        cls.chair = cls._create_product("Chair")
        cls.board = cls._create_product("Board")
        cls.bolt = cls._create_product("Bolt")
        cls.bom = cls._create_bom(cls.chair, [(cls.board, 2), (cls.bolt, 4)])

    def _skip_beside_others(self):
        """For what is only so where nobody but Odoo and we extend its methods."""
        installed = self.env["ir.module.module"].search([("state", "=", "installed")])
        ours = installed.filtered(lambda it: it.name.startswith("backflush_auto"))
        ours |= ours.upstream_dependencies(exclude_states=("uninstalled",))
        others = (installed - ours).filtered(
            lambda it: it.author.lower() not in ("odoo", "odoo s.a.")
        )
        if others:
            self.skipTest(f"installed as well: {', '.join(others.mapped('name'))}")

    def _load_migration(self, script):
        """The module of a migration.

        :param script: its version and name, such as ``19.0.1.5.0/pre-migration``
        """
        path = f"{get_module_path('backflush_auto')}/migrations/{script}.py"
        spec = spec_from_file_location("migration", path)
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
        return module

    @classmethod
    def _get_worker_groups(cls):
        groups = ["mrp.group_mrp_user"]
        # With mrp_account, Odoo lets nobody finish work who cannot read accounts.
        if cls.env.ref("account.group_account_readonly", raise_if_not_found=False):
            groups.append("account.group_account_readonly")
        return ",".join(groups)

    @classmethod
    def _create_product(cls, name, **values):
        products = cls.env["product.product"]
        if "allow_negative_stock" in products._fields:
            # beside an addon that forbids it where nobody says otherwise
            values = {"allow_negative_stock": True, **values}
        return products.create({"name": name, "is_storable": True, **values})

    @classmethod
    def _create_bom(cls, product, components, **values):
        """Create a BoM.

        :param components: list of ``(product, quantity)`` or ``(product, quantity,
            {other values of the line})``
        """
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create(
                        {
                            "product_id": component.id,
                            "product_qty": quantity,
                            **(more[0] if more else {}),
                        }
                    )
                    for component, quantity, *more in components
                ],
                **values,
            }
        )

    @classmethod
    def _add_stock(cls, product, quantity, location=None, **values):
        cls.env["stock.quant"]._update_available_quantity(
            product, location or cls.stock_location, quantity, **values
        )

    @classmethod
    def _create_lot(cls, product, name, quantity=0.0, location=None, **values):
        lot = cls.env["stock.lot"].create(
            {"product_id": product.id, "name": name, **values}
        )
        if quantity:
            cls._add_stock(product, quantity, location, lot_id=lot)
        return lot

    def _on_hand(self, product, location=None):
        return self.env["stock.quant"]._get_available_quantity(
            product, location or self.stock_location, allow_negative=True
        ) + self._reserved(product, location)

    def _reserved(self, product, location=None):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", product.id),
                ("location_id", "child_of", (location or self.stock_location).id),
            ]
        )
        return sum(quants.mapped("reserved_quantity"))

    def _create_order(
        self, product=None, quantity=1.0, bom=None, confirm=True, **values
    ):
        """Create an order as the worker."""
        product = product or self.chair
        order = (
            self.env["mrp.production"]
            .with_user(self.worker)
            .create(
                {
                    "product_id": product.id,
                    "product_qty": quantity,
                    **({"bom_id": bom.id} if bom else {}),
                    **values,
                }
            )
        )
        if confirm:
            order.action_confirm()
        return order

    @classmethod
    def _create_table_to_order(cls):
        """A table of two frames, each of one board, that are made for its orders.

        :return: ``(table, frame)``
        """
        mto = cls.warehouse.mto_pull_id.route_id
        mto.active = True
        frame, table = cls._create_product("Frame"), cls._create_product("Table")
        frame.route_ids = mto | cls.warehouse.manufacture_pull_id.route_id
        cls._create_bom(frame, [(cls.board, 1)])
        cls._create_bom(table, [(frame, 2)])
        return table, frame

    @classmethod
    def _create_colours(cls, name, **values):
        """A product in red and in blue.

        :return: ``product.template`` record
        """
        attribute = cls.env["product.attribute"].create(
            {
                "name": "Colour",
                "value_ids": [Command.create({"name": n}) for n in ("Red", "Blue")],
            }
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        return cls.env["product.template"].create(
            {"name": name, "attribute_line_ids": [Command.create(line)], **values}
        )

    def _transfer(self, pickings):
        """Validate transfers for what is reserved."""
        pickings.move_ids.picked = True
        pickings._action_done()

    def _component(self, order, product):
        return order.move_raw_ids.filtered(lambda move: move.product_id == product)

    def _produce(self, order, quantity=0.0, backorder=False):
        """Click Produce, and answer Odoo's backorder question.

        :return: the order or orders that carry on
        """
        if quantity:
            with Form(order) as form:
                form.qty_producing = quantity
        action = order.button_mark_done()
        while isinstance(action, dict) and action.get("target") == "new":
            wizard = Form.from_action(self.env(user=self.worker), action).save()
            if wizard._name == "mrp.consumption.warning":
                action = wizard.action_confirm()
            elif backorder:
                action = wizard.action_backorder()
            else:
                action = wizard.action_close_mo()
        known = order.production_group_id.production_ids
        return (known - order).filtered(lambda o: o.state not in ("done", "cancel"))

    def assertConsumed(self, order, expected):
        """Compare what the order consumed.

        :param expected: ``{product: quantity}`` in the unit of the order's components
        """
        consumed = {product: 0.0 for product in expected}
        for move in order.move_raw_ids.filtered(lambda move: move.state == "done"):
            consumed[move.product_id] = consumed.get(move.product_id, 0) + move.quantity
        self.assertEqual(
            {p.name: round(q, 6) for p, q in consumed.items()},
            {p.name: q for p, q in expected.items()},
        )
