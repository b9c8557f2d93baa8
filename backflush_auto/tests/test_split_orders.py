from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..context import with_private
from .common import BackflushCase


class SplitOrdersCase(BackflushCase):
    """A chair of 2 boards, 0.3 tubes of glue, and for the order 2 tins of paint."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.paint = cls._create_product("Paint")
        cls.glue = cls._create_product("Glue")
        once = {"backflush_basis": "order"}
        step = {"backflush_rounding": 1, "backflush_rounding_method": "up"}
        cls.recipe = cls._create_bom(
            cls.chair,
            [(cls.board, 2), (cls.paint, 2, once), (cls.glue, 0.3, step)],
        )
        cls._add_stock(cls.board, 1000)

    def _split_by_hand(self, order, *quantities):
        orders = order._split_productions({order: list(quantities)})
        return list(orders)

    def _done(self, orders, product):
        moves = self._component(orders, product)
        return round(
            sum(moves.filtered(lambda m: m.state == "done").mapped("quantity")), 6
        )

    def _family(self, order):
        return order.production_group_id.production_ids


@tagged("post_install", "-at_install")
class TestSplitCount(SplitOrdersCase):
    """Orders split from one are one order: what all of them make decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.paint, 1000)
        cls._add_stock(cls.glue, 1000)

    def assertTaken(self, orders, boards, paint, glue):
        self.assertEqual(
            [self._done(orders, p) for p in (self.board, self.paint, self.glue)],
            [boards, paint, glue],
        )

    def assertPlanned(self, order, boards, paint, glue):
        self.assertEqual(
            [
                sum(
                    self._component(order, product)
                    .filtered(lambda m: m.state not in ("done", "cancel"))
                    .mapped("product_uom_qty")
                )
                for product in (self.board, self.paint, self.glue)
            ],
            [boards, paint, glue],
        )

    def _order(self, quantity=10):
        return self._create_order(quantity=quantity, bom=self.recipe)

    def test_plan(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self.assertPlanned(first, 8, 2, 2)
        self.assertPlanned(second, 12, 0, 1)

    def test_first_cancelled_before(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        first.action_cancel()
        self.assertPlanned(second, 12, 2, 2)
        self._produce(second)
        self.assertTaken(first | second, 12, 2, 2)

    def test_first_cancelled_after(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._produce(second)
        self.assertTaken(second, 12, 2, 2)
        self.assertPlanned(first, 8, 0, 1)
        first.action_cancel()
        self.assertTaken(first | second, 12, 2, 2)

    def test_any_turn(self):
        for turn in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
            orders = self._split_by_hand(self._order(12), 3, 5, 4)
            for number in turn:
                self._produce(orders[number])
            self.assertTaken(orders[0].union(*orders), 24, 2, 4)

    def test_parts_of_both_in_turn(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        for order in (first, second, first, second, second):
            order.backflush_post(quantity=1)
        self.assertTaken(first | second, 10, 2, 2)
        first.backflush_post()
        second.backflush_post()
        self.assertTaken(first | second, 20, 2, 3)

    def test_both_in_one_call(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        (first | second).button_mark_done()
        self.assertTaken(first | second, 20, 2, 3)

    def test_first_closed_short(self):
        first, second = self._split_by_hand(self._order(), 5, 5)
        first.backflush_post(quantity=1, remainder="cancel")
        self._produce(second)
        self.assertTaken(first | second, 12, 2, 2)

    def test_quantity_changed(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        wizard = self.env["change.production.qty"].create(
            {"mo_id": first.id, "product_qty": 14}
        )
        wizard.change_prod_qty()
        self.assertPlanned(first, 28, 2, 5)
        self.assertPlanned(second, 12, 0, 1)

    def test_split_again_and_cancelled(self):
        first, rest = self._split_by_hand(self._order(), 4, 6)
        second, third = self._split_by_hand(rest, 1, 5)
        (first | second).action_cancel()
        self._produce(third)
        self.assertTaken(first | second | third, 10, 2, 2)

    def test_rest_merged(self):
        first, second, third = self._split_by_hand(self._order(), 4, 3, 3)
        self._produce(first)
        merged = self._merge(second | third)
        self.assertPlanned(merged, 12, 0, 1)
        self._produce(merged)
        self.assertTaken(first | merged, 20, 2, 3)

    def test_all_merged(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        merged = self._merge(first | second)
        self.assertPlanned(merged, 20, 2, 3)
        self._produce(merged)
        self.assertTaken(merged, 20, 2, 3)

    def test_merged_with_another(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._produce(first)
        merged = self._merge(second | self._order(5))
        self._produce(merged)
        self.assertTaken(first | merged, 30, 2, 5)

    def test_merged_then_split(self):
        first, second, third = self._split_by_hand(self._order(), 4, 3, 3)
        self._produce(first)
        merged = self._merge(second | third)
        fourth, fifth = self._split_by_hand(merged, 2, 4)
        fourth.action_cancel()
        self._produce(fifth)
        self.assertTaken(first | fourth | fifth, 16, 2, 3)

    def test_some_merged_and_the_rest_split(self):
        """Odoo deletes the group of merged orders, and cannot number without it."""
        first, second, third = self._split_by_hand(self._order(), 4, 3, 3)
        base = first.name.removesuffix("-001")
        group = first.production_group_id
        merged = self._merge(first | third)
        self.assertFalse(group.exists())
        result = second.backflush_post(quantity=1, remainder="backorder")
        self.assertEqual(result["backorder"]["name"], f"{base}-004")
        fourth = second.browse(result["backorder"]["id"])
        self.assertEqual(self._family(second), first | second | third | fourth)
        self.assertEqual(
            (second | fourth).move_raw_ids.production_group_id,
            second.production_group_id,
        )
        self.assertEqual(self._family(merged), merged)
        self._produce(fourth)
        self._produce(merged)
        self.assertTaken(second | fourth | merged, 20, 2, 3)

    def test_some_merged_of_an_order_made_for_another(self):
        """The rest is still shown as what the other order needs."""
        first, second = self._split_by_hand(self._order(), 4, 6)
        parent = self._order(1)
        parent.production_group_id.child_ids = first.production_group_id
        self._merge(first | self._order(5))
        self.assertIn(second, parent._get_children())

    def test_some_merged_of_orders_that_are_off(self):
        """What becomes of them is what Odoo does."""
        first, second = self._split_by_hand(self._order(), 4, 6)
        second.backflush = False
        self._merge(first | self._order(5))
        self.assertFalse(second.production_group_id)

    def _merge(self, orders):
        action = orders.action_merge()
        return orders.browse(action["res_id"])

    def test_edited_order_goes_on_by_itself(self):
        self.recipe.consumption = "flexible"
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._component(first, self.board).product_uom_qty = 10
        self.assertPlanned(second, 12, 0, 1)
        self._produce(first)
        self._produce(second)
        self.assertTaken(first, 10, 2, 2)
        self.assertTaken(second, 12, 0, 1)

    def test_taken_at_the_start(self):
        self.recipe.bom_line_ids[0].backflush_method = "start"
        first, second = self._split_by_hand(self._order(), 4, 6)
        first.action_start()
        self.assertEqual(self._done(first, self.board), 8)
        second.action_start()
        self.assertEqual(self._done(second, self.board), 12)
        self._produce(second)
        self._produce(first)
        self.assertTaken(first | second, 20, 2, 3)

    def test_taken_at_an_operation(self):
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.recipe.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": centre.id})
        ]
        line = self.recipe.bom_line_ids[2]
        line.backflush_method = "operation"
        line.operation_id = self.recipe.operation_ids
        first, second = self._split_by_hand(self._order(), 4, 6)
        for order in (second, first):
            order.workorder_ids.button_start()
            order.workorder_ids.button_finish()
        self.assertEqual(self._done(first | second, self.glue), 3)
        self._produce(first)
        self._produce(second)
        self.assertTaken(first | second, 20, 2, 3)

    def test_first_is_not_backflushed_any_more(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        first.backflush = False
        self._produce(first)
        self._produce(second)
        self.assertEqual(self._done(first | second, self.paint), 2)

    def test_nobody_joins_another_order(self):
        """Who could would have others consume less."""
        order, other = self._order(), self._order()
        [board] = self._component(order, self.board)
        for name in ("backflush_root_id", "backflush_origin_id"):
            vals = dict(board.copy_data()[0], raw_material_production_id=other.id)
            vals[name] = board.id
            for moves in (board, board.sudo()):
                with self.assertRaisesRegex(AccessError, name):
                    moves.create(vals)
            with self.assertRaisesRegex(AccessError, name):
                self._component(other, self.board)[name] = board.id
            with self.assertRaisesRegex(AccessError, name):
                other.move_raw_ids = [Command.create(vals)]

    def test_copy_begins_its_own_count(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._produce(first)
        copy = second.copy()
        copy.action_confirm()
        self._produce(copy)
        self.assertTaken(copy, 12, 2, 2)
        self.assertPlanned(second, 12, 0, 1)

    def test_upgrade(self):
        """Orders that an earlier version has split find each other."""
        self.recipe.bom_line_ids += self.recipe.bom_line_ids[1].copy()
        first, second, third = self._split_by_hand(self._order(), 4, 3, 3)
        self._produce(first)
        moves = (first | second | third).move_raw_ids
        roots = moves.mapped("backflush_root_id")
        before = [move.backflush_root_id for move in moves]
        self.assertEqual(roots, first.move_raw_ids)
        with_private(moves, record=True).backflush_root_id = False
        self.env.flush_all()
        migration = self._load_migration("19.0.1.5.0/post-migration")
        migration.migrate(self.env.cr, "19.0.1.4.1")
        self.env.invalidate_all()
        self.assertEqual([move.backflush_root_id for move in moves], before)
        second.action_cancel()
        self._produce(third)
        self.assertTaken(first | second | third, 14, 4, 3)

    def test_preview_tells_the_same(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._produce(first)
        preview = second.backflush_preview(quantity=6)
        told = {c["product"]: c["expected"] for c in preview["components"]}
        self.assertEqual(told, {"Board": 12, "Paint": 0, "Glue": 1})
        posted = second.backflush_post(quantity=6)
        posted = {c["product"]: c["expected"] for c in posted["components"]}
        self.assertEqual({**told, **posted}, told)


@tagged("post_install", "-at_install")
class TestSplitReservation(SplitOrdersCase):
    """What an order has reserved is that of all the orders that are split from it."""

    def _reserved_by(self, order):
        return {
            move.product_id.name: round(sum(move.move_line_ids.mapped("quantity")), 6)
            for move in order.move_raw_ids
            if move.state not in ("done", "cancel") and move.move_line_ids
        }

    def _order(self, quantity=10, paint=2, glue=3):
        self._add_stock(self.paint, paint)
        self._add_stock(self.glue, glue)
        order = self._create_order(quantity=quantity, bom=self.recipe)
        order.action_assign()
        return order

    def test_reservation_goes_where_the_plan_goes(self):
        """A part that is split again: what it does not need, the others may."""
        self.env.company.backflush_reserve = True
        self.recipe.bom_line_ids[1:].unlink()
        self.recipe.bom_line_ids.write(
            {"product_qty": 0.5, "backflush_rounding": 5, "backflush_method": "manual"}
        )
        self.recipe.bom_line_ids.backflush_rounding_method = "half-up"
        order = self._create_order(bom=self.recipe, quantity=10)
        self.assertEqual(order.move_raw_ids.quantity, 5)
        first, second = self._split_by_hand(order, 8, 2)
        self.assertEqual(first.move_raw_ids.quantity, 5)
        self._split_by_hand(first, 4, 1, 3)
        family = self._family(first)
        for one in family:
            self.assertEqual(
                one.move_raw_ids.quantity, one.move_raw_ids.product_uom_qty, one.name
            )
        self.assertEqual(sum(family.move_raw_ids.mapped("quantity")), 5)
        self.assertEqual(second.move_raw_ids.quantity, 5)

    def test_backorder(self):
        order = self._order()
        result = order.backflush_post(quantity=4, remainder="backorder")
        rest = order.browse(result["backorder"]["id"])
        self.assertConsumed(order, {self.board: 8, self.paint: 2, self.glue: 2})
        self.assertEqual(self._reserved_by(rest), {"Board": 12, "Glue": 1})
        self._produce(rest)
        self.assertEqual(self._on_hand(self.glue), 0)

    def test_split_by_hand(self):
        orders = self._split_by_hand(self._order(), 4, 6)
        self.assertEqual(
            list(map(self._reserved_by, orders)),
            [{"Board": 8, "Paint": 2, "Glue": 2}, {"Board": 12, "Glue": 1}],
        )
        self.assertEqual(orders[0].move_raw_ids.mapped("state"), ["assigned"] * 3)

    def test_part_of_the_second_kept_open(self):
        """Each keeps what is reserved for it."""
        first, second = self._split_by_hand(self._order(), 4, 6)
        second.backflush_post(quantity=2)
        held = [self._reserved_by(order)["Board"] for order in (first, second)]
        self.assertEqual(held, [8, 8])

    def test_backorder_of_the_second(self):
        """What the second does not take after all is reserved for the first."""
        self.recipe.bom_line_ids[2].write(
            {"product_qty": 1 / 3, "backflush_rounding_method": "half-up"}
        )
        first, second = self._split_by_hand(self._order(3, glue=1), 1, 2)
        held = [self._reserved_by(order).get("Glue") for order in (first, second)]
        self.assertEqual(held, [None, 1])
        second.backflush_post(quantity=1, remainder="backorder")
        self.assertEqual(self._on_hand(self.glue), 1)
        self.assertEqual(self._reserved_by(first).get("Glue"), 1)

    def test_manual_of_a_part_kept_open(self):
        """What the later order leaves to the first is still reserved, for the first."""
        self.recipe.bom_line_ids.backflush_method = "manual"
        first, second = self._split_by_hand(self._order(), 4, 6)
        held = [self._reserved_by(order) for order in (first, second)]
        self.assertEqual(held[1]["Board"], 12)
        second.backflush_post(quantity=2)
        boards = (first | second).move_raw_ids.filtered(
            lambda move: move.product_id == self.board
        )
        self.assertEqual(sum(boards.mapped("product_uom_qty")), 20)
        self.assertEqual(boards.mapped("quantity"), boards.mapped("product_uom_qty"))

    def test_second_is_made_first(self):
        """It takes what the first one has reserved for both."""
        first, second = self._split_by_hand(self._order(), 4, 6)
        preview = second.backflush_preview()
        self.assertFalse(any(c["shortage"] for c in preview["components"]))
        self.assertGreaterEqual(preview["max_quantity"], 6)
        self._produce(second)
        self.assertConsumed(second, {self.board: 12, self.paint: 2, self.glue: 2})
        self.assertEqual(self._reserved_by(first), {"Board": 8, "Glue": 1})
        self._produce(first)
        self.assertEqual(self._on_hand(self.paint), 0)
        self.assertEqual(self._on_hand(self.glue), 0)

    def test_what_another_needs_is_not_taken(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        self._add_stock(self.board, -980)
        result = second.backflush_preview(quantity=8)
        [board] = [c for c in result["components"] if c["product"] == "Board"]
        self.assertEqual(board["shortage"], 4)
        self.assertEqual(self._reserved_by(first)["Board"], 8)

    def test_part_kept_open_then_backorder(self):
        order = self._order()
        order.backflush_post(quantity=4)
        self.assertEqual(self._reserved_by(order), {"Board": 12, "Glue": 1})
        order.backflush_post(quantity=2, remainder="backorder")
        rest = self._family(order) - order
        self.assertEqual(self._reserved_by(rest), {"Board": 8, "Glue": 1})
        self._produce(rest)
        self.assertEqual(self._on_hand(self.board), 980)

    def test_a_split_takes_nothing_from_the_others(self):
        """An order for which nothing is reserved gets what no other one needs."""
        seat = self._create_product("Seat", tracking="serial")
        recipe = self._create_bom(self.chair, [(seat, 1)])
        for number in range(4):
            self._create_lot(seat, f"S{number}", 1)
        order = self._create_order(quantity=4, bom=recipe)
        other = order._split_productions({order: [2, 2]}) - order
        order.do_unreserve()
        held = other.move_raw_ids.move_line_ids.lot_id
        self.assertEqual(len(held), 2)
        rest = order._split_productions({order: [1, 1]}) - order
        self.assertEqual(other.move_raw_ids.move_line_ids.lot_id, held)
        self.assertFalse(order.move_raw_ids.move_line_ids)
        self.assertFalse(rest.move_raw_ids.move_line_ids.lot_id & held)

    def test_serial_numbers(self):
        seat = self._create_product("Seat", tracking="serial")
        self.recipe.bom_line_ids[0].product_id = seat
        for number in range(20):
            self._create_lot(seat, f"SEAT-{number:02}", 1)
        order = self._order()
        order.backflush_post(quantity=4)
        order.backflush_post(quantity=2, remainder="backorder")
        rest = self._family(order) - order
        seats = self._component(rest, seat)
        self.assertEqual(seats.move_line_ids.mapped("quantity"), [1] * 8)
        self._produce(rest)
        self.assertEqual(self._on_hand(seat), 0)

    def test_lots_stay_where_they_were_chosen(self):
        board = self._create_product("Lot Board", tracking="lot")
        self.recipe.bom_line_ids[0].product_id = board
        lots = [self._create_lot(board, name, 10) for name in "ABC"]
        order = self._order()
        line = self._component(order, board).move_line_ids[0]
        line.lot_id = lots[2]
        orders = self._split_by_hand(order, 4, 6)
        held = {
            lot: sum(
                line.quantity
                for line in self._component(orders[0] | orders[1], board).move_line_ids
                if line.lot_id == lot
            )
            for lot in lots
        }
        self.assertEqual(list(held.values()), [0, 10, 10])

    def test_two_steps(self):
        self.warehouse.manufacture_steps = "pbm"
        self._add_stock(self.paint, 2)
        self._add_stock(self.glue, 3)
        order = self._create_order(quantity=10, bom=self.recipe)
        picking = order.picking_ids
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        result = order.backflush_post(quantity=4, remainder="backorder")
        rest = order.browse(result["backorder"]["id"])
        self.assertConsumed(order, {self.board: 8, self.paint: 2, self.glue: 2})
        self.assertEqual(self._reserved_by(rest), {"Board": 12, "Glue": 1})
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 12, self.paint: 0, self.glue: 1})

    def _make_paint_to_order(self):
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        self.paint.route_ids = mto | self.warehouse.manufacture_pull_id.route_id
        self._create_bom(self.paint, [(self.glue, 1)])
        self._add_stock(self.glue, 10)

    def test_made_to_order(self):
        self._make_paint_to_order()
        for turn in ((0, 1), (1, 0)):
            order = self._create_order(quantity=10, bom=self.recipe)
            [child] = order._get_children()
            self.assertEqual(child.product_qty, 2)
            self._produce(child.with_user(self.worker))
            orders = self._split_by_hand(order, 4, 6)
            for number in turn:
                self._produce(orders[number])
            self.assertEqual(self._done(orders[0] | orders[1], self.paint), 2)
            self.assertEqual(order._get_children(), child)

    def test_made_to_order_for_the_backorder(self):
        self._make_paint_to_order()
        order = self._create_order(quantity=10, bom=self.recipe)
        self._produce(order._get_children().with_user(self.worker))
        order.backflush_post(quantity=4, remainder="backorder")
        self.assertConsumed(order, {self.board: 8, self.paint: 2, self.glue: 2})
        rest = self._family(order) - order
        self._produce(rest)
        self.assertConsumed(rest, {self.board: 12, self.paint: 0, self.glue: 1})

    def test_made_to_order_and_cancelled(self):
        self._make_paint_to_order()
        order = self._create_order(quantity=10, bom=self.recipe)
        child = order._get_children()
        first, second = self._split_by_hand(order, 4, 6)
        first.action_cancel()
        self.assertEqual(first._get_children() | second._get_children(), child)
        self._produce(child.with_user(self.worker))
        self._produce(second)
        self.assertConsumed(second, {self.board: 12, self.paint: 2, self.glue: 2})

    def test_cancelled_order_leaves_its_share(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        first.action_cancel()
        self._produce(second)
        self.assertConsumed(second, {self.board: 12, self.paint: 2, self.glue: 2})

    def test_merge_keeps_what_was_reserved(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        action = (first | second).action_merge()
        merged = first.browse(action["res_id"])
        self.assertEqual(
            self._reserved_by(merged), {"Board": 20, "Paint": 2, "Glue": 3}
        )

    def test_entry_below_what_is_reserved(self):
        for remainder in ("keep", "backorder"):
            order = self._order()
            entry = {"product_id": self.board.id, "quantity": 1}
            order.backflush_post(quantity=4, components=[entry], remainder=remainder)
            rest = order
            if remainder == "backorder":
                rest = self._family(order) - order
            self.assertEqual(self._reserved_by(rest), {"Board": 12, "Glue": 1})
            self.assertEqual(self._done(order, self.board), 1)
            self._produce(rest)
            self.assertEqual(self._reserved(self.board), 0)

    def test_entry_of_nothing(self):
        for remainder in ("keep", "backorder"):
            order = self._order()
            entry = {"product_id": self.board.id, "quantity": 0}
            order.backflush_post(quantity=4, components=[entry], remainder=remainder)
            rest = order
            if remainder == "backorder":
                rest = self._family(order) - order
            self.assertEqual(self._done(order, self.board), 0)
            self.assertEqual(self._reserved_by(rest), {"Board": 12, "Glue": 1})
            self._produce(rest)
            self.assertEqual(self._done(order | rest, self.board), 12)

    def test_nothing_entered_on_the_first(self):
        first, second = self._split_by_hand(self._order(), 4, 6)
        entry = {"product_id": self.paint.id, "quantity": 0}
        first.backflush_post(components=[entry])
        self._produce(second)
        self.assertEqual(self._done(first | second, self.paint), 0)

    def test_entry_of_another_lot(self):
        board = self._create_product("Lot Board", tracking="lot")
        self.recipe.bom_line_ids[0].product_id = board
        self._create_lot(board, "A", 20)
        order = self._order()
        self._create_lot(board, "B", 20)
        entry = {"product_id": board.id, "lots": [{"name": "B", "quantity": 3}]}
        order.backflush_post(quantity=4, components=[entry])
        rest = self._component(order, board).filtered(lambda m: m.state != "done")
        self.assertEqual(rest.move_line_ids.lot_id.name, "A")
        self.assertEqual(rest.move_line_ids.quantity, 12)
        self.assertEqual(self._reserved(board), 12)

    def test_manual_component_keeps_its_reservation(self):
        self.recipe.bom_line_ids[0].backflush_method = "manual"
        order = self._order()
        order.backflush_post(quantity=4)
        moves = self._component(order, self.board)
        rest = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        self.assertGreater(rest.product_uom_qty, 0)
        self.assertEqual(self._reserved_by(order)["Board"], rest.product_uom_qty)
        self.assertEqual(self._reserved(self.board), rest.product_uom_qty)
