from odoo import Command
from odoo.tests import tagged

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestBomCheckOperations(BomCheckCase):
    """Operations, lots and cycles: what is found, and gone once it is mended."""

    def test_no_operation(self):
        self.board.backflush_method = "operation"
        finding = self.assertFinds("no_operation", self.board_line, "warning", "Board")
        self.board_line.operation_id = self._add_operations("Cut")
        self.assertMended(finding)

    def test_operation_without_work_order(self):
        cut = self._add_operations("Cut")
        self.board_line.write({"operation_id": cut.id, "backflush_method": "operation"})
        self.assertAllWell()
        cut.active = False
        finding = self.assertFinds("no_work_order", self.board_line, "warning", "Cut")
        other = self._create_bom(self.bolt, [(self.board, 1)])
        self.board_line.operation_id = self._add_operations("Other", bom=other)
        self.assertIn("Other", self._check().message)
        self.board_line.operation_id = self._add_operations("Saw")
        self.assertMended(finding)

    def test_operation_of_another_variant(self):
        small, large = self._sell_in_sizes()
        cut = self._add_operations("Cut")
        self.board_line.write(
            {
                "operation_id": cut.id,
                "backflush_method": "operation",
                "bom_product_template_attribute_value_ids": [Command.set(small.ids)],
            }
        )
        cut.bom_product_template_attribute_value_ids = large
        finding = self.assertFinds("no_work_order", self.board_line, "warning", "Cut")
        cut.bom_product_template_attribute_value_ids = small
        self.assertMended(finding)

    def test_operation_in_a_kit(self):
        screw = self._create_product("Screw")
        product, kit = self._make_kit(
            "Fittings", [(screw, 1, {"backflush_method": "operation"})]
        )
        line = self._use_kit(product)
        finding = self.assertFinds(
            "no_operation", kit.bom_line_ids, "warning", "In the kit Fittings"
        )
        action = finding.action_open()
        self.assertEqual((action["res_model"], action["res_id"]), ("mrp.bom", kit.id))
        line.operation_id = self._add_operations("Assemble")
        self.assertMended(finding)
        line.operation_id = False
        kit.bom_line_ids.operation_id = self._add_operations("Pack", bom=kit)
        self.assertAllWell()

    def test_no_lot(self):
        self.board.tracking = "lot"
        finding = self.assertFinds("no_lot", self.board_line, "warning", "WH/Stock")
        lot = self._create_lot(self.board, "L1", 3)
        self.assertMended(finding)
        self._add_stock(self.board, -3, lot_id=lot)
        self.assertEqual(self._check(), finding)
        self.assertEqual(finding.severity, "info", "it has only run out")
        self._add_stock(self.board, 5)
        self.assertEqual(self._check().severity, "warning", "it will never be taken")
        self.assertIn("5 Units", finding.message)

    def test_no_lot_where_components_are_picked_first(self):
        self.warehouse.manufacture_steps = "pbm"
        self.board.tracking = "lot"
        self._create_lot(self.board, "L1", 3)
        self.assertAllWell()

    def test_no_lot_at_the_operation_type(self):
        """The bill of materials says where it is made."""
        self.board.tracking = "lot"
        self._create_lot(self.board, "L1", 3)
        hall = self.env["stock.location"].create({"name": "Hall"})
        self.bom.picking_type_id = self.warehouse.manu_type_id.copy(
            {"default_location_src_id": hall.id, "sequence_code": "HALL"}
        )
        self.assertFinds("no_lot", self.board_line, "info", "Hall")

    def test_serial(self):
        self.board.tracking = "serial"
        self._create_lot(self.board, "S1", 1)
        finding = self.assertFinds("serial", self.board_line, "info", "Board")
        self.env.company.backflush_serial_auto = True
        self.assertMended(finding)

    def test_tracked_component_that_a_person_records(self):
        self.board.tracking = "lot"
        self.board_line.backflush_method = "manual"
        self.assertAllWell()

    def test_not_storable(self):
        self.board.is_storable = False
        finding = self.assertFinds("not_storable", self.board_line, "info", "Board")
        self.board.is_storable = True
        self.assertMended(finding)

    def test_bulk_is_information_only(self):
        self.board.write({"is_storable": False, "backflush_method": "bulk"})
        self.board_line.product_qty = 0
        self.board_line.product_uom_id = self.env.ref("uom.product_uom_kgm")
        self.assertAllWell()

    def test_cycle(self):
        frame = self._create_product("Frame")
        leg = self._create_product("Leg")
        frame_bom = self._create_bom(frame, [(leg, 1)])
        self.board_line.product_id = frame
        frame_bom.bom_line_ids.product_id = self.chair
        finding = self.assertFinds(
            "cycle", self.board_line, "error", "Chair → Frame → Chair"
        )
        frame_bom.bom_line_ids.product_id = leg
        self.assertMended(finding)

    def test_cycle_by_the_next_bom(self):
        """Odoo follows the first bill of materials of a product; it is archived."""
        frame, leg, screw = map(self._create_product, ("Frame", "Leg", "Screw"))
        first = self._create_bom(leg, [(screw, 1)], sequence=1)
        self._create_bom(leg, [(self.chair, 1)], sequence=2)
        self._create_bom(frame, [(leg, 1)])
        line = self._use_kit(frame)
        self.assertAllWell()
        first.action_archive()
        path = "Chair → Frame → Leg → Chair"
        finding = self.assertFinds("cycle", line, "error", path)
        line.product_id = screw
        self.assertMended(finding)

    def test_kits_that_contain_each_other(self):
        inner, inner_kit = self._make_kit("Inner", [(self.board, 1)])
        outer, _kit = self._make_kit("Outer", [(inner, 1)])
        self._use_kit(outer)
        self.assertAllWell()
        inner_kit.bom_line_ids.product_id = outer
        finding = self.assertFinds(
            "cycle", inner_kit.bom_line_ids, "error", "Outer → Inner → Outer"
        )
        inner_kit.bom_line_ids.product_id = self.board
        self.assertMended(finding)

    def test_nested_kit(self):
        screw = self._create_product("Screw")
        inner, inner_kit = self._make_kit("Inner", [(screw, 0)])
        outer, _kit = self._make_kit("Outer", [(inner, 1)])
        self._use_kit(outer)
        finding = self.assertFinds("zero", inner_kit.bom_line_ids, "error", "Screw")
        self.assertEqual(finding.bom_id, self.bom)
        self.assertIn("In the kit Inner", finding.message)
        inner_kit.bom_line_ids.product_qty = 1
        self.assertMended(finding)
