from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..context import with_private
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestParts(BackflushCase):
    """An order is reported in parts and stays open in between."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _report(self, order, total):
        """Enter what was produced in all, click Produce and answer "Keep Open"."""
        with Form(order) as form:
            form.qty_producing = total
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        if wizard._name == "mrp.consumption.warning":
            action = wizard.action_confirm()
            wizard = Form.from_action(self.env(user=self.worker), action).save()
        return wizard.action_backflush_keep_open()

    def _open(self, order, product):
        return self._component(order, product).filtered(
            lambda move: move.state not in ("done", "cancel")
        )

    def test_first_part(self):
        order = self._create_order(quantity=100)
        self.assertTrue(self._report(order, 30))
        self.assertRecordValues(
            order, [{"state": "progress", "qty_produced": 30, "qty_producing": 30}]
        )
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})
        self.assertEqual(self._open(order, self.board).product_uom_qty, 140)
        self.assertEqual(self._on_hand(self.board), 940)
        self.assertEqual(self._on_hand(self.chair), 30)
        self.assertRecordValues(order.backflush_ids, [{"quantity": 30}])
        self.assertFalse(self._open(order, self.board).picked)

    def test_components_keep_their_order(self):
        self.env.cr.execute(
            "SELECT setval('stock_move_id_seq',"
            " (nextval('stock_move_id_seq') / 8 + 1) * 8 - 2)"
        )
        order = self._create_order(quantity=100)
        ids = order.move_raw_ids.ids
        self.assertNotEqual(list(set(ids)), ids, "Odoo takes them in their order")
        for total in (30, 40):
            self._report(order, total)
            rest = order.move_raw_ids.filtered(lambda move: move.state != "done")
            self.assertEqual(rest.product_id.ids, (self.board + self.bolt).ids)

    def test_what_has_moved_keeps_its_date(self):
        """An order gives its own dates to all of its moves, done or not."""
        order = self._create_order(quantity=10)
        self.env["stock.scrap.reason.tag"].create({"name": "Dent"})
        spoilt = {"product_id": self.board.id, "quantity": 1, "reason": "Dent"}
        start = fields.Datetime.now()
        with self._at(start):
            order.backflush_post(quantity=3, damaged=[spoilt])
        moved = order.move_raw_ids | order.move_finished_ids | order.scrap_ids.move_ids
        moved = moved.filtered(lambda move: move.state == "done")
        self.assertEqual(len(moved), 4)
        self.assertEqual(set(moved.mapped("date")), {start})
        planned = start + timedelta(days=5)
        order.write({"date_start": planned, "date_finished": planned})
        self.assertEqual(set(moved.mapped("date")), {start})
        to_come = order.move_finished_ids - moved
        self.assertGreaterEqual(min(to_come.mapped("date")), planned)
        end = start + timedelta(hours=2)
        with self._at(end):
            order.backflush_post()
        self.env.flush_all()
        self.assertEqual(order.state, "done")
        self.assertEqual(set(moved.mapped("date")), {start})
        self.assertEqual(set(moved.move_line_ids.mapped("date")), {start})
        rest = (order.move_raw_ids | order.move_finished_ids) - moved
        rest = rest.filtered(lambda move: move.state == "done")
        self.assertEqual(set(rest.mapped("date")), {end})

    def test_migration_of_dates(self):
        """What an earlier version has dated by its order is dated by its posting."""
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=3)
        order.backflush_post(quantity=3)
        moves = (order.move_raw_ids | order.move_finished_ids).filtered("backflush_id")
        dates = {move: move.backflush_id.date for move in moves}
        late, early, *_others = moves
        changed = {late: timedelta(hours=1), early: timedelta(hours=-1)}
        for move, distance in changed.items():
            with_private(move, dated=True).date = dates[move] + distance
        self.env.flush_all()
        migration = self._load_migration("19.0.1.11.0/post-migration")
        migration.migrate(self.env.cr, "19.0.1.10.6")
        self.env.invalidate_all()
        self.assertEqual(late.date, dates[late])
        self.assertEqual(set(late.move_line_ids.mapped("date")), {dates[late]})
        dated_back = dates[early] - timedelta(hours=1)
        self.assertEqual(early.date, dated_back)
        self.assertEqual(set(early.move_line_ids.mapped("date")), {dated_back})

    def _at(self, now):
        return patch.object(fields.Datetime, "now", return_value=now)

    def test_what_the_form_says_between_parts(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        board = self._component(order, self.board)
        self.assertEqual(board.mapped("picked"), [True, False])
        self.assertEqual(board.mapped("manual_consumption"), [False, False])
        self.assertEqual(order.components_availability_state, "available")
        self.assertTrue(order.show_produce_all)
        with Form(order) as form:
            form.qty_producing = 40
            self.assertTrue(form.show_produce)
            self.assertFalse(form.show_produce_all)
            self.assertEqual(form.qty_produced, 30)

    def test_parts_to_the_end(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        self._report(order, 75)
        self.assertTrue(order.show_produce_all)
        self.assertTrue(order.button_mark_done())
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 100}])
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.chair), 100)
        self.assertEqual(
            order.backflush_ids.sorted("id").mapped("quantity"), [30, 45, 25]
        )
        self.assertEqual(order.move_raw_ids.mapped("state"), ["done"] * 6)
        self.assertEqual(len(order.production_group_id.production_ids), 1)

    def test_rounding_over_parts(self):
        """A sheet for three chairs, produced one by one, is one sheet."""
        sheet = self._create_product("Sheet")
        self._add_stock(sheet, 10)
        bom = self._create_bom(self.chair, [(sheet, 1)], product_qty=3)
        order = self._create_order(quantity=3, bom=bom)
        self._report(order, 1)
        self._report(order, 2)
        order.button_mark_done()
        self.assertConsumed(order, {sheet: 1})
        self.assertEqual(
            order.move_raw_ids.sorted("id").mapped("quantity"), [0.33, 0.34, 0.33]
        )

    def test_nothing_reported(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        keep = with_private(order, keep_open=order._ids)
        with self.assertRaisesRegex(UserError, "Nothing is reported"):
            keep.button_mark_done()
        order.qty_producing = 20
        with self.assertRaisesRegex(UserError, "are already posted"):
            order.button_mark_done()
        self.assertEqual(order.qty_produced, 30)

    def test_waste_is_not_taken_back(self):
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 30
        self._component(order, self.board).quantity = 70
        self._report(order, 30)
        self.assertEqual(self._open(order, self.board).product_uom_qty, 140)
        self._produce(order)
        self.assertConsumed(order, {self.board: 210, self.bolt: 400})

    def test_all_issued_in_the_first_part(self):
        """What a person recorded takes the demand whole; the rest is planned anew."""
        order = self._create_order(quantity=100)
        self._component(order, self.board).quantity = 200
        self._report(order, 30)
        self.assertEqual(self._open(order, self.board).product_uom_qty, 140)
        self.assertEqual(order.state, "progress")

    def test_recorded_as_zero(self):
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.picked = True
        board.quantity = 0
        self._report(order, 30)
        self.assertEqual(self._on_hand(self.board), 1000)
        self.assertEqual(self._open(order, self.board).product_uom_qty, 140)
        self.assertRecordValues(
            board,
            [{"state": "done", "quantity": 0, "backflush_variance_qty": -60}],
        )
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 140, self.bolt: 400})

    def test_manual_component_stays(self):
        self.bom.bom_line_ids[0].backflush_method = "manual"
        order = self._create_order(quantity=100)
        self._report(order, 30)
        board = self._component(order, self.board)
        self.assertNotIn(board.state, ("done", "cancel"))
        self.assertEqual(board.product_uom_qty, 200)
        board.quantity = 150
        self._produce(order)
        self.assertConsumed(order, {self.board: 150, self.bolt: 400})

    def test_reservation_stays(self):
        order = self._create_order(quantity=100)
        order.action_assign()
        self._report(order, 30)
        self.assertEqual(self._reserved(self.board), 140)
        self.assertEqual(self._open(order, self.board).quantity, 140)
        self.assertEqual(self._open(order, self.board).state, "assigned")
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._reserved(self.board), 0)

    def test_rest_reserved_by_hand(self):
        """What is reserved is not recorded: a part takes its share of it."""
        order = self._create_order(quantity=100)
        self._report(order, 30)
        order.action_assign()
        self.assertEqual(self._reserved(self.board), 140)
        self._report(order, 75)
        self.assertConsumed(order, {self.board: 150, self.bolt: 300})
        self.assertEqual(self._reserved(self.board), 50)

    def test_reservations_of_others_stay(self):
        """What is on its way already is not reserved for what remains."""
        self.env.company.backflush_reserve = True
        lid, screw = self._create_product("Lid"), self._create_product("Screw")
        bom = self._create_bom(lid, [(screw, 1)])
        order = self._create_order(lid, 12)
        self._add_stock(screw, 10)
        bom.backflush = False
        other = self._create_order(lid, 4, date_start="2100-01-01 08:00:00")
        self._report(order, 4)
        self.assertEqual(other.move_raw_ids.quantity, 4)
        self.assertEqual(self._open(order, screw).quantity, 2)
        self.assertEqual(self._reserved(screw), 6)

    def test_state_follows_what_is_entered(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        for quantity, state in ((60, "progress"), (100, "to_close"), (60, "progress")):
            order.qty_producing = quantity
            self.assertEqual(order.state, state)

    def test_rest_of_finished_goods_is_empty(self):
        """Odoo would fill it at once, with the lot of the part before."""
        self.chair.tracking = "lot"
        order = self._create_order(quantity=100)
        order.lot_producing_ids = self._create_lot(self.chair, "First")
        self._report(order, 30)
        rest = order.move_finished_ids.filtered(lambda move: move.state != "done")
        self.assertRecordValues(rest, [{"product_uom_qty": 70, "quantity": 0}])
        self.assertFalse(rest.move_line_ids)

    def test_rest_as_backorder(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        backorder = self._produce(order, 70, backorder=True)
        self.assertRecordValues(
            order + backorder,
            [
                {"state": "done", "product_qty": 70, "qty_produced": 70},
                {"state": "confirmed", "product_qty": 30, "qty_produced": 0},
            ],
        )
        self.assertConsumed(order, {self.board: 140, self.bolt: 280})
        self.assertRecordValues(backorder.move_finished_ids, [{"product_uom_qty": 30}])
        planned = {m.product_id: m.product_uom_qty for m in backorder.move_raw_ids}
        self.assertEqual(planned, {self.board: 60, self.bolt: 120})
        backorder.button_mark_done()
        self.assertConsumed(backorder, {self.board: 60, self.bolt: 120})
        self.assertEqual(self._on_hand(self.chair), 100)

    def test_rest_given_up(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        self._produce(order, 70)
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 70}])
        self.assertConsumed(order, {self.board: 140, self.bolt: 280})
        self.assertEqual(self._on_hand(self.chair), 70)

    def test_cancelled_after_a_part(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        order.action_cancel()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 30}])
        self.assertConsumed(order, {self.board: 60, self.bolt: 120})

    def test_order_quantity_changed_between_parts(self):
        order = self._create_order(quantity=100)
        self._report(order, 30)
        self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 50}
        ).change_prod_qty()
        self.assertEqual(self._open(order, self.board).product_uom_qty, 40)
        order.button_mark_done()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 50}])
        self.assertConsumed(order, {self.board: 100, self.bolt: 200})

    def test_more_than_planned(self):
        order = self._create_order(quantity=10)
        self._report(order, 6)
        order.qty_producing = 12
        order.button_mark_done()
        self.assertRecordValues(order, [{"state": "done", "qty_produced": 12}])
        self.assertConsumed(order, {self.board: 24, self.bolt: 48})

    def test_traceability(self):
        """What a part was made of is what that part consumed."""
        order = self._create_order(quantity=10)
        self._report(order, 4)
        order.button_mark_done()
        for move in order.move_finished_ids:
            self.assertEqual(
                move.move_line_ids.consume_line_ids,
                move.backflush_id.move_ids.move_line_ids,
            )

    def test_by_products(self):
        dust = self._create_product("Dust")
        self.bom.byproduct_ids = [(0, 0, {"product_id": dust.id, "product_qty": 0.5})]
        order = self._create_order(quantity=10)
        self._report(order, 4)
        self.assertEqual(self._on_hand(dust), 2)
        order.button_mark_done()
        self.assertEqual(self._on_hand(dust), 5)

    def test_by_products_of_a_backorder(self):
        dust = self._create_product("Dust")
        self.bom.byproduct_ids = [(0, 0, {"product_id": dust.id, "product_qty": 0.5})]
        order = self._create_order(quantity=10)
        self._report(order, 4)
        backorder = self._produce(order, 6, backorder=True)
        self.assertEqual(self._on_hand(dust), 3)
        backorder.button_mark_done()
        self.assertEqual(self._on_hand(dust), 5)

    def test_several_orders(self):
        """One question for all: each order stays open, gets a backorder or closes."""
        orders = self.env["mrp.production"].with_user(self.worker)
        for _number in range(3):
            orders += self._create_order(quantity=10)
        orders.qty_producing = 4
        wizard = Form.from_action(
            self.env(user=self.worker), orders.button_mark_done()
        ).save()
        kept, split, closed = wizard.mrp_production_backorder_line_ids
        self.assertRecordValues(
            kept, [{"to_backorder": False, "backflush_keep_open": True}]
        )
        split.write({"to_backorder": True, "backflush_keep_open": False})
        closed.backflush_keep_open = False
        wizard.action_backorder()
        self.assertEqual(orders.mapped("state"), ["progress", "done", "done"])
        self.assertEqual(self._on_hand(self.chair), 12)
        names = split.mrp_production_id.production_group_id.production_ids
        self.assertEqual(len(names), 2)
        self.assertEqual(kept.mrp_production_id.qty_produced, 4)

    def test_several_orders_of_which_some_are_odoos(self):
        """An order of Odoo's cannot stay open: it proposes a backorder."""
        self.bom.consumption = "flexible"
        orders = self.env["mrp.production"].with_user(self.worker)
        for backflush in (True, False):
            orders += self._create_order(quantity=10, backflush=backflush)
        orders.qty_producing = 4
        action = orders.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        self.assertRecordValues(
            wizard.mrp_production_backorder_line_ids,
            [
                {"to_backorder": False, "backflush_keep_open": True},
                {"to_backorder": True, "backflush_keep_open": False},
            ],
        )


@tagged("post_install", "-at_install")
class TestPartsOfTrackedGoods(BackflushCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _post_part(self, order):
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        return wizard.action_backflush_keep_open()

    def test_lot_of_each_posting(self):
        self.chair.tracking = "lot"
        first = self._create_lot(self.chair, "L1")
        second = self._create_lot(self.chair, "L2")
        order = self._create_order(quantity=10)
        order.write({"lot_producing_ids": first.ids, "qty_producing": 4})
        self._post_part(order)
        order.write({"lot_producing_ids": [(6, 0, second.ids)]})
        order.button_mark_done()
        self.assertEqual(first.product_qty, 4)
        self.assertEqual(second.product_qty, 6)

    def test_serial_numbers_of_each_posting(self):
        self.chair.tracking = "serial"
        lots = self.env["stock.lot"]
        for number in range(5):
            lots += self._create_lot(self.chair, f"S{number}")
        order = self._create_order(quantity=5)
        order.write({"lot_producing_ids": lots[:2].ids})
        order.set_qty_producing()
        self.assertEqual(order.qty_producing, 2)
        self._post_part(order)
        self.assertEqual(lots.mapped("product_qty"), [1, 1, 0, 0, 0])
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.serials")
        order.write({"lot_producing_ids": [(6, 0, lots.ids)]})
        order.set_qty_producing()
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(lots.mapped("product_qty"), [1, 1, 1, 1, 1])
        self.assertConsumed(order, {self.board: 10, self.bolt: 20})

    def test_serial_numbers_of_components(self):
        """What an earlier part consumed is consumed already: by this order."""
        engine = self._create_product("Engine", tracking="serial")
        lots = self.env["stock.lot"]
        for number in range(4):
            lots += self._create_lot(engine, f"E{number}", 1)
        bom = self._create_bom(self.chair, [(engine, 1)])
        order = self._create_order(quantity=3, bom=bom)
        order.action_assign()
        for total in (1, 2):
            order.qty_producing = total
            self._post_part(order)
        open_move = order.move_raw_ids.filtered(lambda move: move.state != "done")
        reserved = open_move.move_line_ids.lot_id
        open_move.move_line_ids.lot_id = order.move_raw_ids[0].lot_ids
        open_move.picked = True
        with self.assertRaisesRegex(UserError, "has already been consumed"):
            order.button_mark_done()
        open_move.move_line_ids.lot_id = reserved
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.assertEqual(order.move_raw_ids.lot_ids, lots[:3])

    def test_by_products_of_a_quantity_that_is_written(self):
        """An integration writes the quantity; nobody enters it on the form."""
        dust = self._create_product("Dust")
        self.bom.byproduct_ids = [(0, 0, {"product_id": dust.id, "product_qty": 0.5})]
        order = self._create_order(quantity=10)
        for total, expected in ((3, 1.5), (6, 3)):
            order.qty_producing = total
            self._post_part(order)
            self.assertEqual(self._on_hand(dust), expected)
        order.qty_producing = 8
        self._produce(order)
        self.assertEqual(self._on_hand(dust), 4)
