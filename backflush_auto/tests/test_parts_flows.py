from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..context import with_private
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestPartsFlows(BackflushCase):
    """Orders that are reported in parts, in the rest of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _report(self, order, total):
        """Enter what was produced in all, click Produce and answer "Keep Open"."""
        with Form(order) as form:
            form.qty_producing = total
        self._keep_open(order)

    def _keep_open(self, order):
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        wizard.action_backflush_keep_open()
        self.assertIn(order.state, ("progress", "to_close"))

    def _done_quantity(self, orders, product):
        moves = self._component(orders, product)
        return sum(moves.filtered(lambda m: m.state == "done").mapped("quantity"))

    # --- Backorders ---

    def test_backorder_after_backorder(self):
        """A sheet for three chairs, in three orders of two parts each."""
        sheet = self._create_product("Sheet")
        dust = self._create_product("Dust")
        self._add_stock(sheet, 10)
        bom = self._create_bom(self.chair, [(sheet, 1)], product_qty=3)
        bom.byproduct_ids = [Command.create({"product_id": dust.id, "product_qty": 1})]
        first = self._create_order(quantity=7, bom=bom)
        self._report(first, 1)
        second = self._produce(first, 2, backorder=True)
        self._report(second, 2)
        third = self._produce(second, 3, backorder=True)
        self.assertEqual((third.product_qty, third.state), (2, "confirmed"))
        self._report(third, 1)
        self._produce(third)
        orders = first | second | third
        self.assertEqual(orders.mapped("state"), ["done"] * 3)
        self.assertEqual(orders.mapped("qty_produced"), [2, 3, 2])
        self.assertEqual(round(self._done_quantity(orders, sheet), 6), 2.33)
        self.assertEqual(self._on_hand(self.chair), 7)
        self.assertAlmostEqual(self._on_hand(dust), 7 / 3, delta=0.02)

    def test_backorder_in_dozens(self):
        order = self._create_order(quantity=5, product_uom_id=self.dozen.id)
        self._report(order, 1)
        rest = self._produce(order, 3, backorder=True)
        self._report(rest, 1)
        self._produce(rest)
        self.assertEqual(self._on_hand(self.chair), 60)
        self.assertConsumed(order, {self.board: 72, self.bolt: 144})
        self.assertConsumed(rest, {self.board: 48, self.bolt: 96})

    def test_backorder_of_lots(self):
        self.chair.tracking = "lot"
        lots = self.env["stock.lot"]
        for name in ("L1", "L2", "L3"):
            lots += self._create_lot(self.chair, name)
        order = self._create_order(quantity=10)
        order.write({"lot_producing_ids": lots[0].ids, "qty_producing": 3})
        self._keep_open(order)
        order.write(
            {"lot_producing_ids": [Command.set(lots[1].ids)], "qty_producing": 5}
        )
        rest = self._produce(order, backorder=True)
        self.assertEqual(order.state, "done")
        self.assertFalse(rest.lot_producing_ids)
        rest.lot_producing_ids = lots[2]
        rest.button_mark_done()
        self.assertEqual(lots.mapped("product_qty"), [3, 2, 5])
        self.assertConsumed(order, {self.board: 10, self.bolt: 20})
        self.assertConsumed(rest, {self.board: 10, self.bolt: 20})

    def test_backorder_of_serial_numbers(self):
        self.chair.tracking = "serial"
        lots = self.env["stock.lot"]
        for number in range(4):
            lots += self._create_lot(self.chair, f"S{number}")
        order = self._create_order(quantity=4)
        order.lot_producing_ids = lots[0]
        order.set_qty_producing()
        self._keep_open(order)
        order.lot_producing_ids = lots[:2]
        order.set_qty_producing()
        rest = self._produce(order, backorder=True)
        self.assertEqual((order.state, rest.product_qty), ("done", 2))
        rest.lot_producing_ids = lots[2:]
        rest.set_qty_producing()
        rest.button_mark_done()
        self.assertEqual(lots.mapped("product_qty"), [1, 1, 1, 1])
        self.assertConsumed(rest, {self.board: 4, self.bolt: 8})

    def test_split_by_hand(self):
        """Split first, then each in parts; an order in progress is not split."""
        order = self._create_order(quantity=10)
        wizard = Form.from_action(self.env(user=self.worker), order.action_split())
        wizard.max_batch_size = 5
        wizard.save().action_split()
        orders = order.production_group_id.production_ids.with_user(self.worker)
        self.assertEqual(orders.mapped("product_qty"), [5, 5])
        for each in orders:
            self._report(each, 2)
            self._produce(each)
        self.assertEqual(self._on_hand(self.board), 980)
        self.assertEqual(self._on_hand(self.bolt), 960)
        started = self._create_order(quantity=10)
        self._report(started, 2)
        with self.assertRaisesRegex(UserError, "draft or confirmed"):
            started.action_split()

    def test_merge(self):
        orders = self._create_order(quantity=4) + self._create_order(quantity=6)
        action = orders.action_merge()
        merged = self.env["mrp.production"].browse(action["res_id"])
        merged = merged.with_user(self.worker)
        self.assertTrue(merged.backflush)
        self._report(merged, 3)
        self._produce(merged)
        self.assertEqual(merged.qty_produced, 10)
        self.assertConsumed(merged, {self.board: 20, self.bolt: 40})
        started = self._create_order(quantity=4)
        self._report(started, 1)
        with self.assertRaisesRegex(UserError, "draft or confirmed"):
            (started + self._create_order(quantity=6)).action_merge()

    # --- Ways of the goods ---

    def test_two_steps(self):
        self.warehouse.manufacture_steps = "pbm"
        order = self._create_order(quantity=100)
        place = order.location_src_id
        self._transfer(order.picking_ids)
        self._report(order, 30)
        self.assertEqual(self._on_hand(self.board, place), 140)
        self.assertEqual(self._reserved(self.board, place), 140)
        rest = self._produce(order, 75, backorder=True)
        self.assertConsumed(order, {self.board: 150, self.bolt: 300})
        self.assertEqual(len(order.picking_ids | rest.picking_ids), 1)
        self._produce(rest)
        self.assertEqual(self._on_hand(self.board, place), 0)
        self.assertEqual(self._on_hand(self.bolt, place), 0)

    def test_two_steps_picked_in_part(self):
        """What is not at the line yet cannot be consumed; what is there can."""
        self.warehouse.manufacture_steps = "pbm"
        order = self._create_order(quantity=100)
        picking = order.picking_ids
        for move in picking.move_ids:
            move.quantity = move.product_uom_qty * 0.4
        self._transfer(picking)
        self._report(order, 30)
        order.qty_producing = 50
        with self.assertRaisesRegex(UserError, "short"):
            order.button_mark_done()
        self._transfer(order.picking_ids.filtered(lambda p: p.state != "done"))
        order.qty_producing = 100
        self._produce(order)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.board, order.location_src_id), 0)

    def test_three_steps(self):
        self.warehouse.manufacture_steps = "pbm_sam"
        order = self._create_order(quantity=10)
        self._transfer(order.picking_ids)
        self._report(order, 4)
        store = order.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(sum(store.move_ids.mapped("product_uom_qty")), 4)
        self._produce(order)
        store = order.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(sum(store.move_ids.mapped("product_uom_qty")), 10)
        store.action_assign()
        self._transfer(store)
        self.assertEqual(self._on_hand(self.chair), 10)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_made_to_order(self):
        """The parts of a subassembly reach the order that waits for them."""
        table, frame = self._create_table_to_order()
        order = self._create_order(table, 5)
        child = order._get_children()
        self._report(child, 4)
        self.assertEqual(self._reserved(frame), 4)
        self._report(order, 2)
        self.assertConsumed(order, {frame: 4})
        self.assertEqual(len(order._get_children()), 1)
        self._produce(child)
        self._produce(order)
        self.assertConsumed(order, {frame: 10})
        self.assertEqual(self._on_hand(frame), 0)
        self.assertEqual(len(order._get_children()), 1)

    def test_made_for_another_order(self):
        """What is delivered from an order in parts is reserved part by part."""
        order = self._create_order(quantity=10)
        delivery = self.env["stock.move"].create(
            {
                "product_id": self.chair.id,
                "product_uom_qty": 10,
                "location_id": self.stock_location.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "procure_method": "make_to_order",
                "move_orig_ids": [Command.set(order.move_finished_ids.ids)],
            }
        )
        delivery._action_confirm()
        self._report(order, 4)
        self.assertEqual(delivery.quantity, 4)
        self._produce(order)
        self.assertEqual(delivery.quantity, 10)

    # --- Components ---

    def test_consumables(self):
        oil = self.env["product.product"].create({"name": "Oil", "type": "consu"})
        self.bom.bom_line_ids = [
            Command.create({"product_id": oil.id, "product_qty": 0.25})
        ]
        order = self._create_order(quantity=10)
        self._report(order, 3)
        self._report(order, 7)
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40, oil: 2.5})

    def test_kits_and_a_product_on_two_lines(self):
        joint = self._create_product("Joint")
        self._create_bom(joint, [(self.bolt, 1)], type="phantom", product_qty=3)
        table = self._create_product("Table")
        self._create_bom(table, [(joint, 1), (self.board, 1), (self.board, 0.5)])
        order = self._create_order(table, 4)
        for total in (1, 2, 3):
            self._report(order, total)
        self._produce(order)
        self.assertConsumed(order, {self.board: 6, self.bolt: 1.33})
        self.assertEqual(self._on_hand(self.board), 994)

    def test_lots_reserved_by_hand(self):
        glue = self._create_product("Glue", tracking="lot")
        first = self._create_lot(glue, "G1", 4)
        second = self._create_lot(glue, "G2", 20)
        bom = self._create_bom(self.chair, [(glue, 1)])
        order = self._create_order(quantity=10, bom=bom)
        order.action_assign()
        self._report(order, 3)
        self.assertEqual((first.product_qty, second.product_qty), (1, 20))
        self.assertEqual(self._reserved(glue), 7)
        self._report(order, 6)
        self.assertEqual((first.product_qty, second.product_qty), (0, 18))
        self._produce(order)
        self.assertEqual(second.product_qty, 14)
        self.assertEqual(self._reserved(glue), 0)

    def test_lot_recorded_for_a_part(self):
        glue = self._create_product("Glue", tracking="lot")
        self._create_lot(glue, "G1", 20)
        chosen = self._create_lot(glue, "G2", 20)
        bom = self._create_bom(self.chair, [(glue, 1)], consumption="flexible")
        order = self._create_order(quantity=10, bom=bom)
        order.move_raw_ids.move_line_ids = [
            Command.create({"product_id": glue.id, "lot_id": chosen.id, "quantity": 5})
        ]
        order.move_raw_ids.picked = True
        self._report(order, 4)
        self.assertEqual(chosen.product_qty, 15)
        self._produce(order)
        self.assertConsumed(order, {glue: 11})

    def test_strict_consumption(self):
        """The question compares the part with what the part should take."""
        self.bom.consumption = "strict"
        order = self._create_order(quantity=10)
        self._report(order, 3)
        self._report(order, 7)
        with Form(order) as form:
            form.qty_producing = 9
        self._component(order, self.board).filtered(
            lambda move: move.state != "done"
        ).quantity = 9
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.consumption.warning")
        warning = Form.from_action(self.env(user=self.worker), action).save()
        self.assertRecordValues(
            warning.mrp_consumption_warning_line_ids,
            [
                {
                    "product_id": self.board.id,
                    "product_expected_qty_uom": 4,
                    "product_consumed_qty_uom": 9,
                }
            ],
        )

    def test_companies(self):
        other = self.env["res.company"].create(
            {"name": "Other", "backflush_shortage": "negative"}
        )
        self.worker.company_ids |= other
        companies = self.env.company | other
        self.env = self.env(context={"allowed_company_ids": companies.ids})
        bom = self._create_bom(
            self.chair, [(self.board, 1)], company_id=other.id, backflush=True
        )
        self.bom.company_id = self.env.company
        here = self._create_order(quantity=10)
        there = self._create_order(quantity=10, bom=bom, company_id=other.id)
        for order in (here, there):
            self._report(order, 3)
        for order in (here, there):
            order.button_mark_done()
        self.assertConsumed(here, {self.board: 20, self.bolt: 40})
        self.assertConsumed(there, {self.board: 10})
        self.assertEqual(there.backflush_ids.company_id, other)

    # --- After the end ---

    def test_quantity_of_a_done_order(self):
        """Odoo would give each part the quantity of the whole order."""
        order = self._create_order(quantity=10)
        self._report(order, 4)
        self._produce(order)
        order.is_locked = False
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            order.qty_producing = 12
        order.qty_producing = 10
        self.assertEqual(self._on_hand(self.chair), 10)
        whole = self._create_order(quantity=10)
        self._produce(whole)
        whole.is_locked = False
        with self.assertRaisesRegex(UserError, "cannot be changed"):
            whole.qty_producing = 12
        self.assertEqual(self._on_hand(self.chair), 20)

    def test_all_of_the_order_as_a_part(self):
        """Nothing is left to be kept open for."""
        order = self._create_order(quantity=10)
        order.qty_producing = 10
        with_private(order, keep_open=order._ids).button_mark_done()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 10}])
        self.assertEqual(order.move_raw_ids.mapped("state"), ["done"] * 2)
        self.assertTrue(order.is_locked)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_several_orders_split_by_hand(self):
        orders = self._create_order(quantity=10) + self._create_order(quantity=20)
        split = orders._split_productions({orders[0]: [5, 5], orders[1]: [5, 5, 5, 5]})
        self.assertEqual(split.mapped("product_qty"), [5] * 6)
        for order in split:
            self.assertEqual(self._component(order, self.board).product_uom_qty, 10)
