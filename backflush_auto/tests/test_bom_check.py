from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import SQL

from .common import BackflushCase


class BomCheckCase(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env, "backflush_manager", groups="mrp.group_mrp_manager"
        )
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids

    def _check(self, boms=None):
        """Click Check as a manager; the open findings."""
        boms = boms or self.bom
        boms.with_user(self.manager).action_backflush_check()
        return self._get_findings(boms)

    def _get_findings(self, boms=None, state="open"):
        return (boms or self.bom).backflush_finding_ids.filtered(
            lambda finding: finding.state == state
        )

    def _add_operations(self, *names, bom=None):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        return self.env["mrp.routing.workcenter"].create(
            [
                {
                    "name": name,
                    "bom_id": (bom or self.bom).id,
                    "workcenter_id": center.id,
                }
                for name in names
            ]
        )

    def _make_kit(self, name, components, **values):
        product = self._create_product(name)
        kit = self._create_bom(product, components, type="phantom", **values)
        return product, kit

    def _use_kit(self, product, **values):
        self.bom.bom_line_ids = [
            Command.create({"product_id": product.id, "product_qty": 1, **values})
        ]
        return self.bom.bom_line_ids[-1]

    def assertFinds(self, kind, line, severity, text, boms=None):
        """One finding of this kind, and no other."""
        findings = self._check(boms)
        self.assertEqual(findings.mapped("kind"), [kind])
        self.assertEqual(findings.bom_line_id, line)
        self.assertEqual(findings.severity, severity)
        self.assertIn(text, findings.message)
        self.assertTrue(findings.advice)
        return findings

    def assertAllWell(self, boms=None):
        findings = self._check(boms)
        self.assertFalse(findings, findings.mapped("message"))

    def assertMended(self, finding):
        self.assertAllWell(finding.bom_id)
        self.assertEqual(finding.state, "closed")


@tagged("post_install", "-at_install")
class TestBomCheckKinds(BomCheckCase):
    """What is found, and that it is gone once it is mended."""

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

    def _sell_in_sizes(self, create_variant="always"):
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "create_variant": create_variant,
                "value_ids": [
                    Command.create({"name": "Small"}),
                    Command.create({"name": "Large"}),
                ],
            }
        )
        line = {
            "attribute_id": attribute.id,
            "value_ids": [Command.set(attribute.value_ids.ids)],
        }
        template = self.env["product.template"].create(
            {
                "name": "Stool",
                "is_storable": True,
                "attribute_line_ids": [Command.create(line)],
            }
        )
        self.bom.product_tmpl_id = template
        return template.attribute_line_ids.product_template_value_ids

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


@tagged("post_install", "-at_install")
class TestBomCheckOrders(BomCheckCase):
    """Orders that deduct as their bill of materials was before."""

    def _change(self, line, **values):
        """Write on a line, as a manager does on the form."""
        command = Command.update(line.id, values)
        line.bom_id.with_user(self.manager).bom_line_ids = [command]

    def assertOrders(self, orders, products):
        finding = self.assertFinds(
            "orders", self.env["mrp.bom.line"], "warning", products
        )
        self.assertEqual(finding.order_ids, orders.sudo())
        return finding

    def test_quantity_changed(self):
        first, second = self._create_order(), self._create_order(quantity=5)
        self._create_order(confirm=False)
        self.assertAllWell()
        self._change(self.board_line, product_qty=3)
        finding = self.assertOrders(first | second, "They differ in Board")
        self.assertEqual(finding.action_open()["domain"][0][2], finding.order_ids.ids)
        first.action_update_bom()
        self.assertOrders(second, second.name)
        second.action_update_bom()
        self.assertMended(finding)

    def test_every_part_of_the_rule_counts(self):
        order = self._create_order()
        for values in (
            {"backflush_method": "manual"},
            {"backflush_scrap": 5},
            {"backflush_rounding": 1},
            {"backflush_basis": "order"},
            {"product_uom_id": self.dozen.id},
        ):
            self._change(self.board_line, **values)
            finding = self.assertOrders(order, "Board")
            order.with_user(self.manager).action_update_bom()
            self.assertMended(finding)

    def test_method_of_the_product_changed(self):
        """The bill of materials says nothing of it, and was not changed."""
        self._age()
        self._create_order()
        self.board.backflush_method = "manual"
        self.assertAllWell()

    def test_line_added(self):
        order = self._create_order()
        glue = self._create_product("Glue")
        self.bom.bom_line_ids = [Command.create({"product_id": glue.id})]
        self.assertOrders(order, "Glue")

    def test_line_removed(self):
        order = self._create_order()
        self.bom.bom_line_ids = [Command.delete(self.bolt_line.id)]
        self.assertOrders(order, "Bolt")

    def test_quantity_of_the_bom_changed(self):
        order = self._create_order()
        self.bom.product_qty = 10
        self.assertOrders(order, "Board, Bolt")

    def test_kit_changed(self):
        screw = self._create_product("Screw")
        product, kit = self._make_kit("Fittings", [(screw, 2)])
        self._use_kit(product, product_qty=3)
        self._use_kit(product, product_qty=5)
        order = self._create_order(quantity=4)
        self.assertAllWell()
        self._change(kit.bom_line_ids, product_qty=3)
        finding = self.assertOrders(order, "Screw")
        self._change(kit.bom_line_ids, product_qty=2)
        self.assertMended(finding)

    def test_order_in_another_unit(self):
        self.bom.write({"product_qty": 3, "product_uom_id": self.dozen.id})
        self._create_order(quantity=2, product_uom_id=self.dozen.id)
        self._create_order(quantity=2, product_uom_id=self.unit.id)
        self.assertAllWell()

    def test_order_in_parts_and_backorder(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=3)
        other = self._create_order(quantity=10)
        result = other.backflush_post(quantity=3, remainder="backorder")
        self.assertAllWell()
        self._change(self.board_line, product_qty=3)
        self.assertOrders(order | order.browse(result["backorder"]["id"]), "Board")

    def test_order_that_a_person_has_edited(self):
        """The order is not behind its bill of materials, it is meant to be other."""
        self._age()
        order = self._create_order(quantity=10)
        self._component(order, self.board).product_uom_qty = 30
        self._component(order, self.bolt).backflush_method = "manual"
        self.assertAllWell()

    def _age(self):
        """Let the bill of materials be an hour old."""
        self.env.flush_all()
        for records in (self.bom, self.bom.bom_line_ids):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date - interval '1 hour' "
                    "WHERE id IN %s",
                    SQL.identifier(records._table),
                    tuple(records.ids),
                )
            )
        self.env.invalidate_all()

    def test_component_that_a_person_has_added(self):
        order = self._create_order()
        glue = self._create_product("Glue")
        with Form(order) as form, form.move_raw_ids.new() as move:
            move.product_id = glue
        self.assertAllWell()

    def test_orders_that_are_over_or_not_backflushed(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        self._create_order().button_mark_done()
        self._create_order().action_cancel()
        self._create_order().backflush = False
        self._change(self.board_line, product_qty=3)
        self.assertAllWell()


@tagged("post_install", "-at_install")
class TestBomCheckLife(BomCheckCase):
    """Findings over several checks, who is told, and who may do what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.engineer = new_test_user(
            cls.env, "backflush_engineer", groups="mrp.group_mrp_user"
        )
        cls.bom.backflush_responsible_id = cls.engineer

    def _get_activities(self, bom=None):
        return self.env["mail.activity"].search(
            [("res_model", "=", "mrp.bom"), ("res_id", "=", (bom or self.bom).id)]
        )

    def test_check_again(self):
        self.board_line.product_qty = 0
        first = self._check()
        self.assertEqual(self._check(), first)
        self.assertEqual(len(self.bom.backflush_finding_ids), 1)
        self.assertEqual(self.bom.backflush_finding_count, 1)

    def test_found_again(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.board_line.product_qty = 2
        self.assertMended(finding)
        self.board_line.product_qty = 0
        self.assertEqual(self._check(), finding)
        self.assertEqual(finding.state, "open")

    def test_ignored_stays_ignored(self):
        self.board_line.copy()
        finding = self._check()
        finding.with_user(self.manager).action_ignore()
        self.assertFalse(self._check())
        self.assertRecordValues(
            finding, [{"state": "ignored", "ignore_user_id": self.manager.id}]
        )
        self.assertTrue(finding.ignore_date)
        finding.with_user(self.manager).action_reopen()
        self.assertEqual(self._check(), finding)
        self.assertFalse(finding.ignore_user_id)

    def test_ignored_until_it_is_another_matter(self):
        order = self._create_order()
        self.board_line.product_qty = 3
        finding = self._check()
        finding.with_user(self.manager).action_ignore()
        self.assertFalse(self._check())
        self.board_line.product_qty = 2
        later = self._create_order()
        self.board_line.product_qty = 3
        self.assertEqual(self._check(), finding)
        self.assertEqual(finding.order_ids, (order | later).sudo())

    def test_switched_off(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.bom.backflush = False
        self.assertMended(finding)

    def test_line_deleted(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.board_line.unlink()
        self.assertFalse(finding.exists())

    def test_kits_and_archived_boms_are_not_checked(self):
        _product, kit = self._make_kit("Fittings", [(self.board, 0)])
        kit.backflush = True
        self.assertAllWell(kit)
        self.board_line.product_qty = 0
        self.bom.active = False
        self.assertAllWell()

    def test_subcontracting(self):
        if "subcontract" not in dict(self.bom._fields["type"].selection):
            self.skipTest("mrp_subcontracting is not installed")
        self.bom.type = "subcontract"
        self.board.write({"tracking": "lot", "backflush_method": "operation"})
        self.assertAllWell()
        self.board_line.product_qty = 0
        self.assertFinds("zero", self.board_line, "error", "Board")

    def test_text_in_the_language_of_the_reader(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.board_line.write(
            {
                "product_qty": 0.4,
                "backflush_rounding": 1,
                "backflush_rounding_method": "down",
            }
        )
        finding = self._check()
        self.assertIn("0.4", finding.message)
        self.assertIn("0,4", finding.with_context(lang="de_DE").message)

    # --- Who is told ---

    def test_one_activity(self):
        self.board_line.product_qty = 0
        self._check()
        activity = self._get_activities()
        self.assertRecordValues(
            activity,
            [{"user_id": self.engineer.id, "res_name": self.bom.display_name}],
        )
        self.assertIn("Board has the quantity 0", activity.note)
        self.bolt_line.product_qty = 0
        self._check()
        self.assertEqual(self._get_activities(), activity)
        self.assertIn("Bolt has the quantity 0", activity.note)
        self.bom.bom_line_ids.product_qty = 1
        self._check()
        self.assertFalse(self._get_activities())
        self.assertIn("Nothing is left", self.bom.message_ids[0].body)

    def test_activity_that_is_done_is_not_made_again(self):
        self.board_line.product_qty = 0
        self._check()
        self._get_activities().action_done()
        self._check()
        self.assertFalse(self._get_activities())
        self.bolt_line.product_qty = 0
        self._check()
        self.assertEqual(len(self._get_activities()), 1)

    def test_activity_ends_when_all_is_ignored(self):
        self.board_line.product_qty = 0
        finding = self._check().with_user(self.manager)
        finding.action_ignore()
        self.assertFalse(self._get_activities())
        finding.action_reopen()
        self.assertEqual(len(self._get_activities()), 1)

    def test_information_is_no_activity(self):
        self.board.is_storable = False
        self.assertEqual(self._check().severity, "info")
        self.assertFalse(self._get_activities())

    def test_responsible_of_the_product(self):
        self.bom.backflush_responsible_id = False
        self.chair.product_tmpl_id.responsible_id = self.manager
        self.board_line.product_qty = 0
        self._check()
        self.assertEqual(self._get_activities().user_id, self.manager)
        self.bom.backflush_responsible_id = self.engineer
        self.assertEqual(self._get_activities().user_id, self.engineer)

    def test_nobody_is_responsible(self):
        self.bom.backflush_responsible_id = False
        self.chair.product_tmpl_id.responsible_id = False
        self.board_line.product_qty = 0
        self._check()
        self.assertFalse(self._get_activities())
        self.bom.backflush_responsible_id = self.engineer
        self._check()
        self.assertEqual(self._get_activities().user_id, self.engineer)

    def test_responsible_who_cannot_read_it(self):
        self.bom.backflush_responsible_id = new_test_user(
            self.env, "backflush_buyer", groups="base.group_user"
        )
        self.board_line.product_qty = 0
        self.assertTrue(self._check())
        self.assertFalse(self._get_activities())

    # --- The scheduled check, and the switch ---

    def _run_scheduled_check(self):
        cron = self.env.ref("backflush_auto.ir_cron_check_backflush")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()

    def test_scheduled_check(self):
        other = self._create_bom(self._create_product("Table"), [(self.board, 0)])
        self.board_line.product_qty = 0
        self._run_scheduled_check()
        self.assertEqual(len(self._get_findings(self.bom | other)), 2)
        self.assertEqual(len(self._get_activities()), 1)

    def test_scheduled_check_closes_what_is_over(self):
        self.board_line.product_qty = 0
        finding = self._check()
        self.bom.backflush = False
        self._run_scheduled_check()
        self.assertEqual(finding.state, "closed")
        self.assertFalse(self._get_activities())

    def test_scheduled_check_goes_on_where_it_stopped(self):
        others = [
            self._create_bom(self._create_product(f"Table {n}"), [(self.board, 0)])
            for n in range(3)
        ]
        cursor = self.env.ref("backflush_auto.bom_check_cursor")
        cursor.value = str(others[0].id)
        self._run_scheduled_check()
        self.assertFalse(self._get_findings(others[0]))
        self.assertEqual(len(self._get_findings(others[1] | others[2])), 2)
        self.assertEqual(cursor.value, "0", "the next one begins anew")

    def test_switch_on_tells_findings(self):
        self.bom.backflush = False
        self.board_line.product_qty = 0
        action = self.bom.with_user(self.manager).action_backflush_on()
        self.assertIn("findings (1)", action["params"]["message"])
        self.assertEqual(action["params"]["links"][0]["url"], "/odoo/bom-check")

    def test_check_opens_the_findings(self):
        self.board_line.product_qty = 0
        action = self.bom.with_user(self.manager).action_backflush_check()
        self.assertEqual(action["res_model"], "mrp.backflush.finding")
        self.assertEqual(action["domain"], [("bom_id", "in", self.bom.ids)])

    # --- Rights ---

    def test_rights(self):
        self.board_line.product_qty = 0
        finding = self._check().with_user(self.worker)
        self.assertIn("Board", finding.message)
        self.assertEqual(self.bom.with_user(self.worker).backflush_finding_count, 1)
        with self.assertRaises(AccessError):
            self.bom.with_user(self.worker).action_backflush_check()
        with self.assertRaises(AccessError):
            finding.action_ignore()
        for user in (self.worker, self.manager):
            finding = finding.with_user(user)
            with self.assertRaises(AccessError):
                finding.state = "closed"
            with self.assertRaises(AccessError):
                finding.unlink()
            with self.assertRaises(AccessError):
                finding.create({"bom_id": self.bom.id, "kind": "zero"})

    def test_companies(self):
        other = self.env["res.company"].create({"name": "Other"})
        foreigner = new_test_user(
            self.env,
            "backflush_foreigner",
            groups="mrp.group_mrp_manager",
            company_id=other.id,
            company_ids=other.ids,
        )
        self.bom.company_id = self.env.company
        shared = self._create_bom(
            self._create_product("Table"), [(self.board, 0)], company_id=False
        )
        self.board_line.product_qty = 0
        self._check(self.bom | shared)
        seen = self.env["mrp.backflush.finding"].with_user(foreigner).search([])
        self.assertEqual(seen.bom_id, shared)
        self.bom.company_id = False
        self.assertFalse(self.bom.backflush_finding_ids.company_id)

    # --- How much ---

    def _count_queries(self, number):
        boms = self.env["mrp.bom"]
        for position in range(number):
            screw = self._create_product("Screw", tracking="lot")
            kit, _bom = self._make_kit("Fittings", [(screw, 1), (self.bolt, 1)])
            product = self._create_product(f"Chair {position}")
            components = [(kit, 1), (self.board, 1), (self.bolt, 2)]
            boms |= self._create_bom(product, components)
            self._create_order(product)
        boms.bom_line_ids.write({"product_qty": 1})
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        boms._check_backflush()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_slope(self):
        self._count_queries(1)
        one, twenty = self._count_queries(1), self._count_queries(20)
        self.assertLessEqual((twenty - one) / 19, 2, f"{one}, {twenty}")
