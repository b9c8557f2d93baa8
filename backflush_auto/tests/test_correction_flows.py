from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common_correction import CorrectionCase


@tagged("post_install", "-at_install")
class TestCorrectionFlows(CorrectionCase):
    """A report is corrected whatever the rest of Odoo does around its order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_two_steps(self):
        self.warehouse.manufacture_steps = "pbm"
        order = self._create_order(quantity=10)
        order.picking_ids.action_assign()
        self._transfer(order.picking_ids)
        line = order.location_src_id
        posting = self._posting(order.backflush_post())
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board, line), 12)
        self.assertEqual(self._on_hand(self.board), 980)
        self.assertEqual(self._on_hand(self.chair), 4)
        # What is on the line is what the rest needs: nothing is picked again.
        self.assertEqual(len(order.picking_ids), 1)
        self.assertEqual(self._reserved(self.board, line), 12)
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(self.board, line), 0)
        self.assertEqual(len(order.picking_ids), 1)

    def test_three_steps(self):
        self.warehouse.manufacture_steps = "pbm_sam"
        order = self._create_order(quantity=10)
        picking = order.picking_ids
        picking.action_assign()
        self._transfer(picking)
        posting = self._posting(order.backflush_post())
        store = order.picking_ids - picking
        self.assertEqual(store.move_ids.quantity, 10)
        posting.backflush_correct(4)
        self.assertEqual(store.move_ids.quantity, 4)
        order.backflush_post()
        store = order.picking_ids - picking
        self.assertEqual(sum(store.move_ids.mapped("quantity")), 10)
        self._transfer(store)
        self.assertEqual(self._on_hand(self.chair), 10)
        last = order.backflush_ids.sorted("id")[-1].with_user(self.worker)
        with self.assertRaisesRegex(UserError, "0.00 of 6.00 Units Chair are still in"):
            last.backflush_correct()

    def test_make_to_order(self):
        """What an order made for another, which has reserved it, is corrected."""
        table, frame = self._create_table_to_order()
        order = self._create_order(table, 5)
        child = order._get_children()
        made = self._posting(child.backflush_post())
        self.assertEqual(self._reserved(frame), 10)
        used = self._posting(order.backflush_post())
        with self.assertRaisesRegex(UserError, "0.00 of 6.00 Units Frame are still in"):
            made.backflush_correct(4)
        used.backflush_correct(2)
        self.assertEqual(self._on_hand(frame), 6)
        self.assertEqual(self._reserved(frame), 6)
        made.backflush_correct(4)
        self.assertEqual(self._on_hand(frame), 0)
        self.assertEqual(self._on_hand(self.board), 996)
        self.assertEqual(order._get_children(), child)
        child.backflush_post()
        self.assertEqual(self._reserved(frame), 6)
        order.backflush_post()
        self.assertEqual((child.state, order.state), ("done", "done"))
        self.assertEqual(self._on_hand(table), 5)
        self.assertEqual(self._on_hand(frame), 0)
        self.assertEqual(self._on_hand(self.board), 990)

    def test_delivered_and_returned(self):
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        customers = self.env.ref("stock.stock_location_customers")
        out = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock_location.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": 10,
                            "location_id": self.stock_location.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        out.action_confirm()
        out.action_assign()
        self._transfer(out)
        with self.assertRaisesRegex(UserError, "0.00 of 3.00 Units Chair are still in"):
            posting.backflush_correct(7)
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=out.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 4
        self._transfer(wizard._create_return())
        with self.assertRaisesRegex(UserError, "Correct it to 6.00 Units or more"):
            posting.backflush_correct(5)
        posting.backflush_correct(6)
        self.assertEqual(self._on_hand(self.chair), 0)
        self.assertEqual(self._on_hand(self.board), 988)

    def test_orders_of_one_split(self):
        """Together they are one order, whichever of them is corrected."""
        self.bom.bom_line_ids[0].backflush_basis = "order"
        order = self._create_order(quantity=9)
        orders = order._split_productions({order: [3, 3, 3]})
        postings = [self._posting(one.backflush_post()) for one in orders]
        self.assertEqual(self._on_hand(self.board), 998)
        postings[1].backflush_correct(1)
        self.assertEqual(self._on_hand(self.bolt), 1000 - 28)
        self.assertEqual(orders.mapped("state"), ["done", "progress", "done"])
        for posting in (postings[0], postings[2], postings[1]):
            self.assertEqual(self._on_hand(self.board), 998)
            posting.backflush_correct()
        self.assertEqual(self._on_hand(self.board), 1000)
        self.assertEqual(self._on_hand(self.bolt), 1000)
        self.assertEqual(set(orders.mapped("state")), {"confirmed"})
        for one in orders[::-1]:
            one.backflush_post()
        self.assertEqual(self._on_hand(self.board), 998)
        self.assertEqual(self._on_hand(self.bolt), 1000 - 36)

    def test_over_production(self):
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post(12))
        self.assertEqual(order.state, "done")
        posting.backflush_correct(11)
        self.assertEqual((order.state, order.qty_produced), ("done", 11))
        self.assertEqual(self._on_hand(self.board), 1000 - 22)
        posting.backflush_correct(8)
        self.assertEqual(order.state, "progress")
        self.assertEqual(order._get_backflush_remaining(), 2)
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(self.board), 980)
        self.assertEqual(self._on_hand(self.chair), 10)

    def test_component_added_by_hand(self):
        glue = self._create_product("Glue")
        self._add_stock(glue, 100)
        order = self._create_order(quantity=10)
        entered = [{"product_id": glue.id, "quantity": 5}]
        posting = self._posting(order.backflush_post(4, components=entered))
        self.assertEqual(self._on_hand(glue), 95)
        posting.backflush_correct(2)
        self.assertEqual(self._on_hand(glue), 95)
        self.assertEqual(self._on_hand(self.board), 996)
        posting.backflush_correct()
        self.assertEqual(self._on_hand(glue), 100)
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._on_hand(self.chair), 10)

    def test_component_changed_on_the_order(self):
        order = self._create_order(quantity=10)
        self._component(order, self.board).product_uom_qty = 30
        posting = self._posting(order.backflush_post())
        self.assertEqual(self._on_hand(self.board), 970)
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board), 988)
        order.backflush_post()
        self.assertEqual(self._on_hand(self.board), 970)

    def test_point_of_use(self):
        place = self.env["stock.location"].create(
            {"name": "Line", "location_id": self.warehouse.view_location_id.id}
        )
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": place.id}
        )
        self.bom.bom_line_ids[0].backflush_location_id = place
        self._add_stock(self.board, 6, place)
        self._add_stock(self.board, 20, shelf)
        before = self._get_holdings()
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post())
        self.assertEqual(self._on_hand(self.board, place), 6)
        posting.backflush_correct(5)
        self.assertEqual(self._on_hand(self.board, place), 16)
        self.assertEqual(self._on_hand(self.board), 1000)
        posting.backflush_correct()
        self.assertEqual(self._get_holdings(), before)

    def test_unbuilt_to_one_of_several_shelves(self):
        """What came back to a shelf by an unbuild order is not brought there again."""
        shelves = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.warehouse.view_location_id.id}
                for name in ("Line", "Shelf 1", "Shelf 2")
            ]
        )
        shelves[1:].location_id = shelves[0]
        self.bom.bom_line_ids[0].backflush_location_id = shelves[0]
        for shelf in shelves[1:]:
            self._add_stock(self.board, 4, shelf)
        before = self._get_holdings()
        order = self._create_order(quantity=4)
        posting = self._posting(order.backflush_post())
        lines = self._component(order, self.board).move_line_ids
        self.assertEqual(lines.mapped("quantity"), [4, 4])
        self.env["mrp.unbuild"].with_user(self.worker).create(
            {
                "mo_id": order.id,
                "product_id": self.chair.id,
                "product_qty": 1,
                "location_dest_id": lines[0].location_id.id,
            }
        ).action_unbuild()
        self.assertEqual(self._on_hand(self.board, lines[0].location_id), 2)
        posting.backflush_correct(1)
        after = self._get_holdings()
        boards = [one for one in before if one[0] == self.board.id]
        self.assertEqual([one for one in after if one[0] == self.board.id], boards)


@tagged("post_install", "-at_install")
class TestCorrectionSubcontracting(CorrectionCase):
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
        cls._add_stock(cls.board, 100, cls.place)
        cls._add_stock(cls.bolt, 100, cls.place)

    def _receive(self, quantity):
        suppliers = self.env.ref("stock.stock_location_suppliers")
        receipt = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.in_type_id.id,
                "partner_id": self.subcontractor.id,
                "location_id": suppliers.id,
                "location_dest_id": self.stock_location.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.chair.id,
                            "product_uom_qty": quantity,
                            "location_id": suppliers.id,
                            "location_dest_id": self.stock_location.id,
                        }
                    )
                ],
            }
        )
        receipt.action_confirm()
        receipt.move_ids.quantity = quantity
        receipt.move_ids.picked = True
        receipt.button_validate()
        return receipt

    def test_received_goods_refuse_it(self):
        receipt = self._receive(10)
        order = receipt._get_subcontract_production()
        posting = order.backflush_ids
        with self.assertRaisesRegex(UserError, "Bring it back there first"):
            posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board, self.place), 80)

    def test_returned_goods(self):
        receipt = self._receive(10)
        order = receipt._get_subcontract_production()
        posting = order.backflush_ids
        wizard = Form(
            self.env["stock.return.picking"].with_context(
                active_id=receipt.id, active_model="stock.picking"
            )
        ).save()
        wizard.product_return_moves.quantity = 6
        back = wizard._create_return()
        back.move_ids.picked = True
        back._action_done()
        posting.backflush_correct(4)
        self.assertEqual(self._on_hand(self.board, self.place), 92)
        self.assertEqual(self._on_hand(self.chair), 4)
        self.assertEqual(self._on_hand(self.chair, self.place), 0)
        self.assertEqual(order.state, "progress")
        self.assertEqual(order.qty_produced, 4)
