from datetime import datetime

from odoo.exceptions import UserError
from odoo.tests import Form

from .common import BackflushCase


class TestFlows(BackflushCase):
    """A backflushed order in the rest of Odoo."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_two_steps(self):
        """Components are picked to the line first, and taken from there."""
        self.warehouse.manufacture_steps = "pbm"
        order = self._create_order(quantity=100)
        picking = order.picking_ids
        self.assertEqual(picking.move_ids.mapped("product_uom_qty"), [200, 400])
        with self.assertRaisesRegex(UserError, "0.00 free in WH/Pre-Production"):
            order.button_mark_done()
        picking.action_assign()
        self._transfer(picking)
        self.assertEqual(self._reserved(self.board, order.location_src_id), 200)
        rest = self._produce(order, 30, backorder=True)
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual(self._on_hand(self.board, order.location_src_id), 140)
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 140, self.bolt: 280})
        self.assertEqual(self._on_hand(self.board, order.location_src_id), 0)

    def test_three_steps(self):
        self.warehouse.manufacture_steps = "pbm_sam"
        order = self._create_order(quantity=10)
        self._transfer(order.picking_ids)
        self._produce(order)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        store = order.picking_ids.filtered(lambda p: p.state != "done")
        self.assertEqual(store.move_ids.product_id, self.chair)

    def test_make_to_order(self):
        """A chain that Odoo made keeps its stock for the order."""
        table, frame = self._create_table_to_order()
        order = self._create_order(table, 5)
        child = order._get_children()
        self.assertEqual((child.product_id, child.product_qty), (frame, 10))
        self.assertTrue(child.backflush)
        child.button_mark_done()
        self.assertEqual(self._reserved(frame), 10)
        self._produce(order)
        self.assertConsumed(order, {frame: 10})
        self.assertEqual(self._on_hand(frame), 0)

    def test_another_warehouse(self):
        other = self.env["stock.warehouse"].create({"name": "North", "code": "N"})
        order = self._create_order(quantity=1, picking_type_id=other.manu_type_id.id)
        with self.assertRaisesRegex(UserError, "0.00 free in N/Stock"):
            order.button_mark_done()
        self._add_stock(self.board, 2, other.lot_stock_id)
        self._add_stock(self.bolt, 4, other.lot_stock_id)
        here = self._create_order(quantity=1)
        (order | here).button_mark_done()
        self.assertEqual(self._on_hand(self.board, other.lot_stock_id), 0)
        self.assertEqual(self._on_hand(self.board), 998)

    def test_nested_source_locations_share_their_stock(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self._add_stock(self.board, -990)
        # First in, first out leads the first order to the shelf.
        for product in (self.board, self.bolt):
            self._add_stock(product, 20, shelf, in_date=datetime(2020, 1, 1))
        orders = self._create_order(quantity=10) | self._create_order(quantity=5)
        orders[1].move_raw_ids.location_id = shelf
        orders.button_mark_done()
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(self._on_hand(self.bolt, shelf), 0)

    def test_unbuild(self):
        order = self._create_order(quantity=10)
        order.button_mark_done()
        unbuild = Form(self.env["mrp.unbuild"].with_user(self.worker))
        unbuild.mo_id = order
        unbuild.product_qty = 4
        unbuild.save().action_unbuild()
        self.assertEqual(self._on_hand(self.board), 988)
        self.assertEqual(self._on_hand(self.chair), 6)

    def test_cancel(self):
        order = self._create_order(quantity=10)
        order.action_cancel()
        order.button_mark_done()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.move_raw_ids.mapped("state"), ["cancel"] * 2)
        self.assertFalse(order.backflush_ids)

    def test_scrapped_component(self):
        """Scrap is scrap: it neither covers nor changes what the posting takes."""
        order = self._create_order(quantity=10)
        self.env["stock.scrap"].with_user(self.worker).create(
            {
                "product_id": self.board.id,
                "scrap_qty": 3,
                "production_id": order.id,
                "location_id": self.stock_location.id,
            }
        ).action_validate()
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 977)

    def test_quantity_edited_when_done(self):
        order = self._create_order(quantity=10)
        order.button_mark_done()
        order.is_locked = False
        with self.assertRaisesRegex(UserError, order.backflush_ids.name):
            self._component(order, self.board).quantity = 25
        self.assertEqual(self._on_hand(self.board), 980)

    def test_subassembly_of_the_same_batch(self):
        """What one order of a batch makes is no stock for another of the same batch."""
        frame = self._create_product("Frame")
        self._create_bom(frame, [(self.board, 1)])
        table = self._create_product("Table")
        self._create_bom(table, [(frame, 1)])
        frames, tables = self._create_order(frame, 5), self._create_order(table, 5)
        with self.assertRaisesRegex(UserError, "Frame: 5.00 Units needed, 0.00 free"):
            (frames | tables).button_mark_done()

    def test_many_orders_at_once(self):
        orders = self.env["mrp.production"].with_user(self.worker)
        for quantity in range(1, 11):
            orders |= self._create_order(quantity=quantity)
        self.assertIs(orders.button_mark_done(), True)
        self.assertEqual(set(orders.mapped("state")), {"done"})
        self.assertEqual(self._on_hand(self.board), 1000 - 110)
        self.assertEqual(
            sorted(orders.backflush_ids.mapped("quantity")), list(range(1, 11))
        )

    def test_mass_action_of_the_list(self):
        orders = self._create_order(quantity=1) | self._create_order(quantity=2)
        action = self.env.ref("mrp.action_production_order_mark_done")
        action.with_user(self.worker).with_context(
            active_model="mrp.production", active_ids=orders.ids
        ).run()
        self.assertEqual(orders.mapped("state"), ["done"] * 2)
        self.assertEqual(self._on_hand(self.board), 994)

    def test_cost(self):
        """The chair costs what left stock for it."""
        if "cost_method" not in self.board:
            self.skipTest("stock_account is not installed")
        category = self.env["product.category"].create(
            {"name": "Average", "property_cost_method": "average"}
        )
        (self.board | self.bolt | self.chair).categ_id = category
        self.board.standard_price, self.bolt.standard_price = 4, 0.5
        first = self._create_order(quantity=100)
        second = self._produce(first, 30, backorder=True)
        self.assertEqual(self.chair.standard_price, 10)
        self._produce(second)
        self.assertEqual(self.chair.standard_price, 10)


class TestSubcontracting(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "subcontractor_id" not in cls.env["mrp.production"]:
            cls.skipTest(cls, "mrp_subcontracting is not installed")
        cls.subcontractor = cls.env["res.partner"].create({"name": "Joinery"})
        cls.place = cls.subcontractor.property_stock_subcontractor
        cls.bom.write(
            {"type": "subcontract", "subcontractor_ids": cls.subcontractor.ids}
        )

    def _receive(self, quantity):
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.subcontractor.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": quantity,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.stock_location.id,
                        },
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.quantity = quantity
        receipt.move_ids.picked = True
        receipt.button_validate()
        return receipt._get_subcontract_production()

    def test_receipt_consumes_at_the_subcontractor(self):
        self._add_stock(self.board, 100, self.place)
        self._add_stock(self.bolt, 100, self.place)
        order = self._receive(10)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board, self.place), 80)
        self.assertEqual(self._on_hand(self.chair), 10)
        self.assertEqual(order.backflush_ids.quantity, 10)

    def test_receipt_of_what_the_subcontractor_could_not_make(self):
        self._add_stock(self.board, 10, self.place)
        with self.assertRaisesRegex(UserError, "Board: 20.00 Units needed, 10.00 free"):
            self._receive(10)

    def test_receipt_into_negative_stock(self):
        self.bom.backflush_shortage = "negative"
        order = self._receive(10)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board, self.place), -20)


class TestCompanies(BackflushCase):
    def test_orders_of_two_companies(self):
        other = self.env["res.company"].create(
            {"name": "Other", "backflush_shortage": "negative"}
        )
        self.worker.company_ids |= other
        self.bom.company_id = self.env.company
        companies = self.env.company | other
        self.env = self.env(context={"allowed_company_ids": companies.ids})
        self._add_stock(self.board, 20)
        self._add_stock(self.bolt, 40)
        bom = self._create_bom(
            self.chair, [(self.board, 1)], company_id=other.id, backflush=True
        )
        self.assertEqual(bom.backflush_shortage, "negative")
        here = self._create_order(quantity=10)
        there = self._create_order(quantity=10, bom=bom, company_id=other.id)
        here.button_mark_done()
        there.button_mark_done()
        self.assertConsumed(here, {self.board: 20, self.bolt: 40})
        self.assertConsumed(there, {self.board: 10})
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        self.assertEqual(self._on_hand(self.board, warehouse.lot_stock_id), -10)
        self.assertEqual(there.backflush_ids.company_id, other)
