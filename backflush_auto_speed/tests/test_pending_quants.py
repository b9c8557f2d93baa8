import contextlib
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common import BackflushCase
from odoo.addons.stock.models.stock_move_line import StockMoveLine as StockLine

from ..pending_quants import OPEN


@tagged("post_install", "-at_install")
class TestPendingQuants(BackflushCase):
    """Stock that a posting moves is written before anybody can look at it.

    Others extend ``stock.move.line``: above this addon, where they depend on it, or
    between it and Odoo, where they only depend on *stock*.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        cls.lines = type(cls.env["stock.move.line"])

    def _extend(self, name, method, below=False):
        """Extend a method of move lines as another addon would.

        :param method: called with what it extends, the lines and the arguments
        :param below: whether this addon extends it, too, and is called first
        """
        cls = StockLine if below else self.lines
        original = getattr(cls, name)

        def extended(lines, *args, **kwargs):
            return method(original, lines, *args, **kwargs)

        self.enterContext(patch.object(cls, name, extended))

    def _get_stock(self):
        """What the database says, whatever is in memory."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT product_id, location_id, sum(quantity), sum(reserved_quantity) "
            "FROM stock_quant WHERE product_id IN %s GROUP BY 1, 2 ORDER BY 1, 2",
            [(self.board.id, self.bolt.id, self.chair.id)],
        )
        return self.env.cr.fetchall()

    def _produce_and_compare(self, quantity=5):
        """Stock is what the moves say, and each place has one quant."""
        orders = self._create_order(quantity=quantity)
        orders |= self._create_order(quantity=quantity)
        orders[0].action_assign()
        orders.button_mark_done()
        self.assertEqual(orders.mapped("state"), ["done", "done"])
        self._assert_stock(2 * quantity)

    def _assert_stock(self, chairs):
        production = self.chair.property_stock_production
        expected = [
            (self.chair, self.stock_location, chairs),
            (self.chair, production, -chairs),
            (self.board, self.stock_location, 1000 - 2 * chairs),
            (self.board, production, 2 * chairs),
            (self.bolt, self.stock_location, 1000 - 4 * chairs),
            (self.bolt, production, 4 * chairs),
        ]
        expected = sorted((p.id, place.id, q, 0) for p, place, q in expected)
        self.assertEqual(self._get_stock(), expected)
        products = self.chair | self.board | self.bolt
        quants = self.env["stock.quant"].search([("product_id", "in", products.ids)])
        self.assertEqual(len(quants), 6)

    def test_the_date_is_written_with_other_values(self):
        def write(original, lines, vals):
            return original(lines, {**vals, "description_picking": "Dated"})

        self._extend("write", write)
        self._produce_and_compare()

    def test_the_date_is_written_with_other_values_below(self):
        def write(original, lines, vals):
            return original(lines, {**vals, "description_picking": "Dated"})

        self._extend("write", write, below=True)
        self._produce_and_compare()

    def test_the_date_is_not_written(self):
        def write(original, lines, vals):
            return set(vals) == {"date"} or original(lines, vals)

        self._extend("write", write, below=True)
        self._extend("write", write)
        self._produce_and_compare()

    def test_whoever_is_called_afterwards_sees_the_stock(self):
        """After Odoo has moved the lines, wherever the addon stands."""
        seen, moving = [], []

        def action_done(original, lines):
            moving.append(lines)
            res = original(lines)
            seen.append(self._get_stock())
            moving.pop()
            return res

        def write(original, lines, vals):
            if moving and set(vals) == {"date"}:
                seen.append(self._get_stock())
            return original(lines, vals)

        self._extend("_action_done", action_done, below=True)
        self._extend("_action_done", action_done)
        self._extend("write", write)
        self._produce_and_compare()
        # components, then the chairs
        self.assertEqual(len(seen), 6)
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[1], seen[2])
        self.assertEqual(seen[3:], [self._get_stock()] * 3)

    def test_lines_that_another_addon_moves_itself(self):
        """It takes some of them out of Odoo's loop."""

        def action_done(original, lines):
            original(lines[:1])
            return original(lines[1:])

        self._extend("_action_done", action_done, below=True)
        self._produce_and_compare()

    def test_lines_that_another_addon_leaves_out(self):
        def action_done(original, lines):
            return original(lines.filtered(lambda line: line.product_id != self.bolt))

        self._extend("_action_done", action_done, below=True)
        order = self._create_order(quantity=5)
        order.button_mark_done()
        self.assertEqual(self._on_hand(self.board), 990)
        self.assertEqual(self._on_hand(self.bolt), 1000)
        self.assertEqual(self._on_hand(self.chair), 5)

    def _do_in_between(self, turn, action):
        """Do something while the lines of a posting are moved.

        :param turn: before how many of Odoo's questions about reservations
        """
        moves = type(self.env["stock.move"])
        original = moves._should_bypass_reservation
        self.asked = 0

        def ask(moves, *args, **kwargs):
            if self.env.cr.precommit.data.get(OPEN):
                self.asked += 1
                if self.asked == turn:
                    action()
            return original(moves, *args, **kwargs)

        return patch.object(moves, "_should_bypass_reservation", ask)

    def _produce_twice(self):
        orders = self._create_order(quantity=5) | self._create_order(quantity=5)
        orders.action_assign()
        orders.button_mark_done()
        return orders

    def _take_a_board(self):
        """By a move of no order."""
        move = self.env["stock.move"].create(
            {
                "product_id": self.board.id,
                "product_uom_qty": 1,
                "location_id": self.stock_location.id,
                "location_dest_id": self.board.property_stock_production.id,
            }
        )
        move.write({"quantity": 1, "picked": True})
        move._action_done()

    def test_others_move_stock_in_between(self):
        """The same quants, by a move that this addon has nothing to do with."""
        for turn in range(1, 5):
            with self.subTest(turn=turn):
                boards, chairs = self._on_hand(self.board), self._on_hand(self.chair)
                with self._do_in_between(turn, self._take_a_board):
                    self._produce_twice()
                self.assertGreaterEqual(self.asked, turn)
                self.assertEqual(self._on_hand(self.board), boards - 21)
                self.assertEqual(self._on_hand(self.chair), chairs + 10)
                self.assertEqual(self._reserved(self.board), 0)
                self.assertEqual(self._reserved(self.bolt), 0)

    def test_others_write_the_quants_in_between(self):
        """Also without a move: a count that is applied, say."""

        def find_a_board():
            self.env["stock.quant"]._update_available_quantity(
                self.board, self.stock_location, 1
            )

        for turn in range(1, 5):
            with self.subTest(turn=turn):
                boards = self._on_hand(self.board)
                with self._do_in_between(turn, find_a_board):
                    self._produce_twice()
                self.assertEqual(self._on_hand(self.board), boards - 19)
                self.assertEqual(self._reserved(self.board), 0)

    def test_others_look_with_a_cache_of_their_own(self):
        """OCA's ``auditlog`` reads what it logs with one that it throws away."""
        names = ("field_data", "field_dirty", "tocompute")

        def look():
            transaction = self.env.transaction
            kept = {name: getattr(transaction, name) for name in names}
            for name, value in kept.items():
                setattr(transaction, name, type(value)(value.default_factory))
            self._forget_caches()
            self.env["stock.quant"].search([("product_id", "=", self.board.id)])
            for name, value in kept.items():
                setattr(transaction, name, value)
            self._forget_caches()

        for turn in range(1, 5):
            with self.subTest(turn=turn):
                boards, chairs = self._on_hand(self.board), self._on_hand(self.chair)
                with self._do_in_between(turn, look):
                    self._produce_twice()
                self.assertGreaterEqual(self.asked, turn)
                self.assertEqual(self._on_hand(self.board), boards - 20)
                self.assertEqual(self._on_hand(self.chair), chairs + 10)
                self.assertEqual(self._reserved(self.board), 0)

    def _forget_caches(self):
        """Environments remember where the values of a field are kept."""
        for env in self.env.transaction.envs:
            env._field_cache_memo.clear()

    def test_a_savepoint_in_between(self):
        """What is rolled back to one takes nothing with it that came before."""

        def try_something():
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self._take_a_board()
                raise UserError(self.env._("Something else"))

        for turn in range(1, 5):
            with self.subTest(turn=turn):
                boards, chairs = self._on_hand(self.board), self._on_hand(self.chair)
                with self._do_in_between(turn, try_something):
                    self._produce_twice()
                self.assertEqual(self._on_hand(self.board), boards - 20)
                self.assertEqual(self._on_hand(self.chair), chairs + 10)

    def _interrupt(self):
        raise UserError(self.env._("Interrupted"))

    def test_an_error_that_is_ignored(self):
        """Half a posting, its quants not written, is never committed."""
        order = self._create_order(quantity=5)
        order.action_assign()
        with self._do_in_between(2, self._interrupt):
            with contextlib.suppress(UserError):
                order.button_mark_done()
        for _attempt in range(2):
            with self.assertRaisesRegex(RuntimeError, "roll the transaction back"):
                self.env.cr.flush()
        with self.assertRaisesRegex(RuntimeError, "roll the transaction back"):
            self._take_a_board()
        self.env.cr.clear()

    def test_an_error_that_is_rolled_back(self):
        order = self._create_order(quantity=5)
        order.action_assign()
        with self._do_in_between(2, self._interrupt):
            with self.assertRaises(UserError):
                order.button_mark_done()
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self.env.cr.flush()
        self._assert_stock(5)

    def test_lines_of_nothing(self):
        """Odoo deletes them before it moves the others."""
        order = self._create_order(quantity=5)
        board = self._component(order, self.board)
        board.move_line_ids = [
            Command.create(
                {"product_id": self.board.id, "quantity": quantity, "picked": True}
            )
            for quantity in (0, 10)
        ]
        self.assertEqual(len(board.move_line_ids), 2)
        order.qty_producing = 5
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        self._assert_stock(5)

    def test_forged_context(self):
        """A caller's context is handed on to where the stock is moved."""
        for value in (True, 1, "x", [], {}, [[1, 2]]):
            order = self._create_order(quantity=1)
            order.with_context(backflush_ledger=value).backflush_post(quantity=1)
        self._assert_stock(6)
