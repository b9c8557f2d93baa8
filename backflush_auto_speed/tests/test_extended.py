import functools
from unittest.mock import patch

from odoo.addons.backflush_auto.overridden import is_overridden
from odoo.addons.backflush_auto.tests.common import BackflushCase

from ..lookups import get_lookups

HOOKS = (
    ("stock.quant", "_update_available_quantity"),
    ("stock.move.line", "_synchronize_quant"),
    ("stock.move.line", "_action_done"),
    ("stock.move", "_action_done"),
)


class TestExtended(BackflushCase):
    """What another addon extends is called as often as Odoo calls it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _create_orders(self, *quantities):
        orders = [self._create_order(quantity=quantity) for quantity in quantities]
        return self.env["mrp.production"].union(*orders).with_user(self.worker)

    def _extend(self, model, name):
        """Extend a method as another addon would, and count its calls."""
        cls = type(self.env[model])
        calls = []
        original = getattr(cls, name)

        def method(records, *args, **kwargs):
            calls.append(records)
            return original(records, *args, **kwargs)

        self.enterContext(patch.object(cls, name, method))
        return calls

    def test_methods_that_others_extend(self):
        """Each is called, at least once for each quant, and the stock is right."""
        for number, (model, name) in enumerate(HOOKS, start=1):
            with self.subTest(name):
                calls = self._extend(model, name)
                orders = self._create_orders(10, 20)
                orders.button_mark_done()
                self.assertTrue(calls)
                self.assertEqual(self._on_hand(self.board), 1000 - 60 * number)
                self.assertEqual(self._on_hand(self.chair), 30 * number)

    def test_extended_methods_are_found(self):
        self._skip_beside_others()
        lines, quants = self.env["stock.move.line"], self.env["stock.quant"]
        self.assertFalse(lines._is_backflush_sync_overridden())
        self.assertFalse(is_overridden(quants, "_update_available_quantity", "stock"))
        for model, name in HOOKS[:2]:
            self._extend(model, name)
        self.assertTrue(lines._is_backflush_sync_overridden())
        self.assertTrue(is_overridden(quants, "_update_available_quantity", "stock"))

    def test_wrapped_methods_are_found(self):
        """Also where the new method goes by the name and the module of the old one."""
        quants = self.env["stock.quant"]
        original = type(quants).create
        method = functools.wraps(original)(lambda *args: original(*args))
        self.enterContext(patch.object(type(quants), "create", method))
        self.assertTrue(is_overridden(quants, "create", "stock"))

    def test_what_goods_were_made_of_is_written_where_that_is_extended(self):
        """As an addon does that logs what is written, while Odoo runs."""
        orders = self._create_orders(10, 20)
        cls, logged = type(self.env["stock.move.line"]), []
        original = cls.write

        def write(lines, vals):
            res = original(lines, vals)
            if "consume_line_ids" in vals and lines.consume_line_ids:
                logged.append(lines.move_id.production_id)
            return res

        self.enterContext(patch.object(cls, "write", write))
        orders.button_mark_done()
        self.assertEqual(orders.browse().union(*logged), orders)
        for order in orders:
            consumed = order.move_finished_ids.move_line_ids.consume_line_ids
            self.assertEqual(consumed, order.move_raw_ids.move_line_ids)

    def test_all_moves_where_a_method_is_extended(self):
        for name in (
            "_check_company",
            "_push_apply",
            "action_explode",
            "_trigger_scheduler",
            "_update_orderpoints",
        ):
            with self.subTest(name):
                moves = self._create_orders(10, 20).move_raw_ids
                owner, seen = self._get_owner(name), []
                self._extend_base(owner, name, seen)
                getattr(moves, name)()
                self.assertEqual(moves.browse().union(*seen), moves)

    def _get_owner(self, name):
        """The class of Odoo's own method, below ours."""
        return next(
            cls
            for cls in reversed(type(self.env["stock.move"]).mro())
            if name in vars(cls)
        )

    def _extend_base(self, owner, name, seen):
        original = getattr(owner, name)

        def method(records, *args, **kwargs):
            seen.append(records)
            return original(records, *args, **kwargs)

        self.enterContext(patch.object(owner, name, method))

    def test_every_line_where_its_own_change_is_extended(self):
        calls = self._extend("stock.move.line", "_synchronize_quant")
        self._create_orders(10, 20).button_mark_done()
        # two components and the product of two orders: released, taken, brought
        self.assertEqual(len(calls), 18)

    def test_once_for_each_quant_where_that_is_extended(self):
        self._skip_beside_others()
        calls = self._extend("stock.quant", "_update_available_quantity")
        self._create_orders(10, 20, 30).button_mark_done()
        self.assertEqual(len(calls), 6)

    def _create_together(self):
        vals = {"product_id": self.chair.id, "product_qty": 5}
        productions = self.env["mrp.production"].with_user(self.worker)
        return productions.create([{**vals, "product_qty": n} for n in (1, 2, 3)])

    def test_components_are_created_together(self):
        calls = self._extend("stock.move", "create")
        orders = self._create_together()
        self.assertEqual(len(calls), 2)  # the components, the chairs
        for order in orders:
            quantities = order.move_raw_ids.mapped("product_uom_qty")
            self.assertEqual(quantities, [2 * order.product_qty, 4 * order.product_qty])
            self.assertEqual(order.move_finished_ids.product_uom_qty, order.product_qty)

    def test_components_where_their_making_is_extended(self):
        self._extend("mrp.production", "_compute_move_raw_ids")
        creates = self._extend("stock.move", "create")
        orders = self._create_together()
        self.assertEqual(len(creates), 4)  # the components of each order, the chairs
        self.assertEqual(
            orders.move_raw_ids.mapped("product_uom_qty"), [2, 4, 4, 8, 6, 12]
        )

    def test_goods_where_their_making_is_extended(self):
        self._extend("mrp.production", "_create_update_move_finished")
        creates = self._extend("stock.move", "create")
        orders = self._create_together()
        self.assertEqual(len(creates), 4)  # the components, the chairs of each order
        self.assertEqual(orders.move_finished_ids.mapped("product_uom_qty"), [1, 2, 3])

    def test_rules_of_components_of_one_kind(self):
        """One of them is looked up; one with a route of its own is, too."""
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        self.bolt.route_ids = mto
        orders = self._create_together()
        orders.move_raw_ids._adjust_procure_method()
        bolts = orders.move_raw_ids.filtered(lambda m: m.product_id == self.bolt)
        boards = orders.move_raw_ids - bolts
        self.assertEqual(bolts.mapped("procure_method"), ["make_to_order"] * 3)
        self.assertEqual(bolts.mapped("rule_id.route_id"), mto)
        self.assertEqual(boards.mapped("procure_method"), ["make_to_stock"] * 3)
        self.assertFalse(boards.rule_id)

    def test_a_rule_is_found_again_until_something_changes(self):
        """What a component found is kept: rules, routes, product and place decide."""
        mto = self.warehouse.mto_pull_id.route_id
        mto.active = True
        rules = mto.rule_ids
        bolt = self._create_together().move_raw_ids[1]
        for change, method in (
            (lambda: None, "make_to_stock"),
            (lambda: self.bolt.write({"route_ids": mto}), "make_to_order"),
            (rules.action_archive, "make_to_stock"),
            (rules.action_unarchive, "make_to_order"),
            (lambda: self.bolt.write({"route_ids": False}), "make_to_stock"),
            (lambda: self.warehouse.write({"route_ids": [(4, mto.id)]}), None),
        ):
            change()
            bolt.rule_id = False
            expected = method or self._search_method(bolt)
            for _time in range(2):
                bolt._adjust_procure_method()
                self.assertEqual(bolt.procure_method, expected)

    def _search_method(self, move):
        """What Odoo's own search finds for a component."""
        get_lookups(self.env).rules.clear()
        move._adjust_procure_method()
        return move.procure_method

    def test_rules_where_the_search_is_extended(self):
        calls = self._extend("stock.rule", "_search_rule")
        components = self._create_together().move_raw_ids
        components._adjust_procure_method()
        self.assertGreaterEqual(len(calls), len(components))

    def test_quants_of_new_places(self):
        creates = self._extend("stock.quant", "create")
        shelf = self.stock_location.copy({"name": "Shelf"})
        orders = self._create_orders(10, 20)
        orders.move_finished_ids.location_dest_id = shelf
        orders.button_mark_done()
        self.assertTrue(creates)
        self.assertEqual(self._on_hand(self.chair, shelf), 30)

    def test_what_is_rolled_back_is_forgotten(self):
        """What was asked in between, without the rule, does not count any more."""
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.bolt.id, "trigger": "manual"}
        )
        board, bolt = self._create_orders(1).move_raw_ids
        with self.assertRaises(ValueError), self.env.cr.savepoint():
            rule.unlink()
            self.assertFalse((board | bolt)._filter_backflush_watched())
            raise ValueError
        self.assertEqual((board | bolt)._filter_backflush_watched(), bolt)

    def test_what_is_looked_up_is_forgotten_with_each_change(self):
        orderpoint = {"product_id": self.bolt.id, "trigger": "manual"}
        rule = {
            "name": "Push on",
            "action": "push",
            "location_src_id": self.stock_location.id,
            "location_dest_id": self.stock_location.copy({"name": "Shelf"}).id,
            "picking_type_id": self.warehouse.int_type_id.id,
            "route_id": self.warehouse.reception_route_id.id,
        }
        for model, vals in (
            ("stock.warehouse.orderpoint", orderpoint),
            ("stock.rule", rule),
            ("stock.route", {"name": "Route"}),
            ("mrp.bom", {"product_tmpl_id": self.bolt.product_tmpl_id.id}),
        ):
            with self.subTest(model):
                asked = get_lookups(self.env)
                record = self.env[model].create(vals)
                self.assertIsNot(get_lookups(self.env), asked)
                asked = get_lookups(self.env)
                record.write({"active": False})
                self.assertIsNot(get_lookups(self.env), asked)
                asked = get_lookups(self.env)
                record.unlink()
                self.assertIsNot(get_lookups(self.env), asked)
