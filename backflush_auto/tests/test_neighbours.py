from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tests import tagged

from ..posting.offers import is_reservation_extended
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestNeighbours(BackflushCase):
    """Addons that have a say in what is reserved have it in what is posted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.bolt, 1000)
        cls.owner = cls.env["res.partner"].create({"name": "Owner"})

    def _extend(self, model, name, method):
        """Extend a method as an addon would that is loaded after all others.

        :param method: takes what is extended, the records, and the arguments
        """
        cls = type(self.env[model])
        original = getattr(cls, name)

        def extended(records, *args, **kwargs):
            return method(original, records, *args, **kwargs)

        self.enterContext(patch.object(cls, name, extended))

    def _get_taken(self, order, product):
        """What an order has taken of a component, by the place."""
        lines = self._component(order, product).move_line_ids
        return {
            (line.lot_id.name or line.owner_id.name or line.location_id.name): (
                line.quantity
            )
            for line in lines
        }

    # --- Owners: stock is gathered by a context that the reservation brings ---

    def _leave_owned(self):
        """Goods of others are not reserved, as addons for consigned goods have it."""

        def assign(original, moves, *args, **kwargs):
            return original(moves.with_context(owned="no"), *args, **kwargs)

        def gather(original, quants, *args, **kwargs):
            found = original(quants, *args, **kwargs)
            if quants.env.context.get("owned") != "no":
                return found
            return found.filtered(lambda quant: not quant.owner_id)

        self._extend("stock.move", "_action_assign", assign)
        self._extend("stock.quant", "_gather", gather)

    def test_nobody_extends_what_odoo_brings(self):
        self._skip_beside_others()
        self.assertFalse(is_reservation_extended(self.env))
        self._leave_owned()
        self.assertTrue(is_reservation_extended(self.env))

    def test_more_of_what_is_reserved(self):
        """The reserved line takes more of its own lot before an older one is taken."""
        self.board.tracking = "lot"
        mine = self._create_lot(self.board, "mine", 1)
        order = self._create_order(quantity=2)
        order.action_assign()
        older = self._create_lot(self.board, "older")
        self._add_stock(self.board, 5, lot_id=older, in_date=datetime(2020, 1, 1))
        self._add_stock(self.board, 2, lot_id=mine)
        self._leave_owned()
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"mine": 3, "older": 1})

    def test_goods_of_others_stay(self):
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"Stock": 20})
        self.assertEqual(self._on_hand(self.board), 110)

    def test_goods_of_others_are_no_stock(self):
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=20)
        with self.assertRaisesRegex(UserError, "30.00 free"):
            order.button_mark_done()

    def test_goods_of_others_in_the_preview(self):
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=20)
        preview = order.backflush_preview(quantity=20)
        board = preview["components"][0]
        self.assertEqual((board["free"], board["shortage"]), (30, 10))
        self.assertEqual(preview["max_quantity"], 15)

    def test_a_preview_writes_nothing(self):
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=20)
        order.action_assign()
        self.env.flush_all()
        moves = order.move_raw_ids
        before = moves.mapped("write_date"), moves.move_line_ids.mapped("write_date")
        quantities = moves.move_line_ids.mapped("quantity")
        with patch.object(type(self.env.cr), "execute", self._refuse_writes()):
            order.backflush_preview(quantity=20)
            self.env.flush_all()
        self.assertEqual(moves.move_line_ids.mapped("quantity"), quantities)
        self.assertEqual(
            (moves.mapped("write_date"), moves.move_line_ids.mapped("write_date")),
            before,
        )

    def _refuse_writes(self):
        original = type(self.env.cr).execute

        def execute(cr, query, *args, **kwargs):
            text = getattr(query, "code", query)
            self.assertNotIn(str(text).split()[0], ("INSERT", "UPDATE", "DELETE"))
            return original(cr, query, *args, **kwargs)

        return execute

    def test_reports_share_what_is_not_of_others(self):
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 30)
        self._leave_owned()
        first, second = self._create_order(quantity=10), self._create_order(quantity=10)
        reports = [
            {"production_id": order.id, "quantity": 10} for order in (first, second)
        ]
        results = first.backflush_post_batch(reports)
        self.assertEqual(["error" in result for result in results], [False, True])
        self.assertEqual(second.state, "confirmed")
        self.assertEqual(self._on_hand(self.board), 110)

    def test_chained_component(self):
        """What a transfer is to bring is not there; what is there is posted."""
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=10)
        board = self._component(order, self.board)
        board.move_orig_ids = board.sudo().copy({"raw_material_production_id": False})
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"Stock": 20})

    def test_lot_that_a_report_names(self):
        """Of a lot of which some is of others, it takes what is not."""
        self.board.tracking = "lot"
        lot = self._create_lot(self.board, "L1")
        self._add_stock(self.board, 100, lot_id=lot, owner_id=self.owner)
        self._add_stock(self.board, 30, lot_id=lot)
        self._leave_owned()
        order = self._create_order(quantity=10)
        named = {"product_id": self.board.id, "lots": [{"name": "L1", "quantity": 20}]}
        order.backflush_post(quantity=10, components=[named])
        lines = self._component(order, self.board).move_line_ids
        self.assertFalse(lines.owner_id)
        self.assertEqual(sum(lines.mapped("quantity")), 20)

    def test_component_that_is_made_to_order(self):
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 30)
        self._leave_owned()
        order = self._create_order(quantity=10)
        self._component(order, self.board).procure_method = "make_to_order"
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"Stock": 20})

    # --- Lots: the values of a line ---

    def _restrict(self, lot):
        """Boards are taken of this lot only, as addons for reserved lots have it."""

        def reserve(original, move, *args, **kwargs):
            if move.product_id == lot.product_id:
                kwargs["lot_id"] = lot
            return original(move, *args, **kwargs)

        def prepare(original, move, *args, **kwargs):
            vals = original(move, *args, **kwargs)
            if move.product_id == lot.product_id:
                if vals.get("lot_id", lot.id) != lot.id:
                    raise ValueError("The lot is not the one that was meant.")
                vals["lot_id"] = lot.id
            return vals

        def done(original, moves, *args, **kwargs):
            res = original(moves, *args, **kwargs)
            boards = moves.filtered(lambda m: m.product_id == lot.product_id)
            if boards.lot_ids - lot:
                raise ValueError("Another lot was taken.")
            return res

        self._extend("stock.move", "_update_reserved_quantity", reserve)
        self._extend("stock.move", "_prepare_move_line_vals", prepare)
        self._extend("stock.move", "_action_done", done)

    def _create_lots(self):
        self.board.tracking = "lot"
        return [self._create_lot(self.board, f"L{n}", 30) for n in (1, 2)]

    def test_lot_that_was_meant(self):
        _first, second = self._create_lots()
        self._restrict(second)
        order = self._create_order(quantity=10)
        preview = order.backflush_preview(quantity=10)
        lots = [lot["name"] for lot in preview["components"][0]["lots"]]
        self.assertEqual(lots, ["L2"])
        order.backflush_post(quantity=10)
        self.assertEqual(self._get_taken(order, self.board), {"L2": 20})

    def test_lot_that_was_meant_is_short(self):
        _first, second = self._create_lots()
        self._restrict(second)
        order = self._create_order(quantity=20)
        self.assertEqual(order.backflush_preview(quantity=20)["max_quantity"], 15)
        with self.assertRaisesRegex(UserError, "30.00 free"):
            order.button_mark_done()

    def test_part_of_a_lot_that_was_meant(self):
        _first, second = self._create_lots()
        self._restrict(second)
        order = self._create_order(quantity=10)
        order.action_assign()
        order.backflush_post(quantity=4)
        order.backflush_post(quantity=6)
        lines = self._component(order, self.board).move_line_ids
        self.assertEqual(lines.lot_id, second)
        self.assertEqual(sum(lines.mapped("quantity")), 20)

    def test_values_only(self):
        """What is set on the line decides, whatever quant Odoo has found for it."""
        _first, second = self._create_lots()

        def prepare(original, move, *args, **kwargs):
            vals = original(move, *args, **kwargs)
            if move.product_id == self.board:
                vals["lot_id"] = second.id
            return vals

        self._extend("stock.move", "_prepare_move_line_vals", prepare)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"L2": 20})
        short = self._create_order(quantity=10)
        with self.assertRaisesRegex(UserError, "Board"):
            short.button_mark_done()

    def test_owner_on_the_line(self):
        self._add_stock(self.board, 30, owner_id=self.owner)
        self._add_stock(self.board, 30)

        def prepare(original, move, *args, **kwargs):
            vals = original(move, *args, **kwargs)
            if move.product_id == self.board:
                vals["owner_id"] = self.owner.id
            return vals

        self._extend("stock.move", "_prepare_move_line_vals", prepare)
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"Owner": 20})

    # --- Quantities: some is kept back ---

    def _keep_back(self, model, quantity):
        def get_available(original, records, *args, **kwargs):
            available = original(records, *args, **kwargs)
            product = records.product_id if model == "stock.move" else args[0]
            return max(0, available - (quantity if product == self.board else 0))

        self._extend(model, "_get_available_quantity", get_available)

    def _test_kept_back(self, model):
        self._add_stock(self.board, 50)
        first, second, third = (self._create_order(quantity=10) for _n in range(3))
        self._keep_back(model, 10)
        preview = first.backflush_preview(quantity=10)
        self.assertEqual(preview["components"][0]["free"], 40)
        first.button_mark_done()
        with self.assertRaisesRegex(UserError, "20.00 free"):
            (second | third).button_mark_done()
        second.button_mark_done()
        self.assertEqual(second.state, "done")

    def test_kept_back_by_quants(self):
        self._test_kept_back("stock.quant")

    def test_kept_back_by_moves(self):
        self._test_kept_back("stock.move")

    # --- Domains: quants that are not for everybody ---

    def test_domain(self):
        shelf = self.env["stock.location"].create(
            {"name": "Quarantine", "location_id": self.stock_location.id}
        )
        self._add_stock(self.board, 100, location=shelf)
        self._add_stock(self.board, 10)

        def get_domain(original, quants, *args, **kwargs):
            domain = original(quants, *args, **kwargs)
            return domain & Domain("location_id", "!=", shelf.id)

        self._extend("stock.quant", "_get_gather_domain", get_domain)
        order = self._create_order(quantity=5)
        order.button_mark_done()
        self.assertEqual(self._get_taken(order, self.board), {"Stock": 10})
        with self.assertRaisesRegex(UserError, "0.00 free"):
            self._create_order(quantity=1).button_mark_done()

    def test_negative_stock(self):
        """Where stock may go below zero, what is missing is taken without it."""
        self.bom.backflush_shortage = "negative"
        self._add_stock(self.board, 100, owner_id=self.owner)
        self._add_stock(self.board, 5)
        self._leave_owned()
        order = self._create_order(quantity=10)
        order.button_mark_done()
        self.assertEqual(order.state, "done")
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.board.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        owned = quants.filtered("owner_id")
        self.assertEqual(owned.quantity, 100)
        self.assertEqual(sum((quants - owned).mapped("quantity")), -15)
