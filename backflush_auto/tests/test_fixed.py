from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user

from ..context import with_private
from .common import BackflushCase


class TestFixed(BackflushCase):
    """What a posting has moved stays as it is, for anyone and through any model."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 1000)
        cls.lot = cls._create_lot(cls._create_product("Glue", tracking="lot"), "L", 9)
        cls.bom.bom_line_ids = [
            Command.create({"product_id": cls.lot.product_id.id, "product_qty": 1})
        ]
        cls.manager = new_test_user(
            cls.env,
            "manager",
            groups="mrp.group_mrp_manager,stock.group_stock_manager",
        )
        cls.storekeeper = new_test_user(
            cls.env, "storekeeper", groups="stock.group_stock_user"
        )
        cls.other_lot = cls._create_lot(cls.lot.product_id, "M", 9)
        cls.shelf = cls.env["stock.location"].create(
            {"name": "Shelf", "location_id": cls.stock_location.id}
        )
        cls.done = cls._create_order(cls, quantity=2)
        cls.done.button_mark_done()
        cls.parted = cls._create_order(cls, quantity=5)
        cls.parted.backflush_post(quantity=2)
        cls.other = cls._create_order(cls, quantity=3)

    def _envs(self):
        yield self.env  # the superuser
        for user in (self.env.ref("base.user_admin"), self.manager, self.storekeeper):
            yield self.env(user=user)

    def _get_fixed(self):
        moves = self.done.move_raw_ids | self.done.move_finished_ids
        parts = self.parted.move_raw_ids | self.parted.move_finished_ids
        return moves | parts.filtered(lambda move: move.state == "done")

    def _tell(self):
        self.env.flush_all()
        self.env.invalidate_all()
        moves = self._get_fixed()
        names = [
            *("product_id", "quantity", "product_uom_qty", "state", "location_id"),
            *("raw_material_production_id", "production_id", "backflush_id"),
            *("backflush_expected_qty", "backflush_added", "picked"),
        ]
        lines = ["quantity", "lot_id", "move_id", "location_id", "picked", "owner_id"]
        return (
            moves.sudo().read(names),
            moves.move_line_ids.sudo().read(lines),
            [self._on_hand(p) for p in (self.chair, self.board, self.lot.product_id)],
        )

    def _check_refused(self, change, envs=None):
        """Nobody can make a change; what there is stays.

        :param change: called with an environment
        """
        before = self._tell()
        for env in envs or self._envs():
            with (
                self.subTest(user=env.user.login, su=env.su),
                self.assertRaises(UserError),
            ):
                change(env)
                env.flush_all()
        self.assertEqual(self._tell(), before)

    def _write_move(self, move, vals):
        self._check_refused(lambda env: move.with_env(env).write(vals))

    def test_moves(self):
        attacks = [
            {"raw_material_production_id": self.other.id},
            {"raw_material_production_id": False},
            {"production_id": self.other.id},
            {"state": "draft"},
            {"state": "cancel"},
            {"quantity": 5_000_000},
            {"quantity": 0},
            {"product_uom_qty": 7},
            {"product_id": self.chair.id},
            {"product_uom": self.dozen.id},
            {"location_id": self.shelf.id},
            {"location_dest_id": self.shelf.id},
            {"picked": False},
            {"backflush_added": True},
            {"backflush_id": False},
            {"backflush_expected_qty": 1},
            {"backflush_method": "manual"},
            {"move_line_ids": [Command.create({"quantity": 1})]},
            {"move_line_ids": [Command.clear()]},
        ]
        for move in self._get_fixed()[:1] | self.parted.backflush_ids.move_ids[:1]:
            line = move.move_line_ids[:1]
            for vals in [
                *attacks,
                {"move_line_ids": [Command.update(line.id, {"quantity": 9})]},
                {"move_line_ids": [Command.delete(line.id)]},
                {"move_line_ids": [Command.unlink(line.id)]},
            ]:
                with self.subTest(vals=vals):
                    self._write_move(move, vals)
            self._check_refused(lambda env, m=move: m.with_env(env).unlink())

    def test_rule_is_fixed_for_the_superuser(self):
        for name, value in (
            ("backflush_ratio", 9),
            ("backflush_basis", "order"),
            ("backflush_scrap", 9),
        ):
            self._write_move(self.done.move_raw_ids[0], {name: value})

    def test_lines(self):
        line = self.done.move_raw_ids.move_line_ids.filtered("lot_id")
        other = self.other.move_raw_ids[0]
        for vals in (
            {"quantity": 5_000_000},
            {"quantity": 0},
            {"lot_id": self.other_lot.id},
            {"lot_id": False},
            {"move_id": other.id},
            {"location_id": self.shelf.id},
            {"location_dest_id": self.shelf.id},
            {"owner_id": self.env.company.partner_id.id},
            {"product_uom_id": self.dozen.id},
            {"picked": False},
            {"state": "draft"},
        ):
            with self.subTest(vals=vals):
                self._check_refused(lambda env, v=vals: line.with_env(env).write(v))
        self._check_refused(lambda env: line.with_env(env).unlink())
        self._check_refused(lambda env: line.with_env(env)._action_done())
        self._check_refused(
            lambda env: line.with_env(env).copy({"quantity": 1}).flush_recordset()
        )

    def test_lines_are_not_added(self):
        move = self.done.move_raw_ids[0]
        vals = {"product_id": move.product_id.id, "quantity": 1}
        model = self.env["stock.move.line"]
        self._check_refused(
            lambda env: model.with_env(env).create({**vals, "move_id": move.id})
        )
        self._check_refused(
            lambda env: (
                model.with_env(env).with_context(default_move_id=move.id).create(vals)
            )
        )
        there = model.create({**vals, "move_id": self.other.move_raw_ids[0].id})
        self._check_refused(lambda env: there.with_env(env).write({"move_id": move.id}))

    def test_nothing_is_added_to_a_done_order(self):
        vals = self.done._get_move_raw_values(self.bolt, 1, self.unit)
        model = self.env["stock.move"]
        self._check_refused(lambda env: model.with_env(env).create(dict(vals)))
        rest = {k: v for k, v in vals.items() if k != "raw_material_production_id"}
        by_default = {"default_raw_material_production_id": self.done.id}
        self._check_refused(
            lambda env: model.with_env(env).with_context(**by_default).create(rest)
        )
        move = self.other.move_raw_ids[0]
        self._write_move(move, {"raw_material_production_id": self.done.id})

    def test_orders(self):
        raw, made = self.done.move_raw_ids[0], self.done.move_finished_ids[0]
        self.done.action_toggle_is_locked()
        for vals in (
            {"move_raw_ids": [Command.update(raw.id, {"quantity": 7})]},
            {"move_raw_ids": [Command.delete(raw.id)]},
            {"move_raw_ids": [Command.unlink(raw.id)]},
            {"move_raw_ids": [Command.clear()]},
            {"move_raw_ids": [Command.create({"product_id": self.bolt.id})]},
            {"move_finished_ids": [Command.update(made.id, {"quantity": 7})]},
            {"move_byproduct_ids": [Command.update(made.id, {"quantity": 7})]},
            {"qty_producing": 9},
            {"product_qty": 9},
            {"product_uom_id": self.dozen.id},
            {"state": "draft"},
            {"state": "cancel"},
            {"backflush": False},
            {"backflush_shortage": "negative"},
            {"backflush_prior_qty": 9},
        ):
            with self.subTest(vals=vals):
                self._check_refused(
                    lambda env, v=vals: self.done.with_env(env).write(v)
                )
        taken = {"move_raw_ids": [Command.link(raw.id)]}
        self._check_refused(lambda env: self.other.with_env(env).write(taken))
        self._check_refused(lambda env: self.parted.with_env(env).unlink())

    def test_import(self):
        move = self.done.move_raw_ids[0]
        move_id = move._export_rows([["id"]])[0][0]

        def load(env):
            result = env["stock.move"].load(["id", "quantity"], [[move_id, "77"]])
            if result["messages"]:
                raise UserError(str(result["messages"]))

        self._check_refused(load)

    def test_what_a_posting_keeps_on_other_records(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Saw", "workcenter_id": center.id})
        ]
        order = self._create_order(quantity=2)
        values = [(order.workorder_ids, "backflush_posted_qty", 9)]
        values += [(order.workorder_ids, "backflush_posted_cost", 9)]
        values += [(order, "backflush_prior_qty", 9)]
        values += [(order.move_raw_ids[0], "backflush_prior_covered_qty", 9)]
        for records, name in (
            (order, "backflush_given_cost"),
            (order.move_raw_ids[0], "backflush_covered_cost"),
        ):
            if name in records._fields:
                values.append((records, name, 9))
        for records, name, value in values:
            with self.subTest(field=name):
                self._check_refused(
                    lambda env, r=records, n=name, v=value: r.with_env(env).write(
                        {n: v}
                    )
                )
                with self.assertRaises(AccessError):
                    records.with_context(**{f"default_{name}": value}).copy()

    def test_flag_off_is_stock_odoo(self):
        order = self._create_order(quantity=2, backflush=False)
        order.qty_producing = 2
        order.set_qty_producing()
        order.move_raw_ids.picked = True
        order.button_mark_done()
        order.is_locked = False
        move = self._component(order, self.board)
        move.quantity = 7
        self.assertEqual(order.move_raw_ids.filtered("quantity")[0].quantity, 7)
        order.qty_producing = 3
        self.assertEqual(order.move_finished_ids.quantity, 3)

    def test_material_that_was_issued_by_hand(self):
        move = self._component(self.other, self.board)
        move.write({"quantity": 4, "picked": True})
        move._action_done()
        self.assertFalse(move.backflush_id)
        with self.assertRaisesRegex(UserError, self.other.name):
            move.quantity = 400

    def test_flag_switched_off_later(self):
        self.parted.backflush = False
        move = self.parted.sudo().backflush_ids.move_ids[0]
        with self.assertRaisesRegex(UserError, move.backflush_id.name):
            move.quantity = 400

    def test_our_own_code_may(self):
        move = self.done.move_raw_ids[0]
        with_private(move, record=True).product_uom_qty = 9
        self.assertEqual(move.product_uom_qty, 9)

    # --- What goes on ---

    def test_same_values(self):
        move = self._component(self.done, self.board)
        move.write({"quantity": 4, "state": "done", "product_id": self.board.id})
        self.done.write({"state": "done", "qty_producing": 2, "product_qty": 2})
        line = move.move_line_ids
        line.write({"quantity": line.quantity, "lot_id": False, "move_id": move.id})

    def test_dates_and_notes(self):
        self.done.write({"date_finished": "2026-01-02 03:04:05", "origin": "x"})
        move = self.done.move_raw_ids[0]
        move.write({"sequence": 99, "description_picking": "x", "origin": "y"})
        self.done.move_finished_ids.write({"date": "2026-01-02 03:04:05"})

    def test_unbuild(self):
        action = self.done.with_user(self.manager).button_unbuild()
        unbuild = Form.from_action(self.env(user=self.manager), action)
        unbuild.product_qty = 1
        unbuild.save().action_validate()
        self.assertEqual(self._on_hand(self.chair), 3)
        self.assertEqual(self._on_hand(self.board), 1000 - 8 + 2)

    def test_scrap(self):
        scrap = self.env["stock.scrap"].with_user(self.manager)
        scrap = scrap.create(
            {
                "product_id": self.board.id,
                "scrap_qty": 1,
                "production_id": self.done.id,
                "location_id": self.stock_location.id,
            }
        )
        scrap.action_validate()
        self.assertEqual(scrap.state, "done")
        self.assertEqual(self._on_hand(self.board), 991)

    def test_goods_move_on(self):
        self.env["stock.quant"].with_user(self.manager).search(
            [("product_id", "=", self.chair.id), ("location_id.usage", "=", "internal")]
        ).move_quants(location_dest_id=self.shelf)
        self.assertEqual(self._on_hand(self.chair, self.shelf), 4)
