from odoo import Command
from odoo.tests import tagged

from ..context import with_private
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestBomOverview(BackflushCase):
    """The overview of a BoM says what its orders take: quantities, stock and delays."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line, cls.bolts = cls.bom.bom_line_ids
        cls.report = cls.env["report.mrp.report_bom_structure"]

    def _read(self, quantity, bom=None):
        """The overview for a quantity; its components by product."""
        self.env.invalidate_all()
        data = self.report._get_report_data((bom or self.bom).id, searchQty=quantity)
        lines = data["lines"]
        return lines, {c["product"]: c for c in lines["components"]}

    def _put_in_kit(self, quantity=4, **values):
        """Pack the bolts in a kit of one."""
        kit = self._create_product("Kit")
        self._create_bom(kit, [(self.bolt, 1)], type="phantom")
        self.bolts.write({"product_id": kit.id, "product_qty": quantity, **values})
        return kit

    # --- Available ---

    def test_available(self):
        """210 boards are needed: 209 are not enough, though 200 would be."""
        self._add_stock(self.bolt, 400)
        self._add_stock(self.board, 209)
        self.line.backflush_scrap = 5
        data, components = self._read(100)
        self.assertEqual(components[self.board]["availability_state"], "unavailable")
        self.assertEqual(components[self.board]["status"], "1.00 To Order")
        self.assertFalse(data["components_available"])
        self._add_stock(self.board, 1)
        data, components = self._read(100)
        self.assertEqual(components[self.board]["availability_state"], "available")
        self.assertNotIn("status", components[self.board])
        self.assertTrue(data["components_available"])

    def test_available_per_order(self):
        self._add_stock(self.bolt, 400)
        self._add_stock(self.board, 2)
        self.assertFalse(self._read(100)[0]["components_available"])
        self.line.backflush_basis = "order"
        self.assertTrue(self._read(100)[0]["components_available"])

    def test_two_lines_of_one_product(self):
        """Together they take 2.1 + 4 a chair."""
        self.line.backflush_scrap = 5
        self.bolts.product_id = self.board
        self._add_stock(self.board, 609)
        self.assertFalse(self._read(100)[0]["components_available"])
        self._add_stock(self.board, 1)
        data, components = self._read(100)
        self.assertTrue(data["components_available"])
        self.assertEqual(components[self.board]["quantity"], 610)
        self.assertEqual(data["producible_qty"], 100)

    def test_supplied(self):
        """A vendor's least quantity is compared with what an order takes."""
        report = with_private(self.report, overview=True)
        self.line.write({"backflush_scrap": 5, "product_uom_id": self.dozen.id})
        supplied = (240, self.bom, self.chair)
        self.assertEqual(report._get_backflush_supplied(self.board, *supplied), 252)
        self.bolts.product_id = self.board
        self.assertEqual(report._get_backflush_supplied(self.board, *supplied), 240)

    # --- Ready to produce ---

    def assertProducible(self, expected, bom=None):
        data, _components = self._read(1, bom)
        self.assertEqual(data["producible_qty"], expected)

    def test_producible(self):
        self._add_stock(self.bolt, 1000)
        self._add_stock(self.board, 105)
        self.assertProducible(52)
        self.line.backflush_scrap = 5
        self.assertProducible(50)
        self.line.backflush_scrap = 0
        self.line.backflush_basis = "order"
        self.assertProducible(250)
        self.line.product_qty = 106
        self.assertProducible(0)

    def test_producible_by_what_is_taken_once(self):
        """Where nothing else limits it, it is what was asked for."""
        self.bom.bom_line_ids.backflush_basis = "order"
        self._add_stock(self.bolt, 4)
        self.assertProducible(0)
        self._add_stock(self.board, 2)
        self.assertEqual(self._read(30)[0]["producible_qty"], 30)

    def test_producible_in_whole_pieces(self):
        """A sheet is for three chairs: two sheets are for six, 1.9 for three."""
        self._add_stock(self.bolt, 1000)
        self.bom.product_qty = 3
        self.line.product_qty = 1
        self.bolts.product_qty = 12
        self._add_stock(self.board, 1.9)
        self.assertProducible(3)
        self.line.write({"backflush_rounding": 2, "backflush_rounding_method": "up"})
        self.assertProducible(0)
        self._add_stock(self.board, 0.1)
        self.assertProducible(6)
        self.line.backflush_rounding_method = "down"
        self.assertProducible(9)

    def test_producible_in_dozens(self):
        self._add_stock(self.bolt, 1000)
        self._add_stock(self.board, 63)
        self.line.write(
            {
                "product_uom_id": self.dozen.id,
                "product_qty": 0.5,
                "backflush_scrap": 5,
            }
        )
        self.assertProducible(10)

    def test_producible_with_a_kit(self):
        self._put_in_kit(backflush_scrap=25)
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 54)
        self.assertProducible(10)

    def test_not_backflushed(self):
        self._add_stock(self.bolt, 1000)
        self._add_stock(self.board, 105)
        self.line.backflush_scrap = 5
        self.bom.backflush = False
        self.assertProducible(52)

    # --- Kits ---

    def test_kit_is_not_rounded(self):
        """A third of a kit of 3 bolts is a bolt, as the order takes it."""
        kit = self._put_in_kit(1)
        kit.bom_ids.bom_line_ids.product_qty = 3
        self.bom.product_qty = 3
        self.line.product_qty = 6
        _data, components = self._read(1)
        self.assertEqual(components[kit]["components"][0]["quantity"], 1)
        order = self._create_order(quantity=1)
        self.assertEqual(self._component(order, self.bolt).product_uom_qty, 1)

    # --- Bulk ---

    def test_bulk(self):
        """It is shown with its quantity; it costs and delays nothing."""
        self.bolt.standard_price = 1
        self.board.standard_price = 10
        self._add_stock(self.board, 20)
        self.assertEqual(self._read(10)[0]["producible_qty"], 0)
        self.bolts.backflush_method = "bulk"
        data, components = self._read(10)
        bolts = components[self.bolt]
        self.assertEqual(bolts["name"], "Bolt (bulk)")
        self.assertEqual(bolts["quantity"], 40)
        self.assertEqual(bolts["bom_cost"], 0)
        self.assertEqual(bolts["availability_state"], "available")
        self.assertNotIn("status", bolts)
        self.assertEqual(data["bom_cost"], 200)
        self.assertEqual(data["producible_qty"], 10)
        self.assertTrue(data["components_available"])

    def test_bulk_takes_nothing_from_others(self):
        """What the bulk line shows is not missing for the line of the same product."""
        self.bolts.product_id = self.board
        self.bolts.sequence, self.line.sequence = 1, 2
        self.bom.invalidate_recordset()
        self.bolts.backflush_method = "bulk"
        self.line.product_uom_id = self.dozen
        self.line.product_qty = 0.5
        self._add_stock(self.board, 60)
        data, _components = self._read(10)
        states = [c["availability_state"] for c in data["components"]]
        self.assertEqual(states, ["available", "available"])
        self.assertEqual(data["producible_qty"], 10)

    def test_bulk_kit(self):
        kit = self._put_in_kit(backflush_method="bulk")
        self.bolt.standard_price = 1
        self._add_stock(self.board, 20)
        data, components = self._read(10)
        self.assertEqual(components[kit]["bom_cost"], 0)
        self.assertEqual(components[kit]["components"][0]["quantity"], 40)
        self.assertEqual(data["producible_qty"], 10)
        self.assertTrue(data["components_available"])

    def test_bulk_made_here(self):
        """A bulk component with a BoM of its own costs and delays nothing, either."""
        steel = self._create_product("Steel", standard_price=5)
        self._create_bom(self.bolt, [(steel, 1)])
        self.bolts.backflush_method = "bulk"
        self._add_stock(self.board, 20)
        data, components = self._read(10)
        self.assertEqual(components[self.bolt]["quantity"], 40)
        self.assertEqual(components[self.bolt]["bom_cost"], 0)
        self.assertEqual(data["bom_cost"], 0)
        self.assertTrue(data["components_available"])

    # --- Nested, variants, printed ---

    def test_nested(self):
        """Each BoM has its own switch."""
        steel = self._create_product("Steel")
        bolt_bom = self._create_bom(self.bolt, [(steel, 1, {"backflush_scrap": 50})])
        self.bolts.backflush_scrap = 10
        _data, components = self._read(10)
        bolts = components[self.bolt]
        self.assertEqual(bolts["quantity"], 44)
        self.assertEqual(bolts["components"][0]["quantity"], 66)
        bolt_bom.backflush = False
        _data, components = self._read(10)
        self.assertEqual(components[self.bolt]["components"][0]["quantity"], 44)

    def test_printed(self):
        self.line.backflush_scrap = 5
        self.bolts.backflush_basis = "order"
        values = self.report._get_report_values(self.bom.ids, {"quantity": 100})
        [doc] = values["docs"]
        self.assertEqual([line["quantity"] for line in doc["lines"]], [210, 4])

    def test_variants(self):
        template = self._create_colours("Stool", is_storable=True)
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
        self._add_stock(self.bolt, 1000)
        self._add_stock(self.board, 42)
        for variant, quantities, producible in (
            (red, [42, 80], 20),
            (blue, [80], 250),
        ):
            lines = self.report._get_report_data(
                self.bom.id, searchQty=20, searchVariant=variant.id
            )["lines"]
            self.assertEqual([c["quantity"] for c in lines["components"]], quantities)
            self.assertEqual(lines["producible_qty"], producible)
