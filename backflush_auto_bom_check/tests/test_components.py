from odoo import Command
from odoo.tests import tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestBomCheckComponents(BomCheckCase):
    """Quantities, products and units: what is found, and gone once it is mended."""

    def test_good_bom(self):
        action = self.bom.with_user(self.manager).action_backflush_check()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("2 components checked", action["params"]["message"])
        self.assertFalse(self.bom.backflush_finding_ids)

    def test_good_bom_of_a_factory(self):
        """Kits, variants, units, rules, operations, lots: nothing is found."""
        cut, drill = self._add_operations("Cut", "Drill")
        screw = self._create_product("Screw", uom_id=self.unit.id)
        steel = self._create_product("Steel", tracking="lot")
        self._create_lot(steel, "S1", 5)
        kit_product, _kit = self._make_kit("Fittings", [(screw, 1, {})])
        self._use_kit(kit_product)
        self.board_line.write({"operation_id": cut.id, "backflush_method": "operation"})
        self.bolt_line.write(
            {
                "product_uom_id": self.dozen.id,
                "backflush_rounding": 1,
                "backflush_rounding_method": "up",
                "product_qty": 0.05,
            }
        )
        self.bom.bom_line_ids = [
            Command.create({"product_id": screw.id, "operation_id": drill.id}),
            Command.create({"product_id": steel.id, "backflush_basis": "order"}),
        ]
        self._create_order()
        self.assertAllWell()

    def test_no_component(self):
        self.bom.bom_line_ids.backflush_method = "manual"
        finding = self.assertFinds(
            "no_component", self.env["mrp.bom.line"], "warning", "Chair"
        )
        self.bolt_line.backflush_method = False
        self.assertMended(finding)

    def test_bom_without_lines(self):
        empty = self._create_bom(self._create_product("Empty"), [])
        self.assertFinds(
            "no_component", self.env["mrp.bom.line"], "warning", "Empty", empty
        )

    def test_zero(self):
        self.board_line.product_qty = 0
        finding = self.assertFinds("zero", self.board_line, "error", "Board")
        self.board_line.backflush_method = "manual"
        self.assertMended(finding)

    def test_zero_kit(self):
        screw = self._create_product("Screw")
        product, _kit = self._make_kit("Fittings", [(screw, 1)])
        line = self._use_kit(product, product_qty=0)
        finding = self.assertFinds("zero", line, "error", "Fittings")
        line.product_qty = 1
        self.assertMended(finding)

    def test_rounds_to_zero(self):
        self.board_line.write(
            {
                "product_qty": 0.4,
                "backflush_rounding": 1,
                "backflush_rounding_method": "down",
            }
        )
        finding = self.assertFinds("rounds_to_zero", self.board_line, "warning", "0.4")
        self.assertIn("multiple of 1", finding.message)
        self.board_line.backflush_basis = "order"
        self.assertEqual(self._check().severity, "error")
        self.board_line.backflush_rounding_method = "up"
        self.assertMended(finding)

    def test_quantity_per_larger_run(self):
        """A sheet for three chairs is no mistake, though one chair rounds to none."""
        self.bom.product_qty = 3
        self.board_line.write({"product_qty": 1, "backflush_rounding": 1})
        self.assertAllWell()

    def test_strict_without_tolerance(self):
        self.bom.consumption = "strict"
        self.board_line.backflush_tolerance_up = 3
        finding = self._check()
        self.assertEqual((finding.kind, finding.severity), ("exact", "info"))
        self.assertIn("Bolt", finding.message)
        self.assertNotIn("Board", finding.message)
        self.bolt.backflush_tolerance_down = 5
        self.assertMended(finding)

    def test_tolerance_below_rounding(self):
        self.bom.consumption = "warning"
        self.board_line.write({"product_qty": 20, "backflush_rounding": 1})
        self.board_line.backflush_tolerance_up = 3
        finding = self.assertFinds(
            "fine_tolerance", self.board_line, "warning", "0.6 Units (3 %)"
        )
        self.assertIn("multiples of 1", finding.message)
        self.board_line.backflush_tolerance_up = 5
        self.assertMended(finding)
        self.board_line.backflush_tolerance_down = 4
        self.assertEqual(self._check().kind, "fine_tolerance")
        self.bom.consumption = "flexible"
        self.assertAllWell()

    def test_archived(self):
        self.board.action_archive()
        finding = self.assertFinds("archived", self.board_line, "error", "Board")
        self.assertEqual(finding.action_open()["res_model"], "product.product")
        self.board.action_unarchive()
        self.assertMended(finding)

    def test_archived_template(self):
        self.board.product_tmpl_id.action_archive()
        finding = self.assertFinds("archived", self.board_line, "error", "Board")
        self.board_line.product_id = self._create_product("New Board")
        self.assertEqual(finding.product_id, self.board)
        self.assertMended(finding)

    def test_archived_kit(self):
        screw = self._create_product("Screw")
        product, _kit = self._make_kit("Fittings", [(screw, 1)])
        line = self._use_kit(product)
        self.assertAllWell()
        product.action_archive()
        self.assertFinds("archived", line, "error", "Fittings")

    def test_unit_that_does_not_convert(self):
        kilogram = self.env.ref("uom.product_uom_kgm")
        self.board_line.product_uom_id = kilogram
        finding = self.assertFinds("unit", self.board_line, "error", "kg")
        self.board_line.product_uom_id = self.dozen
        self.assertMended(finding)

    def test_reference_of_a_unit_changed(self):
        """The unit converted when the line was made."""
        crate = self.env["uom.uom"].create(
            {
                "name": "Crate",
                "relative_factor": 6,
                "relative_uom_id": self.unit.id,
            }
        )
        self.board_line.product_uom_id = crate
        self.assertAllWell()
        crate.relative_uom_id = self.env.ref("uom.product_uom_kgm")
        self.assertFinds("unit", self.board_line, "error", "Crate")

    def test_unit_of_a_kit(self):
        screw = self._create_product("Screw")
        gram = self.env.ref("uom.product_uom_gram")
        product, kit = self._make_kit("Fittings", [(screw, 1)])
        line = self._use_kit(product)
        kit.product_uom_id = gram
        finding = self.assertFinds("unit", line, "error", "does not convert")
        kit.product_uom_id = self.dozen
        self.assertMended(finding)

    def test_unit_of_the_finished_product(self):
        self.bom.product_uom_id = self.env.ref("uom.product_uom_kgm")
        self.assertFinds("unit", self.env["mrp.bom.line"], "error", "Chair")

    def test_several_operations(self):
        cut, drill = self._add_operations("Cut", "Drill")
        self.board_line.write({"operation_id": cut.id, "backflush_method": "operation"})
        second = self.board_line.copy({"operation_id": drill.id})
        finding = self.assertFinds("operations", self.board_line, "warning", "Cut: 2")
        self.assertIn("Drill: 2", finding.message)
        second.backflush_method = "manual"
        self.assertMended(finding)

    def test_component_twice(self):
        second = self.board_line.copy()
        finding = self.assertFinds("twice", self.board_line, "warning", "Board")
        second.backflush_basis = "order"
        self.assertMended(finding)

    def test_component_twice_for_different_variants(self):
        small, large = self._sell_in_sizes()
        second = self.board_line.copy({"product_qty": 3})
        self.board_line.bom_product_template_attribute_value_ids = small
        second.bom_product_template_attribute_value_ids = large
        self.assertAllWell()
        second.bom_product_template_attribute_value_ids = small
        self.assertFinds("twice", self.board_line, "warning", "Board")

    def test_component_twice_for_options_without_variant(self):
        small, large = self._sell_in_sizes(create_variant="no_variant")
        second = self.board_line.copy({"product_qty": 3})
        self.board_line.bom_product_template_attribute_value_ids = small
        second.bom_product_template_attribute_value_ids = large
        self.assertAllWell()
        self.board_line.product_qty = 0
        self.assertFinds("zero", self.board_line, "error", "Board")

    def test_line_of_no_variant(self):
        """Nobody makes large stools any more."""
        _small, large = self._sell_in_sizes()
        self.board_line.write(
            {
                "product_qty": 0,
                "bom_product_template_attribute_value_ids": [Command.set(large.ids)],
            }
        )
        self.assertFinds("zero", self.board_line, "error", "Board")
        self.bom.product_tmpl_id.product_variant_ids.filtered(
            lambda stool: stool.product_template_attribute_value_ids == large
        ).action_archive()
        self.assertAllWell()
