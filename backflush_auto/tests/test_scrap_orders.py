from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common_correction import CorrectionCase
from .test_scrap import ScrapCase


@tagged("post_install", "-at_install")
class TestScrapOrders(CorrectionCase, ScrapCase):
    """What becomes of orders of which some failed, whatever is done with them."""

    def test_bill_of_materials_updated(self):
        """Odoo would turn what was scrapped into finished goods and consumption."""
        order = self._create_order(quantity=10)
        damaged = [{"product_id": self.bolt.id, "quantity": 1}]
        posting = self._posting(
            order.backflush_post(
                3, scrap=[self._scrap(2)], damaged=damaged, remainder="keep"
            )
        )
        scraps = order.scrap_ids.move_ids
        self.assertEqual(len(scraps), 2)
        components = order.move_raw_ids
        order.sudo().action_update_bom()
        self.env.invalidate_all()
        self.assertEqual(set(scraps.mapped("location_dest_id.usage")), {"inventory"})
        self.assertEqual(order.move_raw_ids, components)
        self.assertEqual((order.qty_produced, order._get_backflush_remaining()), (3, 5))
        posting.backflush_correct(0)
        self.assertEqual(
            (order.qty_produced, order._get_backflush_remaining()), (0, 10)
        )
        opened = order.move_finished_ids.filtered(lambda m: m.state != "done")
        self.assertEqual(opened.product_uom_qty, 10)

    def test_place_of_what_has_left(self):
        """What left a point of use left there, wherever the order takes the rest."""
        line = self.env["stock.location"].create(
            {"name": "Line", "location_id": self.stock_location.id}
        )
        self._add_stock(self.bolt, 100, line)
        self._add_stock(self.board, 100, line)
        order = self._create_order(quantity=10)
        order.location_src_id = line
        order.backflush_post(3, remainder="keep")
        order.location_src_id = self.stock_location
        done = order.move_raw_ids.filtered(
            lambda m: m.state == "done" and m.product_id == self.bolt
        )
        self.assertEqual(done.location_id, line)

    def test_byproducts_of_an_updated_order(self):
        chips = self._create_product("Chips")
        self.bom.byproduct_ids = [
            Command.create({"product_id": chips.id, "product_qty": 2})
        ]
        order = self._create_order(quantity=4)
        order.backflush_post(scrap=[self._scrap(2)], scrap_only=True)
        order.sudo().action_update_bom()
        self.assertEqual(order.move_byproduct_ids.product_uom_qty, 4)
        order.backflush_post()
        self.assertEqual(self._on_hand(chips), 4)

    def test_manual_component_of_an_order_that_failed(self):
        """Where nobody recorded it, its variance is that nothing was consumed."""
        self.bom.bom_line_ids[1:].backflush_method = "manual"
        order = self._create_order(quantity=3)
        bolts = order.move_raw_ids.filtered(lambda m: m.product_id == self.bolt)
        for failed, expected in ((1, 0), (2, 12)):
            scrap = [self._scrap(failed)]
            order.backflush_post(scrap=scrap, scrap_only=True)
            self.assertEqual(bolts.backflush_expected_qty, expected)
        self.assertEqual((order.state, bolts.quantity), ("done", 0))

    def test_damaged_of_what_a_backorder_needs(self):
        """What an order has reserved is its own, and the backorder waits for more."""
        self.env["stock.quant"]._update_available_quantity(
            self.board, self.stock_location, 14 - self._on_hand(self.board)
        )
        order = self._create_order(quantity=7)
        order.action_assign()
        self._create_order(quantity=1).action_assign()
        damaged = [{"product_id": self.board.id, "quantity": 3}]
        result = order.backflush_post(
            1, scrap=[self._scrap(1)], damaged=damaged, remainder="backorder"
        )
        self.assertEqual(self._on_hand(self.board), 14 - 4 - 3)
        backorder = order.browse(result["backorder"]["id"])
        boards = backorder.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual((boards.product_uom_qty, boards.quantity), (10, 7))

    def test_damaged_below_zero(self):
        """What others have reserved stays theirs, as where a component is used up."""
        self.bom.backflush_shortage = "negative"
        self.env["stock.quant"]._update_available_quantity(
            self.board, self.stock_location, 2 - self._on_hand(self.board)
        )
        other = self._create_order(quantity=1)
        other.action_assign()
        damaged = [{"product_id": self.board.id, "quantity": 3}]
        self._create_order(quantity=1).backflush_post(damaged=damaged)
        self.assertEqual(self._on_hand(self.board), 2 - 2 - 3)
        boards = other.move_raw_ids.filtered(lambda m: m.product_id == self.board)
        self.assertEqual(boards.quantity, 2)

    def test_two_byproducts_of_a_corrected_order(self):
        chips, dust = (self._create_product(name) for name in ("Chips", "Dust"))
        self.bom.byproduct_ids = [
            Command.create({"product_id": product.id, "product_qty": quantity})
            for product, quantity in ((chips, 3), (dust, 2))
        ]
        order = self._create_order(quantity=10)
        posting = self._posting(order.backflush_post(8, scrap=[self._scrap(2)]))
        posting.backflush_correct(5)
        self.assertEqual((self._on_hand(chips), self._on_hand(dust)), (15, 10))
        order.backflush_post()
        self.assertEqual((self._on_hand(chips), self._on_hand(dust)), (24, 16))


@tagged("post_install", "-at_install")
class TestScrapWorkOrders(CorrectionCase, ScrapCase):
    """Work that is done before an order is split, cancelled or corrected."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_operations()
        cls.bom.bom_line_ids.backflush_method = "operation"

    def _report_glued(self, quantity, **values):
        """An order of four of which some are glued, and one is finished."""
        order = self._create_order(quantity=4)
        glue = order.workorder_ids[1]
        order.backflush_post(quantity, workorder_id=glue.id, **values)
        result = order.backflush_post(1, remainder="backorder")
        return order, order.browse(result["backorder"]["id"]), self._posting(result)

    def assertTaken(self, quantities):
        """Compare what is gone of the ten thousand of each component."""
        taken = {product: 10000 - self._on_hand(product) for product in quantities}
        self.assertEqual(taken, quantities)

    def test_work_is_counted_on_one_order(self):
        """Three were glued, two of them for the backorder."""
        order, backorder, posting = self._report_glued(3)
        glue = backorder.workorder_ids[1]
        self.assertEqual(
            (glue.qty_reported_from_previous_wo, glue.qty_remaining), (2, 1)
        )
        self.assertEqual(self._planned(backorder)[self.bolt], 4)
        posting.backflush_correct(0)
        self.assertEqual(self._planned(order)[self.bolt], 0)
        self.assertEqual(self._planned(backorder)[self.bolt], 4)
        order.backflush_post()
        backorder.backflush_post()
        self.assertTaken({self.board: 8, self.bolt: 16, self.paint: 4})

    def test_work_of_what_failed_is_done(self):
        """Three were glued and one failed: the backorder has nothing to glue."""
        order, backorder, posting = self._report_glued(3, scrap=[self._scrap(1)])
        self.assertEqual((order.product_qty, backorder.product_qty), (2, 2))
        glue = backorder.workorder_ids[1]
        self.assertEqual(glue.qty_reported_from_previous_wo, 2)
        self.assertEqual(glue.state, "cancel")
        posting.backflush_correct(0)
        for planned in (self._planned(order), self._planned(backorder)):
            self.assertEqual((planned[self.bolt], planned[self.paint] > 0), (0, True))
        order.backflush_post()
        backorder.backflush_post()
        self.assertTaken({self.board: 8, self.bolt: 16, self.paint: 3})

    def test_work_of_several_backorders_one_after_the_other(self):
        """Two were glued: one for the first order, one of the four of the second."""
        order = self._create_order(quantity=7)
        order.backflush_post(2, workorder_id=order.workorder_ids[1].id)
        for made, taken, left in ((1, 0, 6), (4, 12, 2), (2, 8, 0)):
            told = order.backflush_preview(made)["components"]
            expected = {c["product_id"]: c["expected"] for c in told}
            self.assertEqual(expected.get(self.bolt.id, 0), taken)
            remainder = "backorder" if left else "keep"
            result = order.backflush_post(made, remainder=remainder)
            posted = {c["product_id"]: c["consumed"] for c in result["components"]}
            self.assertEqual(posted.get(self.bolt.id, 0), taken)
            if left:
                order = order.browse(result["backorder"]["id"])
                glue = order.workorder_ids[1]
                self.assertEqual(glue.qty_remaining, min(left, 5))
        self.assertTaken({self.board: 14, self.bolt: 28, self.paint: 7})

    def test_work_done_for_a_backorder_that_needs_no_more(self):
        """One was glued for a backorder, which makes one and leaves five."""
        order = self._create_order(quantity=7)
        order.backflush_post(2, workorder_id=order.workorder_ids[1].id)
        for _number in range(2):
            result = order.backflush_post(1, remainder="backorder")
            order = order.browse(result["backorder"]["id"])
        self.assertEqual(order.workorder_ids[1].qty_remaining, 5)
        self.assertEqual(self._planned(order)[self.bolt], 20)
        order.backflush_post()
        self.assertTaken({self.board: 14, self.bolt: 28, self.paint: 7})

    def test_work_left_to_several_backorders(self):
        order = self._create_order(quantity=9)
        glue = order.workorder_ids[1]
        order.backflush_post(5, workorder_id=glue.id, scrap=[self._scrap(1)])
        orders = order.sudo()._split_productions({order.sudo(): [3, 3, 3]})
        carried = [split.workorder_ids[1].qty_remaining for split in orders[1:]]
        self.assertEqual(carried, [0, 3])
        self.assertEqual(sum(self._planned(split)[self.bolt] for split in orders), 12)

    def test_correction_of_what_a_later_report_took(self):
        """What is not to be consumed at the operation left with a later report."""
        self.bom.bom_line_ids.backflush_method = "completion"
        order = self._create_order(quantity=10)
        glue = order.workorder_ids[1]
        result = order.backflush_post(1, workorder_id=glue.id, scrap=[self._scrap(1)])
        posting = self._posting(result)
        later = order.backflush_post(scrap=[self._scrap(1)], scrap_only=True)
        with self.assertRaisesRegex(UserError, later["name"]) as refused:
            posting.backflush_correct(0)
        self.assertEqual(refused.exception.backflush_details["lowest"], 0.01)
        self._posting(later).backflush_correct(0)
        posting.backflush_correct(0)
        self.assertTaken({self.board: 0, self.bolt: 0, self.paint: 0})
        self.assertEqual((order.state, order.backflush_scrapped_qty), ("confirmed", 0))

    def test_cancelled(self):
        """What failed took all that was built in by then, the bolts as well."""
        bolts = self.bom.bom_line_ids.filtered(lambda b: b.product_id == self.bolt)
        bolts.backflush_method = "completion"
        order = self._create_order(quantity=10)
        glue = order.workorder_ids[1]
        order.backflush_post(
            workorder_id=glue.id, scrap=[self._scrap(2)], scrap_only=True
        )
        self.assertConsumed(order, {self.board: 4})
        order.qty_producing = 3
        order.action_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertConsumed(order, {self.board: 4, self.bolt: 8})
        self.assertEqual((order.qty_produced, order.backflush_scrapped_qty), (0, 2))
        postings = order.backflush_ids
        order.action_cancel()
        self.assertEqual(order.backflush_ids, postings)

    def test_quantity_changed(self):
        """All of an order failed, or more than all: what is added is to come."""
        chips = self._create_product("Chips")
        self.bom.byproduct_ids = [
            Command.create({"product_id": chips.id, "product_qty": 3})
        ]
        for failed, good in ((2, 9), (5, 6)):
            with self.subTest(failed=failed):
                order = self._create_order(quantity=2)
                order.backflush_post(
                    scrap=[self._scrap(failed)],
                    scrap_only=True,
                    workorder_id=order.workorder_ids[1].id,
                )
                values = {"mo_id": order.id, "product_qty": 11}
                self.env["change.production.qty"].create(values).change_prod_qty()
                moves = order.move_finished_ids.filtered(lambda m: m.state != "done")
                self.assertEqual(
                    {move.product_id: move.product_uom_qty for move in moves},
                    {self.chair: good, chips: 3 * good},
                )
                self.assertEqual(order._get_backflush_remaining(), good)
                order.backflush_post()
                self.assertEqual(order.qty_produced, good)
