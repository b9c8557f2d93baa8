from odoo.tests import tagged

from .common import RecallCase


@tagged("post_install", "-at_install")
class TestContents(RecallCase):
    """What a finished lot was made of."""

    def _contents(self, lot):
        return self._recall(lot, "action_backflush_contents")

    def test_named(self):
        self._bring("B1")
        self._bring("B2")
        chair = self._make("C1", boards=["B1"])
        self.assertEqual(self._get_lots(self._contents(chair)), {"B1": "certain"})

    def test_assumed_and_possible(self):
        self._bring("B1")
        self._bring("B2")
        chair = self._make("C1")
        self.assertEqual(
            self._get_lots(self._contents(chair)), {"B1": "assumed", "B2": "possible"}
        )

    def test_what_was_gone_before_is_not_contained(self):
        self._bring("B1", 2)
        self._make("C1")
        self._bring("B2", 2)
        chair = self._make("C2")
        self._bring("B3", 2)
        self.assertEqual(self._get_lots(self._contents(chair)), {"B2": "assumed"})

    def test_down_to_the_supplier(self):
        supplier = self.env["res.partner"].create({"name": "Sawmill"})
        board = self._create_lot(self.board, "B1")
        receipt = self._move(board, 10, self.suppliers, self.stock_location, supplier)
        room = self._create_product("Room", tracking="lot")
        self._create_bom(room, [(self.chair, 1)])
        self._make("C1", boards=["B1"])
        lines = self._contents(self._make("R1", product=room))
        self.assertEqual(self._get_lots(lines), {"C1": "assumed", "B1": "assumed"})
        came = lines.filtered(lambda line: line.kind == "receipt")
        self.assertEqual(
            (came.picking_id, came.partner_id, came.quantity), (receipt, supplier, 10)
        )

    def test_both_ways_agree(self):
        """Whatever contains a lot has it among its contents, and is as sure of it."""
        boards = self.env["stock.lot"]
        chairs = self.env["stock.lot"]
        for number, named in enumerate((False, True, False, False, True, False)):
            boards |= self._bring(f"B{number}", 3)
            chairs |= self._make(f"C{number}", boards=[f"B{number}"] if named else ())
        forward = {
            (board.name, chair): certainty
            for board in boards
            for chair, certainty in self._get_lots(self._recall(board)).items()
        }
        backward = {
            (board, chair.name): certainty
            for chair in chairs
            for board, certainty in self._get_lots(self._contents(chair)).items()
        }
        self.assertEqual(forward, backward)
        self.assertEqual(set(forward.values()), {"certain", "assumed", "possible"})

    def test_a_place_that_companies_share(self):
        """What lies there of another company is not shown."""
        shelf = self.env["stock.location"].create(
            {"name": "Shared", "usage": "internal", "company_id": False}
        )
        self._bring("B1", location=shelf)
        foreign = self.env["res.company"].create({"name": "Other"})
        lot = self._create_lot(self.board, "F1", company_id=foreign.id)
        places = {"location_id": self.suppliers.id, "location_dest_id": shelf.id}
        with self._later():
            move = self.env["stock.move"].create(
                {
                    "product_id": self.board.id,
                    "product_uom_qty": 5,
                    "company_id": foreign.id,
                    **places,
                }
            )
            self.env["stock.move.line"].create(
                {
                    "move_id": move.id,
                    "product_id": self.board.id,
                    "lot_id": lot.id,
                    "quantity": 5,
                    "company_id": foreign.id,
                    **places,
                }
            )
            move.picked = True
            move._action_done()
        self.bom.bom_line_ids[0].backflush_location_id = shelf
        chair = self._make("C1")
        self.assertEqual(self._get_lots(self._contents(chair)), {"B1": "assumed"})
