from odoo.tests import HttpCase, tagged

from .common import TerminalCase

PATH = "/odoo/report-at-the-line"


class TourCase(HttpCase, TerminalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker.tz = "Europe/Berlin"
        cls.dent = cls.env["stock.scrap.reason.tag"].create({"name": "Tour dent"})

    def _start(self, tour, path=PATH, login=None):
        self.start_tour(path, tour, login=(login or self.worker).login)


@tagged("post_install", "-at_install")
class TestTabletTours(TourCase):
    """A worker at a tablet."""

    browser_size = "1280x800"

    def test_good_and_scrapped_then_corrected(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("TOUR/1")
        self._start("backflush_terminal_report")
        self.assertRecordValues(
            order,
            [{"state": "progress", "qty_produced": 10, "backflush_scrapped_qty": 2}],
        )
        self.assertEqual(self._on_hand(self.board), 1000 - 24)
        self.assertEqual(order.scrap_ids.scrap_reason_tag_ids, self.dent)
        posting, correction = order.backflush_ids.sorted("id")
        self.assertTrue(posting.reference.startswith("terminal-"))
        self.assertEqual(correction.reason, "Counted again")
        self.assertNotEqual(correction.reference, posting.reference)

    def test_what_remains_and_what_was_damaged(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("TOUR/1")
        self._start("backflush_terminal_rest")
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 30}])
        rest = order.production_group_id.production_ids - order
        self.assertRecordValues(rest, [{"state": "confirmed", "product_qty": 70}])
        self.assertEqual(self._on_hand(self.bolt), 1000 - 30 * 4 - 5)
        self.assertRecordValues(
            order.scrap_ids,
            [
                {
                    "product_id": self.bolt.id,
                    "scrap_qty": 5,
                    "scrap_reason_tag_ids": self.dent.ids,
                }
            ],
        )

    def test_keyboard_alone(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("TOUR/1")
        self._start("backflush_terminal_keyboard")
        self.assertEqual(order.qty_produced, 12)
        self.assertEqual(len(order.backflush_ids), 1)

    def test_a_shortage_and_what_stock_covers(self):
        self._add_stock(self.board, 14)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("TOUR/<b>")
        self._start("backflush_terminal_shortage")
        self.assertEqual(order.qty_produced, 7)

    def test_decimals_in_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.worker.lang = "de_DE"
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_due("TOUR/1")
        self._start("backflush_terminal_german")
        self.assertEqual(order.qty_produced, 1.5)

    def test_work_orders_of_a_work_center(self):
        bom = self._create_table()
        self._add_stock(self.top, 10)
        self._add_stock(self.leg, 40)
        order = self._create_due("TOUR/1", 10, product=self.table, bom=bom)
        path = f"{PATH}?workcenter_id={self.saw.id}"
        self._start("backflush_terminal_workorder", path, self.routing_worker)
        cut, glue = order.workorder_ids
        self.assertEqual((cut.state, glue.state), ("done", "ready"))
        self.assertEqual(cut.qty_produced, 10)
        self.assertEqual(self._on_hand(self.top), 0)
        self.assertEqual(order.qty_produced, 0)
        first = order.backflush_ids.sorted("id")[0]
        self.assertEqual(first.workorder_id, cut)
        self.assertTrue(first.reference.startswith("Saw-"))


@tagged("post_install", "-at_install")
class TestPhoneTours(TourCase):
    """A worker with a phone and a scanner."""

    browser_size = "375x667"
    touch_enabled = True

    def test_lots_are_scanned(self):
        self.board.tracking = "lot"
        self.chair.tracking = "serial"
        self._create_lot(self.board, "LOT-A", 3)
        self._create_lot(self.board, "LOT-B", 9)
        self._add_stock(self.bolt, 100)
        order = self._create_due("TOUR/1", 5)
        self._start("backflush_terminal_scan")
        self.assertEqual(order.qty_produced, 2)
        lines = order.move_raw_ids.move_line_ids.filtered("lot_id")
        taken = {line.lot_id.name: line.quantity for line in lines}
        self.assertEqual(taken, {"LOT-A": 3, "LOT-B": 1})
        made = order.move_finished_ids.move_line_ids.lot_id
        self.assertEqual(set(made.mapped("name")), {"CHAIR-1", "CHAIR-2"})

    def test_all_keys_are_above_the_button(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.worker.lang = "fr_FR"
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self._create_due("TOUR/1")
        self._start("backflush_terminal_keys")
