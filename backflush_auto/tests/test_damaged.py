from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .test_scrap import ScrapCase


@tagged("post_install", "-at_install")
class TestDamaged(ScrapCase):
    """Components spoilt beside what was built in."""

    def _damage(self, product, quantity, **values):
        return {
            "product_id": product.id,
            "quantity": quantity,
            "reason": "Dent",
            **values,
        }

    def test_beside_what_was_built_in(self):
        order = self._create_order(quantity=100)
        before = self._on_hand(self.board)
        result = order.backflush_post(30, damaged=[self._damage(self.board, 3)])
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual([c["variance"] for c in result["components"]], [0, 0])
        self.assertEqual(before - self._on_hand(self.board), 63)
        self.assertRecordValues(
            order.scrap_ids,
            [
                {
                    "product_id": self.board.id,
                    "scrap_qty": 3,
                    "state": "done",
                    "location_id": self.stock_location.id,
                    "backflush_id": order.backflush_ids.id,
                    "backflush_qty": 0,
                    "scrap_reason_tag_ids": self.dent.ids,
                }
            ],
        )
        move = order.scrap_ids.move_ids
        self.assertEqual(move.raw_material_production_id, order)
        self.assertNotIn(move, order.move_raw_ids)
        self.assertNotIn(move, order.backflush_ids.move_ids)
        self.assertEqual(result["production"]["qty_scrapped"], 0)
        self.assertEqual(self._planned(order), {self.board: 140, self.bolt: 280})
        order.backflush_post()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_short(self):
        self._add_stock(self.board, -9938)
        order = self._create_order(quantity=100)
        preview = order.backflush_preview(30, damaged=[self._damage(self.board, 3)])
        self.assertEqual(preview["components"][0]["expected"], 60)
        self.assertEqual(preview["components"][0]["shortage"], 1)
        self.assertEqual(preview["max_quantity"], 29.5)
        with self.assertRaises(UserError) as refused:
            order.backflush_post(30, damaged=[self._damage(self.board, 3)])
        [component] = refused.exception.backflush_details["components"]
        self.assertEqual((component["needed"], component["missing"]), (63, 1))
        self.assertFalse(order.scrap_ids)
        order.backflush_post(30, damaged=[self._damage(self.board, 2)])
        self.assertEqual(self._on_hand(self.board), 0)

    def test_own_reservation_and_no_other(self):
        """What the order has reserved is spoilt, not what another one has."""
        self._add_stock(self.board, -10000 + 30)
        other = self._create_order(quantity=5)
        other.action_assign()
        order = self._create_order(quantity=10)
        order.action_assign()
        self.assertEqual(self._reserved(self.board), 30)
        order.backflush_post(2, damaged=[self._damage(self.board, 5)])
        self.assertEqual(self._on_hand(self.board), 21)
        self.assertEqual(self._component(other, self.board).quantity, 10)
        rest = self._component(order, self.board)._filter_backflush_open()
        self.assertEqual((rest.product_uom_qty, rest.quantity), (16, 11))
        with self.assertRaisesRegex(UserError, "Board"):
            order.backflush_post(2, damaged=[self._damage(self.board, 8)])
        quants = self.env["stock.quant"].search([("product_id", "=", self.board.id)])
        quant = quants.filtered(lambda q: q.location_id == self.stock_location)
        self.assertEqual((quant.quantity, quant.reserved_quantity), (21, 21))

    def test_reservation_of_another_line(self):
        """What the order holds for a second line of the product is there as well."""
        self.bom.bom_line_ids = [
            Command.create({"product_id": self.board.id, "product_qty": 3})
        ]
        self.env["stock.quant"]._update_available_quantity(
            self.board, self.stock_location, 50 - self._on_hand(self.board)
        )
        order = self._create_order(quantity=10)
        order.action_assign()
        first = order.move_raw_ids[0]
        damaged = [{"move_id": first.id, "quantity": 25}]
        order.backflush_post(2, damaged=damaged, remainder="keep")
        self.assertEqual(self._on_hand(self.board), 50 - 10 - 25)
        with self.assertRaisesRegex(UserError, "missing"):
            damaged = [{"product_id": self.board.id, "quantity": 16}]
            order.backflush_post(damaged=damaged, scrap_only=True)

    def test_lots(self):
        paint = self._create_product("Varnish", tracking="lot")
        self.bom.bom_line_ids = [
            (0, 0, {"product_id": paint.id, "product_qty": 1}),
        ]
        first = self._create_lot(paint, "P1", 10)
        second = self._create_lot(paint, "P2", 10)
        order = self._create_order(quantity=10)
        damage = self._damage(paint, 3, lots=[{"name": "P2", "quantity": 3}])
        order.backflush_post(5, damaged=[damage])
        self.assertEqual(order.scrap_ids.lot_id, second)
        lines = self._component(order, paint).move_line_ids
        self.assertEqual(lines.filtered(lambda m: m.state == "done").lot_id, first)
        damage = self._damage(paint, 9, lots=[{"name": "P2", "quantity": 9}])
        with self.assertRaisesRegex(UserError, "Varnish"):
            order.backflush_post(1, damaged=[damage])
        order.backflush_post(1, damaged=[self._damage(paint, 6)])
        self.assertEqual(order.scrap_ids.lot_id, first | second)
        self.assertEqual(sum(order.scrap_ids.mapped("scrap_qty")), 9)

    def test_serial_number_is_not_consumed_again(self):
        motor = self._create_product("Motor", tracking="serial")
        self.bom.bom_line_ids = [(0, 0, {"product_id": motor.id, "product_qty": 1})]
        for name in ("M1", "M2", "M3"):
            self._create_lot(motor, name, 1)
        order = self._create_order(quantity=2)
        order.action_assign()
        spoilt = self._component(order, motor).move_line_ids.lot_id[:1]
        damage = self._damage(motor, 1, lots=[{"name": spoilt.name}])
        order.backflush_post(1, damaged=[damage])
        self.assertEqual(order.scrap_ids.lot_id, spoilt)
        lines = self._component(order, motor).move_line_ids
        used = lines.filtered(lambda m: m.state == "done").lot_id
        self.assertNotIn(spoilt, used)
        order.backflush_post(
            components=[{"product_id": motor.id, "lots": [{"name": "M3"}]}]
        )
        self.assertEqual(order.state, "done")
        with self.assertRaises(UserError):
            other = self._create_order(quantity=1)
            other.backflush_post(damaged=[damage])

    def test_units_of_the_component(self):
        self.bom.bom_line_ids[0].product_uom_id = self.dozen
        order = self._create_order(quantity=10)
        order.backflush_post(damaged=[self._damage(self.board, 0.5)])
        self.assertEqual(order.scrap_ids.scrap_qty, 6)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_beside_an_entry(self):
        """What was entered of the component is not there to be spoilt."""
        self._add_stock(self.board, 25 - self._on_hand(self.board))
        order = self._create_order(quantity=10)
        self._component(order, self.board).quantity = 23
        with self.assertRaisesRegex(UserError, "Board"):
            order.backflush_post(damaged=[self._damage(self.board, 3)])
        order.backflush_post(damaged=[self._damage(self.board, 2)])
        self.assertConsumed(order, {self.board: 23, self.bolt: 40})
        self.assertEqual(self._on_hand(self.board), 0)

    def test_nothing_else(self):
        order = self._create_order(quantity=10)
        damage = [self._damage(self.board, 1)]
        order.backflush_post(damaged=damage, scrap_only=True)
        self.assertConsumed(order, {self.board: 0, self.bolt: 0})
        self.assertEqual(order.scrap_ids.backflush_id, order.backflush_ids)
        self.assertEqual((order.state, order.qty_produced), ("confirmed", 0))
        order.backflush_post()
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_at_a_work_order(self):
        self._add_operations()
        self.bom.bom_line_ids.backflush_method = "operation"
        order = self._create_order(quantity=10)
        cut = order.workorder_ids[0]
        damage = [self._damage(self.board, 1)]
        order.backflush_post(5, workorder_id=cut.id, damaged=damage)
        self.assertConsumed(order, {self.board: 10})
        self.assertEqual(order.scrap_ids.workorder_id, cut)
        self.assertEqual(order.scrap_ids.backflush_id.workorder_id, cut)

    def test_taken_back(self):
        """Of a report that never happened, nothing was spoilt either."""
        order = self._create_order(quantity=10)
        before = self._on_hand(self.board)
        damage = [self._damage(self.board, 3)]
        order.backflush_post(5, damaged=damage, scrap=[self._scrap(1)])
        posting = order.backflush_ids
        posting.backflush_correct(4)
        self.assertEqual(before - self._on_hand(self.board), 10 + 3)
        posting.backflush_correct(0)
        self.assertEqual(self._on_hand(self.board), before)
        self.assertEqual(order.backflush_scrapped_qty, 0)
        scrap = order.scrap_ids.scrap_location_id
        self.assertEqual(self._on_hand(self.board, scrap), 0)
        order.backflush_post()
        self.assertConsumed(order, {self.board: 32, self.bolt: 64})
        self.assertEqual(before - self._on_hand(self.board), 20)

    def test_into_negative_stock(self):
        self._add_stock(self.board, -10000)
        self.bom.backflush_shortage = "negative"
        order = self._create_order(quantity=10)
        order.backflush_post(5, damaged=[self._damage(self.board, 3)])
        self.assertEqual(self._on_hand(self.board), -13)

    def test_wrong_values(self):
        order = self._create_order(quantity=10)
        other = self._create_product("Other")
        for damage, message in (
            (self._damage(other, 1), "no component of"),
            ({"quantity": 1}, "one of move_id, product_id, default_code"),
            (self._damage(self.board, -1), "cannot be negative"),
            (self._damage(self.board, 1, reason="Rust"), "no scrap reason"),
            (self._damage(self.board, 1, lots=[{"name": "X"}]), "not tracked"),
        ):
            with self.assertRaisesRegex((ValidationError, UserError), message):
                order.backflush_post(1, damaged=[damage])
        self.assertFalse(order.scrap_ids)

    def test_reference(self):
        order = self._create_order(quantity=10)
        values = {"damaged": [self._damage(self.board, 1)], "reference": "A"}
        result = order.backflush_post(1, **values)
        again = order.backflush_post(1, **values)
        self.assertEqual(again, {**result, "replayed": True})
        self.assertEqual(len(order.scrap_ids), 1)
        with self.assertRaisesRegex(UserError, "used before"):
            values["damaged"] = [self._damage(self.board, 2)]
            order.backflush_post(1, **values)
