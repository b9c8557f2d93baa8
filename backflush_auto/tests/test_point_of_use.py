from datetime import datetime

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestPointOfUse(BackflushCase):
    """Components are taken where they are used."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line_1 = cls._create_location("Line 1")
        cls.line_2 = cls._create_location("Line 2")
        cls.saw = cls.env["mrp.workcenter"].create({"name": "Saw"})
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids
        cls._add_stock(cls.bolt, 1000)

    @classmethod
    def _create_location(cls, name, **values):
        return cls.env["stock.location"].create(
            {"name": name, "location_id": cls.stock_location.id, **values}
        )

    @classmethod
    def _add_operation(cls, line, work_center):
        line.operation_id = cls.env["mrp.routing.workcenter"].create(
            {
                "name": "Cut",
                "bom_id": line.bom_id.id,
                "workcenter_id": work_center.id,
            }
        )

    def _show_locations(self):
        """Let the worker see Odoo's storage locations."""
        self.worker.group_ids += self.env.ref("stock.group_stock_multi_locations")

    def _get_source(self, order, product=None):
        return self._component(order, product or self.board).location_id

    # --- The rungs ---

    def test_line(self):
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 200, self.line_1)
        order = self._create_order(quantity=100)
        self.assertRecordValues(
            order.move_raw_ids,
            [
                {
                    "location_id": self.line_1.id,
                    "backflush_location_id": self.line_1.id,
                },
                {
                    "location_id": self.stock_location.id,
                    "backflush_location_id": False,
                },
            ],
        )
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board, self.line_1), 0)

    def test_work_center(self):
        """It counts for its operation's components, whatever their method."""
        self.saw.backflush_location_id = self.line_1
        self._add_operation(self.board_line, self.saw)
        order = self._create_order()
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(self._get_source(order, self.bolt), self.stock_location)

    def test_line_before_work_center(self):
        self.saw.backflush_location_id = self.line_1
        self._add_operation(self.board_line, self.saw)
        self.board_line.backflush_location_id = self.line_2
        self.assertEqual(self._get_source(self._create_order()), self.line_2)

    def test_operation_type(self):
        self.warehouse.manu_type_id.default_location_src_id = self.line_1
        self.board_line.backflush_location_id = self.line_2
        order = self._create_order()
        self.assertEqual(self._get_source(order), self.line_2)
        self.assertEqual(self._get_source(order, self.bolt), self.line_1)

    def test_stock_below_it_counts(self):
        rack = self._create_location("Rack", location_id=self.line_1.id)
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 20, rack)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board, rack), 0)

    def test_unit_of_measure(self):
        self.board_line.write(
            {"product_uom_id": self.dozen.id, "backflush_location_id": self.line_1.id}
        )
        self._add_stock(self.board, 30, self.line_1)
        order = self._create_order(quantity=1)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board, self.line_1), 6)

    # --- Kits and variants ---

    def _create_kit(self, **line_values):
        """A kit of 3 boards on the BoM of a table; its component's line."""
        kit, table = self._create_product("Frame"), self._create_product("Table")
        kit_bom = self._create_bom(kit, [(self.board, 3)], type="phantom")
        bom = self._create_bom(table, [(kit, 2, line_values)])
        return table, bom.bom_line_ids, kit_bom.bom_line_ids

    def test_kit_line(self):
        table, _kit_line, line = self._create_kit(backflush_location_id=self.line_1.id)
        self.assertEqual(self._get_source(self._create_order(table)), self.line_1)
        line.backflush_location_id = self.line_2
        self.assertEqual(self._get_source(self._create_order(table)), self.line_2)

    def test_nested_kits_from_the_inside_out(self):
        table, kit_line, _line = self._create_kit(backflush_location_id=self.line_1.id)
        box = self._create_product("Box")
        self._create_bom(
            box,
            [(kit_line.product_id, 1, {"backflush_location_id": self.line_2.id})],
            type="phantom",
        )
        kit_line.product_id = box
        self.assertEqual(self._get_source(self._create_order(table)), self.line_2)

    def test_work_center_of_a_kit(self):
        table, kit_line, line = self._create_kit()
        self.saw.backflush_location_id = self.line_1
        self._add_operation(kit_line, self.saw)
        self.assertEqual(self._get_source(self._create_order(table)), self.line_1)
        press = self.saw.copy({"backflush_location_id": self.line_2.id})
        self._add_operation(line, press)
        self.assertEqual(self._get_source(self._create_order(table)), self.line_2)
        kit_line.backflush_location_id = self.line_1
        self.assertEqual(self._get_source(self._create_order(table)), self.line_1)

    def test_kit_added_to_the_order(self):
        _table, kit_line, line = self._create_kit()
        line.backflush_location_id = self.line_1
        order = self._create_order(confirm=False)
        order.move_raw_ids = [
            Command.create({"product_id": kit_line.product_id.id, "product_uom_qty": 1})
        ]
        order.action_confirm()
        boards = self._component(order, self.board)
        self.assertEqual(boards.location_id, self.stock_location | self.line_1)

    def test_variant(self):
        color = self.env["product.attribute"].create(
            {
                "name": "Color",
                "value_ids": [
                    Command.create({"name": name}) for name in ("Red", "Blue")
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Shelf",
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": color.id,
                            "value_ids": [Command.set(color.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        values = template.attribute_line_ids.product_template_value_ids
        red, blue = template.product_variant_ids
        self._create_bom(
            red,
            [
                (
                    self.board,
                    1,
                    {
                        "backflush_location_id": location.id,
                        "bom_product_template_attribute_value_ids": value.ids,
                    },
                )
                for location, value in zip(
                    (self.line_1, self.line_2), values, strict=True
                )
            ],
        )
        self.assertEqual(self._get_source(self._create_order(red)), self.line_1)
        self.assertEqual(self._get_source(self._create_order(blue)), self.line_2)

    # --- Procurement ---

    def _check_steps(self, steps):
        """Bolts are picked to the pre-production location, boards wait at the line."""
        self.warehouse.manufacture_steps = steps
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 20, self.line_1)
        order = self._create_order(quantity=10)
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(self._get_source(order, self.bolt), self.warehouse.pbm_loc_id)
        picking = order.picking_ids.filtered(
            lambda p: p.location_dest_id == self.warehouse.pbm_loc_id
        )
        self.assertEqual(picking.move_ids.product_id, self.bolt)
        self.assertEqual(
            order.move_raw_ids.mapped("procure_method"),
            ["make_to_stock", "make_to_order"],
        )
        picking.move_ids.picked = True
        picking._action_done()
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board, self.line_1), 0)

    def test_two_steps(self):
        self._check_steps("pbm")

    def test_three_steps(self):
        self._check_steps("pbm_sam")

    def test_below_the_pre_production_location(self):
        """It is brought where it is used."""
        self.warehouse.manufacture_steps = "pbm"
        self.line_1.location_id = self.warehouse.pbm_loc_id
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 100)
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        self.assertEqual(board.procure_method, "make_to_order")
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.assertEqual(self._on_hand(self.board, self.line_1), 20)
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 80)

    def _create_replenishment(self):
        """Boards for Line 1 come from stock, by an internal transfer."""
        route = self.env["stock.route"].create(
            {
                "name": "Replenish Line 1",
                "product_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Stock to Line 1",
                            "action": "pull",
                            "picking_type_id": self.warehouse.int_type_id.id,
                            "location_src_id": self.stock_location.id,
                            "location_dest_id": self.line_1.id,
                            "procure_method": "make_to_stock",
                        }
                    )
                ],
            }
        )
        return self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.board.id,
                "location_id": self.line_1.id,
                "route_id": route.id,
                "product_min_qty": 0,
                "product_max_qty": 0,
            }
        )

    def _get_transfers(self):
        return self.env["stock.move"].search(
            [
                ("product_id", "=", self.board.id),
                ("location_dest_id", "=", self.line_1.id),
            ]
        )

    def test_replenished(self):
        self._create_replenishment()
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 500)
        order = self._create_order(quantity=100)
        transfer = self._get_transfers()
        self.assertEqual(transfer.product_uom_qty, 200)
        with self.assertRaisesRegex(UserError, "0.00 free in WH/Stock/Line 1"):
            order.button_mark_done()
        transfer.picking_id.action_assign()
        transfer.picked = True
        transfer.picking_id._action_done()
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board), 300)

    def test_replenished_in_two_steps(self):
        self.warehouse.manufacture_steps = "pbm"
        self._create_replenishment()
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order(quantity=100)
        self.assertEqual(self._get_transfers().product_uom_qty, 200)
        self.assertEqual(self._get_source(order), self.line_1)

    def test_replenished_where_the_order_is_changed(self):
        self._create_replenishment()
        order = self._create_order(quantity=100)
        self._component(order, self.board).backflush_location_id = self.line_1
        self.assertEqual(self._get_transfers().product_uom_qty, 200)

    # --- The order changes ---

    def test_location_of_the_order(self):
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order(confirm=False)
        order.location_src_id = self.line_2
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(self._get_source(order, self.bolt), self.line_2)
        order.action_confirm()
        order.location_src_id = self.stock_location
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(self._get_source(order, self.bolt), self.stock_location)

    def test_new_order_on_the_form_with_locations(self):
        self._show_locations()
        self._check_new_order_on_the_form()

    def test_new_order_on_the_form_without_locations(self):
        """What a worker does not see is kept all the same."""
        self._check_new_order_on_the_form()

    def _check_new_order_on_the_form(self):
        self.board_line.backflush_location_id = self.line_1
        form = Form(self.env["mrp.production"].with_user(self.worker))
        form.product_id = self.chair
        form.product_qty = 5
        order = form.save()
        self.assertRecordValues(
            order.move_raw_ids,
            [
                {"location_id": self.line_1.id, "product_uom_qty": 10},
                {"location_id": self.stock_location.id, "product_uom_qty": 20},
            ],
        )

    def test_choice_on_a_draft_is_kept(self):
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order(confirm=False)
        order.move_raw_ids[0].backflush_location_id = False
        order.move_raw_ids[1].backflush_location_id = self.line_2
        order.product_qty = 5
        self.assertEqual(self._get_source(order), self.stock_location)
        self.assertEqual(self._get_source(order, self.bolt), self.line_2)

    def test_quantity_and_backorder(self):
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 200, self.line_1)
        order = self._create_order(quantity=50)
        self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 100}
        ).change_prod_qty()
        self.assertEqual(self._get_source(order), self.line_1)
        rest = self._produce(order, 30, backorder=True)
        self.assertEqual(self._get_source(rest), self.line_1)
        self.assertEqual(
            self._component(rest, self.board).backflush_location_id, self.line_1
        )
        rest.location_src_id = self.line_2
        self.assertEqual(self._get_source(rest), self.line_1)
        rest.location_src_id = self.stock_location
        self._produce(rest)
        self.assertEqual(self._on_hand(self.board, self.line_1), 0)

    def test_kept_open(self):
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 200, self.line_1)
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=30)
        self.assertEqual(self._get_source(order), self.line_1)
        order.backflush_post()
        self.assertEqual(self._on_hand(self.board, self.line_1), 0)

    def test_split_and_copy(self):
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order(quantity=10)
        self.board_line.backflush_location_id = False
        for other in order._split_productions({order: [4, 6]}) | order.copy():
            self.assertEqual(self._get_source(other), self.line_1)
            self.assertEqual(self._get_source(other, self.bolt), self.stock_location)

    def test_update_bom(self):
        order = self._create_order(quantity=10)
        self._component(order, self.bolt).backflush_location_id = self.line_2
        self.board_line.backflush_location_id = self.line_1
        self.assertEqual(self._get_source(order), self.stock_location)
        order.action_update_bom()
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(self._get_source(order, self.bolt), self.stock_location)

    def test_switched_on_and_off(self):
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 50)
        self._add_stock(self.board, 20, self.line_1)
        order = self._create_order(quantity=10, backflush=False)
        self.assertEqual(self._get_source(order), self.stock_location)
        self.assertFalse(order.move_raw_ids.backflush_location_id)
        order.action_assign()
        order.backflush = True
        self.assertEqual(self._get_source(order), self.line_1)
        self.assertEqual(
            self._component(order, self.board).move_line_ids.location_id, self.line_1
        )
        order.backflush = False
        self.assertEqual(self._get_source(order), self.stock_location)
        self.assertFalse(order.move_raw_ids.backflush_location_id)

    def test_switched_on_where_a_transfer_brings_it(self):
        self.warehouse.manufacture_steps = "pbm"
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order(quantity=10, backflush=False)
        order.backflush = True
        self.assertEqual(self._get_source(order), self.warehouse.pbm_loc_id)
        self.assertTrue(self._component(order, self.board).move_orig_ids)

    def test_edited_on_the_order(self):
        """What is reserved follows."""
        self._show_locations()
        self._add_stock(self.board, 20, in_date=datetime(2020, 1, 1))
        self._add_stock(self.board, 20, self.line_1)
        order = self._create_order(quantity=10)
        order.action_assign()
        reserved = self._component(order, self.board).move_line_ids
        self.assertEqual(reserved.location_id, self.stock_location)
        with Form(order) as form, form.move_raw_ids.edit(0) as component:
            component.backflush_location_id = self.line_1
            self.assertEqual(component.location_id, self.line_1)
        board = self._component(order, self.board)
        self.assertEqual(board.location_id, self.line_1)
        self.assertEqual(self._reserved(self.board, self.line_1), 20)
        board.backflush_location_id = self.line_2
        self.assertFalse(board.move_line_ids)
        self.assertEqual(self._reserved(self.board), 0)
        board.backflush_location_id = False
        self.assertEqual(board.location_id, self.stock_location)

    def test_edited_where_a_transfer_brings_it(self):
        """The transfer is no longer for it."""
        self.warehouse.manufacture_steps = "pbm"
        self._add_stock(self.board, 20, self.line_1)
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.backflush_location_id = self.line_1
        self.assertRecordValues(
            board,
            [
                {
                    "location_id": self.line_1.id,
                    "procure_method": "make_to_stock",
                    "move_orig_ids": [],
                    "warehouse_id": self.warehouse.id,
                }
            ],
        )

    def test_recorded_component_stays(self):
        self._add_stock(self.board, 100)
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.write({"backflush_location_id": self.line_2.id, "quantity": 21})
        self.assertEqual(board.move_line_ids.location_id, self.line_2)
        with self.assertRaisesRegex(
            UserError, "Board: a consumed quantity is recorded"
        ):
            board.backflush_location_id = self.line_1
        self.board_line.backflush_location_id = self.line_1
        order.action_update_bom()
        self.assertEqual(board.location_id, self.line_2)

    def test_posted_component_stays(self):
        self._add_stock(self.board, 20)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            self._component(order, self.board).backflush_location_id = self.line_1

    # --- The work order moves ---

    def test_other_work_center(self):
        self.saw.backflush_location_id = self.line_1
        self._add_operation(self.board_line, self.saw)
        self._add_operation(self.bolt_line, self.saw)
        self.bolt_line.backflush_location_id = self.line_1
        press = self.saw.copy({"backflush_location_id": self.line_2.id})
        order = self._create_order(quantity=10)
        order.workorder_ids[0].workcenter_id = press
        self.assertEqual(self._get_source(order), self.line_2)
        order.workorder_ids[0].workcenter_id = self.saw.copy(
            {"backflush_location_id": False}
        )
        self.assertEqual(self._get_source(order), self.stock_location)
        order.workorder_ids[1].workcenter_id = press
        self.assertEqual(self._get_source(order, self.bolt), self.line_1)

    def test_planned_on_an_alternative(self):
        """Odoo plans a work order where it is finished first."""
        self.saw.write({"backflush_location_id": self.line_1.id, "time_efficiency": 50})
        press = self.saw.copy(
            {"backflush_location_id": self.line_2.id, "time_efficiency": 200}
        )
        self.saw.alternative_workcenter_ids = press
        self._add_operation(self.board_line, self.saw)
        order = self._create_order(quantity=10)
        self.assertEqual(self._get_source(order), self.line_1)
        order.button_plan()
        self.assertEqual(order.workorder_ids.workcenter_id, press)
        self.assertEqual(self._get_source(order), self.line_2)

    def test_other_work_center_and_own_choice(self):
        self.saw.backflush_location_id = self.line_1
        self._add_operation(self.board_line, self.saw)
        press = self.saw.copy({"backflush_location_id": False})
        order = self._create_order(quantity=10)
        self._component(order, self.board).backflush_location_id = self.line_2
        order.workorder_ids.workcenter_id = press
        self.assertEqual(self._get_source(order), self.line_2)

    # --- What is said of it ---

    def test_preview_and_shortage(self):
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 1000)
        self._add_stock(self.board, 150, self.line_1)
        order = self._create_order(quantity=100)
        component = order.backflush_preview()["components"][0]
        self.assertEqual(
            (component["location"], component["free"], component["shortage"]),
            ("WH/Stock/Line 1", 150, 50),
        )
        with self.assertRaisesRegex(
            UserError, "Board: 200.00 Units needed, 150.00 free in WH/Stock/Line 1"
        ):
            order.button_mark_done()

    def test_unbuild(self):
        """What is unbuilt goes where unbuilding puts it."""
        self.board_line.backflush_location_id = self.line_1
        self._add_stock(self.board, 20, self.line_1)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        unbuild = Form(self.env["mrp.unbuild"].with_user(self.worker))
        unbuild.mo_id = order
        unbuild.save().action_unbuild()
        self.assertEqual(self._on_hand(self.board, self.line_1), 0)
        self.assertEqual(self._on_hand(self.board), 20)

    # --- Refused ---

    def test_no_place_for_stock(self):
        with self.assertRaisesRegex(ValidationError, "Board cannot be taken from"):
            self.board_line.backflush_location_id = self.chair.property_stock_production

    def test_archived(self):
        self.board_line.backflush_location_id = self.line_1
        draft = self._create_order(confirm=False)
        order = self._create_order()
        self.line_1.active = False
        message = "Board cannot be taken from WH/Stock/Line 1"
        for act in (draft.action_confirm, order.button_mark_done, self._create_order):
            with self.subTest(act=act), self.assertRaisesRegex(UserError, message):
                act()

    def test_turned_into_scrap(self):
        self.board_line.backflush_location_id = self.line_1
        order = self._create_order()
        self.line_1.usage = "inventory"
        with self.assertRaisesRegex(UserError, "Board cannot be taken from"):
            order.button_mark_done()

    def test_two_companies(self):
        other = self.env["res.company"].create({"name": "North"})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        foreign = warehouse.lot_stock_id
        with self.assertRaisesRegex(UserError, "compan"), self.env.cr.savepoint():
            self.board_line.backflush_location_id = foreign
        with self.assertRaisesRegex(UserError, "compan"), self.env.cr.savepoint():
            self.saw.backflush_location_id = foreign
        order = self._create_order()
        with self.assertRaisesRegex(UserError, "compan"), self.env.cr.savepoint():
            self._component(order, self.board).sudo().backflush_location_id = foreign

    # --- Without backflushing ---

    def test_switch_off(self):
        self.board_line.backflush_location_id = self.line_1
        self.saw.backflush_location_id = self.line_2
        self._add_operation(self.bolt_line, self.saw)
        self.bom.backflush = False
        order = self._create_order(quantity=10)
        self.assertEqual(order.move_raw_ids.location_id, self.stock_location)
        order.workorder_ids.workcenter_id = self.saw.copy()
        self.assertEqual(order.move_raw_ids.location_id, self.stock_location)
        self.assertFalse(order.move_raw_ids.backflush_location_id)

    def test_subcontractor(self):
        if "subcontractor_id" not in self.env["mrp.production"]:
            self.skipTest("mrp_subcontracting is not installed")
        self.board_line.backflush_location_id = self.line_1
        self.bom.type = "subcontract"
        order = self._create_order(bom=self.bom, confirm=False)
        self.assertEqual(order.move_raw_ids.location_id, order.location_src_id)
