from odoo import Command
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestBomPrice(ValuedCase):
    """*Compute Price from BoM* knows the rules: the BoM is of 10 chairs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.standard_price = 10
        cls.bolt.standard_price = 1
        cls.bom.product_qty = 10
        cls.line, cls.bolts = cls.bom.bom_line_ids
        cls.line.product_qty, cls.bolts.product_qty = 20, 40

    def assertPrice(self, expected, product=None):
        product = product or self.chair
        product.button_bom_cost()
        self.assertAlmostEqual(product.standard_price, expected)

    def assertOverviewAgrees(self):
        """The overview of the BoM's own quantity costs what the roll-up says."""
        report = self.env["report.mrp.report_bom_structure"]
        data = report._get_report_data(self.bom.id)["lines"]
        self.chair.button_bom_cost()
        total = self.chair.standard_price * self.bom.product_qty
        self.assertAlmostEqual(data["bom_cost"], total)

    def test_no_rule(self):
        self.assertPrice(24)

    def test_scrap(self):
        self.line.backflush_scrap = 5
        self.assertPrice(21 + 4)
        self.assertOverviewAgrees()

    def test_per_order(self):
        """The price is that of an order of the BoM's quantity, as is Odoo's own."""
        self.line.write({"backflush_basis": "order", "backflush_scrap": 50})
        self.assertPrice(30 + 4)
        self.assertOverviewAgrees()

    def test_rounding(self):
        self.line.write({"product_qty": 20.1, "backflush_rounding": 1})
        for method, price in (("up", 21), ("down", 20), (False, 20)):
            self.line.backflush_rounding_method = method
            with self.subTest(method):
                self.assertPrice(price + 4)
                self.assertOverviewAgrees()

    def test_switched_off(self):
        self.line.backflush_scrap = 5
        self.bom.backflush = False
        self.assertPrice(24)

    def test_bulk(self):
        """What is on the BoM for information only costs nothing."""
        self.bolts.backflush_method = "bulk"
        self.assertPrice(20)
        self.assertOverviewAgrees()

    def test_bulk_by_product(self):
        self.bolt.backflush_method = "bulk"
        self.assertPrice(20)
        self.bolts.backflush_method = "completion"
        self.assertPrice(24)

    def test_units(self):
        """A BoM of 10 dozen; 5 dozen boards, in whole dozens, with 5 % of loss: 6."""
        self.bom.product_uom_id = self.dozen
        self.line.write(
            {
                "product_uom_id": self.dozen.id,
                "product_qty": 5,
                "backflush_scrap": 5,
                "backflush_rounding": 1,
                "backflush_rounding_method": "up",
            }
        )
        self.assertPrice((6 * 12 * 10 + 40) / 120)

    def test_byproducts(self):
        dust = self._create_product("Dust")
        self.line.backflush_scrap = 5
        self.bom.byproduct_ids = [
            Command.create({"product_id": dust.id, "product_qty": 5, "cost_share": 8})
        ]
        self.assertPrice(25 * 0.92)
        self.assertPrice(250 * 0.08 / 5, dust)

    def test_variants(self):
        """The rule of a line for another variant adds nothing."""
        template = self._create_colours("Stool")
        self.bom.product_tmpl_id = template
        red, blue = template.product_variant_ids
        self.line.write(
            {
                "backflush_scrap": 5,
                "bom_product_template_attribute_value_ids": [
                    Command.set(red.product_template_attribute_value_ids.ids)
                ],
            }
        )
        self.assertPrice(25, red)
        self.assertPrice(4, blue)

    def test_operations(self):
        """Work costs what it did."""
        centre = self.env["mrp.workcenter"].create({"name": "Bench", "costs_hour": 60})
        self.bom.operation_ids = [
            Command.create(
                {"name": "Saw", "workcenter_id": centre.id, "time_cycle_manual": 3}
            )
        ]
        self.chair.button_bom_cost()
        plain = self.chair.standard_price
        self.line.backflush_scrap = 5
        self.assertPrice(plain + 1)

    # --- Nested ---

    def _put_in_kit(self, **values):
        """Pack the 40 bolts in 4 kits of 10, which cost 99 as far as Odoo knows."""
        kit = self._create_product("Kit", standard_price=99)
        bom = self._create_bom(
            kit, [(self.bolt, 20, {"backflush_scrap": 10})], type="phantom"
        )
        bom.product_qty = 2
        self.bolts.write({"product_id": kit.id, "product_qty": 4, **values})
        return kit, bom

    def test_kit(self):
        """A kit is no stock: it costs what the order takes in its place."""
        self._put_in_kit()
        self.assertPrice(20 + 4.4)
        self.assertOverviewAgrees()

    def test_kit_with_rules(self):
        _kit, bom = self._put_in_kit(backflush_scrap=25)
        self.assertPrice(20 + 4.4 * 1.25)
        self.assertOverviewAgrees()
        bom.bom_line_ids.backflush_basis = "order"
        self.assertPrice(20 + 22 / 10)
        self.assertOverviewAgrees()
        self.assertConsumedAsPriced()

    def assertConsumedAsPriced(self):
        for product in (self.board, self.bolt):
            self._add_stock(product, 1000)
        order = self._finish(self._create_order(quantity=10))
        cost = sum(
            move.quantity * move.product_id.standard_price
            for move in order.move_raw_ids
        )
        self.assertAlmostEqual(cost, self.chair.standard_price * 10)

    def test_kit_of_bulk(self):
        """The kit's line says it for what is in it."""
        self._put_in_kit(backflush_method="bulk")
        self.assertPrice(20)
        self.assertOverviewAgrees()

    def test_kit_by_itself(self):
        """It is sold without the losses of production."""
        kit, _bom = self._put_in_kit()
        self.assertPrice(10, kit)

    def test_kit_with_work(self):
        _kit, bom = self._put_in_kit()
        centre = self.env["mrp.workcenter"].create({"name": "Bench", "costs_hour": 60})
        bom.operation_ids = [
            Command.create(
                {"name": "Pack", "workcenter_id": centre.id, "time_cycle_manual": 3}
            )
        ]
        self.assertOverviewAgrees()

    def test_all_together(self):
        """Priced at once, each level counts its own rules and those below."""
        shelf = self._create_product("Shelf")
        shelf_bom = self._create_bom(shelf, [(self.chair, 4, {"backflush_scrap": 10})])
        kit, _bom = self._put_in_kit()
        self.line.backflush_scrap = 5
        (shelf + self.chair + kit).action_bom_cost()
        self.assertAlmostEqual(kit.standard_price, 10)
        self.assertAlmostEqual(self.chair.standard_price, 21 + 4.4)
        self.assertAlmostEqual(shelf.standard_price, 4.4 * 25.4)
        shelf_bom.backflush = False
        (shelf + self.chair).action_bom_cost()
        self.assertAlmostEqual(shelf.standard_price, 4 * 25.4)
