from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestReplenishment(BackflushCase):
    """What plans stock sees what orders take: 210 boards and 4 bolts for 100 chairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boards, cls.bolts = cls.bom.bom_line_ids
        cls.boards.backflush_scrap = 5
        cls.bolts.backflush_basis = "order"
        cls.manufacture = cls.warehouse.manufacture_pull_id.route_id

    def _create_orderpoint(self, product):
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": product.id,
                "location_id": self.stock_location.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
            }
        )

    def _read_forecast_report(self, product):
        report = self.env["stock.forecasted_product_product"]
        return report.get_report_values(docids=product.ids)["docs"]

    def _make_to_order(self, product):
        """Let a component be made, of one bolt, for each order that needs it."""
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        product.route_ids = route + self.manufacture
        return self._create_bom(product, [(self.bolt, 1)])

    # --- Forecast ---

    def test_forecast(self):
        self._create_order(quantity=100)
        for product, demand in ((self.board, 210), (self.bolt, 4)):
            self.assertEqual(product.outgoing_qty, demand)
            self.assertEqual(product.virtual_available, -demand)

    def test_forecast_of_a_part(self):
        self._add_stock(self.board, 300)
        self._add_stock(self.bolt, 10)
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=30)
        self.assertEqual(self.board.qty_available, 300 - 63)
        self.assertEqual(self.board.outgoing_qty, 147)
        self.assertEqual(self.board.virtual_available, 90)
        self.assertEqual(self.bolt.outgoing_qty, 0)
        self.assertEqual(self.bolt.virtual_available, 6)

    def test_forecast_report(self):
        order = self._create_order(quantity=100)
        [line] = self._read_forecast_report(self.board)["lines"]
        self.assertEqual(line["quantity"], 210)
        self.assertEqual(line["move_out"]["raw_material_production_id"]["id"], order.id)

    def test_forecast_report_of_a_draft(self):
        self._create_order(quantity=100, confirm=False)
        docs = self._read_forecast_report(self.board)
        quantities = docs["product"][self.board.id]["draft_production_qty"]
        self.assertEqual(quantities, {"in": 0, "out": 210})

    def test_components_of_an_order(self):
        """The order's own status says what is missing for it."""
        self._add_stock(self.bolt, 4)
        self._add_stock(self.board, 209)
        order = self._create_order(quantity=100)
        self.assertEqual(order.components_availability_state, "unavailable")
        self._add_stock(self.board, 1)
        self.env.invalidate_all()
        self.assertEqual(order.components_availability_state, "available")

    # --- Reordering rules ---

    def test_reordering_rule(self):
        rules = self._create_orderpoint(self.board) + self._create_orderpoint(self.bolt)
        self._create_order(quantity=100)
        rules.invalidate_recordset()
        self.assertEqual(rules.mapped("qty_forecast"), [-210, -4])
        self.assertEqual(rules.mapped("qty_to_order"), [210, 4])

    def test_reordering_rule_of_the_product(self):
        """The order that it makes plans its components by their rules."""
        self.chair.route_ids = self.manufacture
        rule = self._create_orderpoint(self.chair)
        rule.product_max_qty = 100
        rule.product_min_qty = 100
        rule.action_replenish()
        order = self.env["mrp.production"].search(
            [("product_id", "=", self.chair.id)], order="id desc", limit=1
        )
        self.assertEqual(order.product_qty, 100)
        self.assertEqual(order.move_raw_ids.mapped("product_uom_qty"), [210, 4])

    def test_rule_for_a_component_that_is_made(self):
        """A reordering rule of the component makes what its orders take."""
        self._create_bom(self.board, [(self.bolt, 1)])
        self.board.route_ids = self.manufacture
        rule = self._create_orderpoint(self.board)
        self._create_order(quantity=100)
        rule.invalidate_recordset()
        rule.action_replenish()
        made = self.env["mrp.production"].search([("product_id", "=", self.board.id)])
        self.assertEqual(made.product_qty, 210)

    def test_made_to_order(self):
        self._make_to_order(self.board)
        self._create_order(quantity=100)
        made = self.env["mrp.production"].search([("product_id", "=", self.board.id)])
        self.assertEqual(made.product_qty, 210)

    def test_made_to_order_more(self):
        """More of the product is more of what is made for it, but what is per order."""
        self._make_to_order(self.board)
        order = self._create_order(quantity=100)
        self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 120}
        ).change_prod_qty()
        made = self.env["mrp.production"].search([("product_id", "=", self.board.id)])
        self.assertEqual(sum(made.mapped("product_qty")), 252)
        self.assertEqual(self._component(order, self.bolt).product_uom_qty, 4)

    def test_replenish_by_hand(self):
        self.chair.route_ids = self.manufacture
        wizard = self.env["product.replenish"].create(
            {
                "product_id": self.chair.id,
                "product_tmpl_id": self.chair.product_tmpl_id.id,
                "product_uom_id": self.chair.uom_id.id,
                "quantity": 100,
                "warehouse_id": self.warehouse.id,
                "route_id": self.manufacture.id,
            }
        )
        wizard.launch_replenishment()
        order = self.env["mrp.production"].search([("product_id", "=", self.chair.id)])
        self.assertEqual(order.move_raw_ids.mapped("product_uom_qty"), [210, 4])

    # --- Days to prepare ---

    def test_days_to_prepare(self):
        """What is bulk is waited for by nobody, though nothing supplies it."""
        bom = self._create_bom(self.board, [(self.bolt, 1)], produce_delay=3)
        bom.bom_line_ids.backflush_method = "bulk"
        self.board.route_ids = self.manufacture
        self.chair.route_ids = self.manufacture
        self.bom.action_compute_bom_days()
        self.assertEqual(self.bom.days_to_prepare_mo, 0)
        self.bolts.backflush_method = "bulk"
        self.bom.action_compute_bom_days()
        self.assertEqual(self.bom.days_to_prepare_mo, 3)

    # --- Kits ---

    def test_kit_on_hand(self):
        """A kit that is sold is packed without the losses of production."""
        kit = self._create_product("Kit")
        self._create_bom(kit, [(self.board, 2, {"backflush_scrap": 5})], type="phantom")
        self._add_stock(self.board, 100)
        self.assertEqual(kit.qty_available, 50)
        self.assertEqual(kit.virtual_available, 50)
