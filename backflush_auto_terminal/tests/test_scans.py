from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import TerminalCase


@tagged("post_install", "-at_install")
class TestScans(TerminalCase):
    """What a scanned code means."""

    def _find(self, barcode, **values):
        answer = self.orders.backflush_terminal_find(barcode, **values)
        return answer["kind"], [card["name"] for card in answer["orders"]]

    def test_an_order(self):
        self._create_due("LINE/1", days=5)
        self._create_due("LINE/11")
        self.assertEqual(self._find("LINE/1"), ("order", ["LINE/1"]))

    def test_a_product(self):
        self.chair.write({"barcode": "4006381333931", "default_code": "LINE-CHAIR"})
        self._create_due("LINE/1")
        self.assertEqual(self._find("4006381333931"), ("product", ["LINE/1"]))
        self.assertEqual(self._find("LINE-CHAIR"), ("product", ["LINE/1"]))

    def test_a_finished_lot(self):
        self.chair.tracking = "lot"
        order = self._create_due("LINE/1")
        self._create_due("LINE/2")
        order.sudo().lot_producing_ids = self._create_lot(self.chair, "LOT-LINE")
        self.assertEqual(self._find("LOT-LINE"), ("lot", ["LINE/1"]))

    def test_the_lot_of_a_component(self):
        self.board.tracking = "lot"
        self._create_lot(self.board, "BOARD-LINE", 10)
        self._create_due("LINE/1")
        self.assertEqual(self._find("BOARD-LINE"), ("lot", ["LINE/1"]))

    def test_nothing(self):
        for text in ("", "  ", "nobody has this", "%"):
            with self.subTest(text):
                self.assertEqual(self._find(text), ("none", []))

    def test_the_station_comes_first(self):
        bom = self._create_table()
        self.table.default_code = "LINE-TABLE"
        self._create_due("LINE/1", 10, product=self.table, bom=bom)
        here = self._find("LINE-TABLE", workcenter_id=self.saw.id)
        self.assertEqual(here, ("product", ["LINE/1"]))
        self.chair.default_code = "LINE-CHAIR"
        self._create_due("LINE/2")
        elsewhere = self._find("LINE-CHAIR", workcenter_id=self.saw.id)
        self.assertEqual(elsewhere, ("product", ["LINE/2"]))

    def test_hostile_codes(self):
        for barcode in (None, 5, ["a"], "a" * 300, "\0", "\ud800"):
            with self.subTest(repr(barcode)), self.assertRaises(ValidationError):
                self.orders.backflush_terminal_find(barcode)

    def test_a_lot_of_a_component_on_its_order(self):
        self.board.tracking = "lot"
        self._create_lot(self.board, "B-1", 7)
        self._create_lot(self.board, "B-0")
        order = self._create_due("LINE/1")
        part = {"product_id": self.board.id, "product": "Board", "uom": self.unit.name}
        self.assertEqual(
            order.backflush_terminal_lot("B-1"),
            {"finished": False, "components": [{**part, "free": 7}]},
        )
        self.assertEqual(
            order.backflush_terminal_lot("B-0")["components"], [{**part, "free": 0}]
        )
        nothing = {"finished": False, "components": []}
        self.assertEqual(order.backflush_terminal_lot("B-2"), nothing)

    def test_what_the_order_has_reserved_is_free_for_it(self):
        self.board.tracking = "lot"
        self._create_lot(self.board, "B-1", 7)
        order = self._create_due("LINE/1", 3)
        order.action_assign()
        [component] = order.backflush_terminal_lot("B-1")["components"]
        self.assertEqual(component["free"], 7)
        other = self._create_due("LINE/2", 3)
        [component] = other.backflush_terminal_lot("B-1")["components"]
        self.assertEqual(component["free"], 1)

    def test_a_finished_serial_number(self):
        self.chair.tracking = "serial"
        self._create_lot(self.chair, "S-1", 1)
        order = self._create_due("LINE/1", 3)
        self.assertTrue(order.backflush_terminal_lot("S-1")["finished"])
        self.assertFalse(order.backflush_terminal_lot("S-2")["finished"])
