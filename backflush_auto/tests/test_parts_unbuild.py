from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..context import with_private
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestPartsUnbuild(BackflushCase):
    """An unbuild gives back what the postings took that made what is unbuilt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.bom.consumption = "flexible"

    def _post_part(self, order, total=None, lot=None):
        if lot:
            order.lot_producing_ids = lot
        if total:
            order.qty_producing = total
        return (
            with_private(order, keep_open=order._ids)
            .with_context(skip_backorder=True)
            .button_mark_done()
        )

    def _finish(self, order, lot=None):
        if lot:
            order.lot_producing_ids = lot
        order.button_mark_done()
        self.assertEqual(order.state, "done")

    def _produce_in_parts(self, *totals, **values):
        order = self._create_order(quantity=totals[-1], **values)
        for total in totals[:-1]:
            self._post_part(order, total)
        self._finish(order)
        return order

    def _unbuild(self, order, quantity, lot=None, unit=None):
        unbuild = Form(self.env["mrp.unbuild"].with_user(self.worker))
        unbuild.mo_id = order
        if lot:
            unbuild.lot_id = lot
        if order.product_tracking != "serial":
            unbuild.product_qty = quantity
        unbuild = unbuild.save()
        if unit:
            unbuild.product_uom_id = unit
        unbuild.action_validate()
        self.assertEqual(unbuild.state, "done")
        return unbuild

    def _stock(self, *products):
        """Each quant in stock that holds something, with its lot."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", [product.id for product in products]),
                ("location_id", "child_of", self.stock_location.id),
            ]
        )
        totals = {}
        for quant in quants:
            key = (quant.product_id.name, quant.lot_id.name)
            totals[key] = round(totals.get(key, 0) + quant.quantity, 6)
        return {key: quantity for key, quantity in totals.items() if quantity}

    # --- Not tracked ---

    def test_all(self):
        before = self._stock(self.chair, self.board, self.bolt)
        order = self._produce_in_parts(30, 75, 100)
        self._unbuild(order, 100)
        self.assertEqual(self._stock(self.chair, self.board, self.bolt), before)

    def test_rounding_does_not_add_up(self):
        """A sheet for three chairs: unbuilt one by one, it is one sheet again."""
        for totals in ((1, 2, 3), (3,)):
            sheet = self._create_product("Sheet")
            self._add_stock(sheet, 10)
            bom = self._create_bom(self.chair, [(sheet, 1)], product_qty=3)
            order = self._produce_in_parts(*totals, bom=bom)
            self.assertEqual(self._on_hand(sheet), 9)
            left = []
            for _number in range(3):
                self._unbuild(order, 1)
                left.append(round(self._on_hand(sheet), 6))
            self.assertEqual(left, [9.33, 9.67, 10])
            self.assertEqual(self._on_hand(self.chair), 0)

    def test_some(self):
        order = self._produce_in_parts(30, 75, 100)
        self._unbuild(order, 40)
        self.assertEqual(self._on_hand(self.chair), 60)
        self.assertEqual(self._on_hand(self.board), 880)
        self.assertEqual(self._on_hand(self.bolt), 760)
        self._unbuild(order, 60)
        self.assertEqual(self._on_hand(self.board), 1000)
        self.assertEqual(self._on_hand(self.bolt), 1000)

    def test_more_than_was_made(self):
        order = self._produce_in_parts(3, 10)
        self._add_stock(self.chair, 5)
        self._unbuild(order, 12)
        self.assertEqual(self._on_hand(self.chair), 3)

    def test_waste_of_a_part(self):
        order = self._create_order(quantity=10)
        order.qty_producing = 4
        self._component(order, self.board).quantity = 11
        self._post_part(order)
        self._finish(order)
        self.assertEqual(self._on_hand(self.board), 977)
        self._unbuild(order, 4)
        self.assertEqual(self._on_hand(self.board), 988)
        self._unbuild(order, 6)
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_material_issued_by_hand(self):
        """What no posting took belongs to the whole order."""
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.quantity = 5
        board._action_done()
        self._post_part(order, 4)
        self._finish(order)
        self.assertEqual(self._on_hand(self.board), 980)
        for _number in range(2):
            self._unbuild(order, 5)
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_dozens(self):
        before = self._stock(self.chair, self.board, self.bolt)
        order = self._produce_in_parts(1, 3, product_uom_id=self.dozen.id)
        self.assertEqual(self._on_hand(self.chair), 36)
        self._unbuild(order, 18, unit=self.unit)
        self.assertEqual(self._on_hand(self.board), 1000 - 36)
        self._unbuild(order, 1.5)
        self.assertEqual(self._stock(self.chair, self.board, self.bolt), before)

    def test_component_in_dozens(self):
        self.bom.bom_line_ids[1].write(
            {"product_qty": 1, "product_uom_id": self.dozen.id}
        )
        order = self._produce_in_parts(3, 10)
        self.assertEqual(self._on_hand(self.bolt), 880)
        self._unbuild(order, 5)
        self.assertEqual(self._on_hand(self.bolt), 940)
        self._unbuild(order, 5)
        self.assertEqual(self._on_hand(self.bolt), 1000)

    def test_by_products(self):
        dust = self._create_product("Dust")
        self.bom.byproduct_ids = [(0, 0, {"product_id": dust.id, "product_qty": 0.5})]
        order = self._produce_in_parts(3, 6, 10)
        self.assertEqual(self._on_hand(dust), 5)
        self._unbuild(order, 4)
        self.assertEqual(self._on_hand(dust), 3)
        self._unbuild(order, 6)
        self.assertEqual(self._on_hand(dust), 0)

    def test_lots_of_components(self):
        """Each lot comes back once, and in all as much as was taken."""
        glue = self._create_product("Glue", tracking="lot")
        for name, quantity in (("G1", 5), ("G2", 8), ("G3", 20)):
            self._create_lot(glue, name, quantity)
        self._create_bom(self.chair, [(glue, 1)], sequence=-1)
        bom = self.chair.bom_ids.filtered(lambda b: b.bom_line_ids.product_id == glue)
        before = self._stock(glue)
        order = self._produce_in_parts(3, 8, 14, bom=bom)
        self.assertEqual(self._stock(glue), {("Glue", "G3"): 19})
        self._unbuild(order, 4)
        self.assertEqual(self._stock(glue), {("Glue", "G1"): 4, ("Glue", "G3"): 19})
        self._unbuild(order, 3)
        self._unbuild(order, 7)
        self.assertEqual(self._stock(glue), before)

    # --- Lots and serial numbers of the product ---

    def _lots(self, *names):
        lots = self.env["stock.lot"]
        for name in names:
            lots += self._create_lot(self.chair, name)
        return lots

    def test_lot_of_a_part(self):
        self.chair.tracking = "lot"
        first, second = self._lots("L1", "L2")
        order = self._create_order(quantity=10)
        order.qty_producing = 4
        self._component(order, self.board).quantity = 11
        self._post_part(order, lot=first)
        self._finish(order, second)
        unbuild = self._unbuild(order, 4, first)
        self.assertEqual(unbuild.lot_producing_ids, first | second)
        self.assertEqual(first.product_qty, 0)
        self.assertEqual(second.product_qty, 6)
        self.assertEqual(self._on_hand(self.board), 988)
        self._unbuild(order, 2, second)
        self.assertEqual(self._on_hand(self.board), 992)
        self._unbuild(order, 4, second)
        self.assertEqual(self._on_hand(self.board), 1000)
        self.assertEqual(self._on_hand(self.bolt), 1000)

    def test_lot_of_two_parts(self):
        self.chair.tracking = "lot"
        first, second = self._lots("L1", "L2")
        order = self._create_order(quantity=10)
        self._post_part(order, 2, lot=first)
        self._post_part(order, 5, lot=second)
        self._finish(order, first)
        self._unbuild(order, 7, first)
        self.assertEqual((first.product_qty, second.product_qty), (0, 3))
        self.assertEqual(self._on_hand(self.board), 994)
        self._unbuild(order, 3, second)
        self.assertEqual(self._on_hand(self.board), 1000)

    def test_serial_numbers(self):
        """A sheet for three chairs, made in parts or at once: each has its share."""
        self.chair.tracking = "serial"
        sheet = self._create_product("Sheet")
        engine = self._create_product("Engine", tracking="serial")
        self._add_stock(sheet, 10)
        bom = self._create_bom(self.chair, [(sheet, 1), (engine, 3)], product_qty=3)
        for run, totals in enumerate(([1, 2, 3], [3], [2, 3])):
            lots = self._lots(*[f"S{run}{number}" for number in range(3)])
            names = [f"E{run}{number}" for number in range(3)]
            for name in names:
                self._create_lot(engine, name, 1)
            order = self._create_order(quantity=3, bom=bom)
            order.action_assign()
            for total in totals[:-1]:
                order.lot_producing_ids = lots[:total]
                order.set_qty_producing()
                self._post_part(order)
            order.lot_producing_ids = lots
            order.set_qty_producing()
            self._finish(order)
            self.assertEqual(lots.mapped("product_qty"), [1, 1, 1])
            self.assertEqual(self._stock(engine), {})
            for number, lot in enumerate(lots[::-1]):
                self._unbuild(order, 1, lot)
                self.assertEqual(lot.product_qty, 0)
                self.assertEqual(len(self._stock(engine)), number + 1)
            self.assertEqual(self._on_hand(sheet), 10)
            self.assertEqual(
                self._stock(engine), {("Engine", name): 1 for name in names}
            )
            for name in names:
                lot = self.env["stock.lot"].search(
                    [("name", "=", name), ("product_id", "=", engine.id)]
                )
                self._add_stock(engine, -1, lot_id=lot)

    def test_serial_number_built_again(self):
        self.chair.tracking = "serial"
        first, second = self._lots("S1", "S2")
        order = self._create_order(quantity=2)
        order.lot_producing_ids = first
        order.set_qty_producing()
        self._post_part(order)
        order.lot_producing_ids = first | second
        order.set_qty_producing()
        self._finish(order)
        self._unbuild(order, 1, first)
        again = self._create_order(quantity=1)
        again.lot_producing_ids = first
        again.set_qty_producing()
        self._finish(again)
        self.assertEqual(first.product_qty, 1)

    def test_unfinished_order(self):
        order = self._create_order(quantity=10)
        self._post_part(order, 4)
        with self.assertRaisesRegex(UserError, "undone manufacturing order"):
            self._unbuild(order, 4)

    def test_flag_off(self):
        """Odoo's own way: a share of each move, rounded."""
        self.bom.write({"backflush": False, "product_qty": 3})
        self.bom.bom_line_ids[0].product_qty = 1
        order = self._create_order(quantity=3)
        order.button_mark_done()
        taken = self._on_hand(self.board)
        for _number in range(3):
            self._unbuild(order, 1)
        self.assertAlmostEqual(self._on_hand(self.board) - taken, 0.99)
