from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestRecall(RecallCase):
    """Where a lot of boards went."""

    def test_named(self):
        board = self._bring("B1")
        self._bring("B2")
        self._make("C1", boards=["B1"])
        self.assertEqual(self._get_lots(self._recall(board)), {"C1": "certain"})

    def test_assumed_and_possible(self):
        """Nobody has named the lot: it may have been the other as well."""
        first, second = self._bring("B1"), self._bring("B2")
        self._make("C1")
        self.assertEqual(self._get_lots(self._recall(first)), {"C1": "assumed"})
        self.assertEqual(self._get_lots(self._recall(second)), {"C1": "possible"})

    def test_reserved_is_not_sure(self):
        """What was reserved was confirmed by nobody."""
        first, second = self._bring("B1"), self._bring("B2")
        with self._later():
            order = self._create_order(quantity=1)
            order.action_assign()
            order.backflush_post(lot_names=["C1"])
        line = order.move_raw_ids.move_line_ids.filtered("lot_id")
        self.assertEqual(line.backflush_lot_source, "reserved")
        self.assertEqual(self._get_lots(self._recall(first)), {"C1": "assumed"})
        self.assertEqual(self._get_lots(self._recall(second)), {"C1": "possible"})

    def test_an_empty_place_is_certain(self):
        first = self._bring("B1", 2)
        self._make("C1")
        second = self._bring("B2", 2)
        self._make("C2")
        self.assertEqual(self._get_lots(self._recall(first)), {"C1": "assumed"})
        self.assertEqual(self._get_lots(self._recall(second)), {"C2": "assumed"})

    def test_a_place_that_is_not_empty_is_not(self):
        first = self._bring("B1", 3)
        self._make("C1")
        second = self._bring("B2", 5)
        self._make("C2")
        self.assertEqual(
            self._get_lots(self._recall(first)), {"C1": "assumed", "C2": "assumed"}
        )
        # It came when the first was used already, but perhaps booked too late.
        self.assertEqual(
            self._get_lots(self._recall(second)), {"C1": "possible", "C2": "assumed"}
        )

    def test_a_count_by_lot_is_certain(self):
        first = self._bring("B1", 10)
        self._make("C1")
        self._count(first, 8)
        second = self._bring("B2", 10)
        self._make("C2")
        self.assertEqual(self._get_lots(self._recall(second)), {"C2": "possible"})

    def test_a_count_that_finds_a_difference_is_certain(self):
        first = self._bring("B1", 10)
        self._make("C1")
        self._count(first, 7)
        second = self._bring("B2", 10)
        self._make("C2")
        self.assertEqual(self._get_lots(self._recall(second)), {"C2": "possible"})

    def test_a_named_lot_is_certain(self):
        self._bring("B1", 10)
        self._make("C1")
        self._make("C2", boards=["B1"])
        second = self._bring("B2", 10)
        self._make("C3")
        self.assertEqual(self._get_lots(self._recall(second)), {"C3": "possible"})

    def test_another_place(self):
        """What lay elsewhere was not consumed here."""
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.warehouse.view_location_id.id}
        )
        self._bring("B1", 10)
        second = self._bring("B2", 10, location=shelf)
        self._make("C1")
        self.assertEqual(self._get_lots(self._recall(second)), {})
        self._move(second, 10, shelf, self.stock_location)
        self._make("C2")
        self.assertEqual(
            self._get_lots(self._recall(second)), {"C1": "possible", "C2": "possible"}
        )

    def test_a_chain_is_as_sure_as_its_weakest_link(self):
        room = self._create_product("Room", tracking="lot")
        self._create_bom(room, [(self.chair, 1)])
        board = self._bring("B1", 10)
        chair = self._make("C1", boards=["B1"])
        self._make("R1", product=room)
        self.assertEqual(
            self._get_lots(self._recall(board)), {"C1": "certain", "R1": "assumed"}
        )
        self.assertEqual(self._get_lots(self._recall(chair)), {"R1": "assumed"})

    def test_what_is_corrected_is_not_contained(self):
        board = self._bring("B1", 10)
        with self._later():
            order = self._create_order(quantity=2)
            order.backflush_post(quantity=1, lot_names=["C1"])
        posting = order.backflush_ids.with_user(self.worker)
        with self._later():
            posting.backflush_correct(0, reason="it was the other machine")
        self.assertEqual(self._get_lots(self._recall(board)), {})
        self.assertFalse(
            self._recall(board).filtered(lambda line: line.kind == "order")
        )

    def test_customers_and_stock(self):
        customer = self.env["res.partner"].create({"name": "Anna"})
        board = self._bring("B1", 10)
        chair = self._make("C1", 3, boards=["B1"])
        out = self._move(chair, 2, self.stock_location, self.customers, customer)
        lines = self._recall(board)
        delivery = lines.filtered(lambda line: line.kind == "delivery")
        self.assertEqual(
            (delivery.picking_id, delivery.partner_id, delivery.quantity),
            (out, customer, 2),
        )
        stock = lines.filtered(lambda line: line.kind == "stock")
        self.assertEqual(
            {(line.lot_id, line.quantity) for line in stock}, {(board, 4), (chair, 1)}
        )
        self._move(chair, 1, self.customers, self.stock_location, customer)
        delivery = self._recall(board).filtered(lambda line: line.kind == "delivery")
        self.assertEqual(sum(delivery.mapped("quantity")), 1)

    def test_stock_is_moved_away(self):
        self.worker.group_ids |= self.env.ref("stock.group_stock_user")
        jail = self.env["stock.location"].create(
            {"name": "Blocked", "location_id": self.warehouse.view_location_id.id}
        )
        board = self._bring("B1", 10)
        lines = self._recall(board)
        action = lines.action_block()
        relocation = self.env[action["res_model"]].with_context(**action["context"])
        relocation.create({"dest_location_id": jail.id}).action_relocate_quants()
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(self._on_hand(self.board, jail), 10)
        with self.assertRaisesRegex(UserError, "only these can be moved"):
            lines.filtered(lambda line: line.kind == "lot").action_block()

    def test_goods_without_lots(self):
        """The trail ends at their order."""
        self.chair.tracking = "none"
        board = self._bring("B1", 10)
        order = self._make("", lots=False)
        lines = self._recall(board).filtered(lambda line: line.kind == "order")
        self.assertEqual(
            (lines.production_id, lines.certainty, lines.quantity),
            (order, "assumed", 1),
        )

    def test_an_order_that_is_not_done(self):
        """What was consumed at the start is in an order, and in no lot yet."""
        self.bom.bom_line_ids[0].backflush_method = "start"
        board = self._bring("B1", 10)
        with self._later():
            order = self._create_order(quantity=2)
            order.action_start()
        lines = self._recall(board).filtered(lambda line: line.kind == "order")
        self.assertEqual((lines.production_id, lines.certainty), (order, "assumed"))

    def test_odoo_without_backflushing(self):
        """There, people enter the lots."""
        self.bom.backflush = False
        board = self._bring("B1", 10)
        other = self._bring("B2", 10)
        with self._later():
            order = self._create_order(quantity=1)
            order.action_assign()
            order.qty_producing = 1
            order.lot_producing_ids = self._create_lot(self.chair, "C1")
            order.move_raw_ids.picked = True
            order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._get_lots(self._recall(board)), {"C1": "certain"})
        self.assertEqual(self._get_lots(self._recall(other)), {})

    def test_other_companies(self):
        board = self._bring("B1", 10)
        self._make("C1")
        foreign = self.env["res.company"].create({"name": "Other"})
        spy = new_test_user(
            self.env,
            "recall_spy",
            groups="mrp.group_mrp_user,stock.group_production_lot",
            company_id=foreign.id,
            company_ids=foreign.ids,
        )
        shared = board.with_user(spy)
        board.company_id = False
        action = shared.action_backflush_recall()
        lines = self.env["mrp.backflush.recall.line"].with_user(spy)
        self.assertFalse(lines.search(action["domain"]))

    def test_who_may(self):
        board = self._bring("B1", 10)
        nobody = new_test_user(self.env, "recall_nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            board.with_user(nobody).action_backflush_recall()
        with self.assertRaisesRegex(UserError, "Choose a lot"):
            board.browse().with_user(self.worker).action_backflush_recall()
        recall = self._recall(board).recall_id
        with self.assertRaises(AccessError):
            recall.line_ids.with_user(self.worker).quantity = 5
        other = new_test_user(self.env, "recall_other", groups="mrp.group_mrp_user")
        with self.assertRaises(AccessError):
            recall.with_user(other).read(["direction"])

    def test_print(self):
        board = self._bring("B1", 10)
        self._make("C1", boards=["B1"])
        lines = self._recall(board)
        recall = lines.recall_id
        report = self.env["ir.actions.report"].with_user(self.worker)
        html, _type = report._render_qweb_html(
            "backflush_auto_recall.report_recall", recall.ids
        )
        self.assertIn("C1", html.decode())
        self.assertIn("Certain", html.decode())
        self.assertEqual(lines.action_print()["context"]["active_ids"], recall.ids)
        # Nothing is selected in the list.
        none = lines.browse().with_context(recall_id=recall.id)
        self.assertEqual(none.action_print()["context"]["active_ids"], recall.ids)
        for nonsense in (False, "1", [recall.id], {}, 0, -1, 10**9):
            with self.assertRaisesRegex(UserError, "Open the recall again"):
                none.with_context(recall_id=nonsense).action_print()
        other = new_test_user(self.env, "recall_other", groups="mrp.group_mrp_user")
        with self.assertRaises(AccessError):
            none.with_user(other).action_print()

    def test_several_lots_at_once(self):
        first, second = self._bring("B1", 2), self._bring("B2", 2)
        self._make("C1", boards=["B1"])
        self._make("C2", boards=["B2"])
        self.assertEqual(
            self._get_lots(self._recall(first | second)),
            {"C1": "certain", "C2": "certain"},
        )
