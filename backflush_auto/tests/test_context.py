# What a caller sends is the whole context.
# pylint: disable=context-overridden
import ast
import copy
import json
import pickle
from pathlib import Path

from odoo import Command
from odoo.tests import Form, TransactionCase, new_test_user
from odoo.tools.json import json_default

from ..context import (
    KEYS,
    PREFIX,
    as_called,
    get_private,
    with_private,
    without_defaults,
    without_private,
)
from .common import BackflushCase

ADDONS = Path(__file__).parents[2]


class TestContext(TransactionCase):
    """Private keys, by themselves."""

    def test_only_our_own_values_count(self):
        partners = self.env["res.partner"]
        for value in (True, 1, "x", [1], (1,), {"value": 1}, {1}, object()):
            forged = partners.with_context(backflush_keep_open=value)
            self.assertIsNone(get_private(forged.env, "keep_open"))
            self.assertEqual(get_private(forged.env, "keep_open", ()), ())
            ours = with_private(partners, keep_open=value)
            self.assertIs(get_private(ours.env, "keep_open"), value)

    def test_a_key_that_is_not_listed(self):
        with self.assertRaises(KeyError):
            with_private(self.env["res.partner"], keep_opened=())
        with self.assertRaises(KeyError):
            get_private(self.env, "keep_opened")

    def test_none_takes_a_key_away(self):
        ours = with_private(self.env["res.partner"], keep_open=(1,), reserve=True)
        ours = with_private(ours, keep_open=None)
        self.assertNotIn("backflush_keep_open", ours.env.context)
        self.assertTrue(get_private(ours.env, "reserve"))

    def test_values_that_cannot_change_share_an_environment(self):
        partners = self.env["res.partner"]
        for value in (True, (1, 2), frozenset((1,))):
            one = with_private(partners, keep_open=value)
            other = with_private(partners, keep_open=copy.deepcopy(value))
            self.assertIs(one.env, other.env)
        one = with_private(partners, keep_open=True)
        self.assertIsNot(one.env, with_private(partners, keep_open=1).env)
        self.assertIsNot(one.env, partners.with_context(backflush_keep_open=True).env)

    def test_values_that_can_change_share_none(self):
        partners = self.env["res.partner"]
        for make in (list, dict, set, lambda: ([],), object):
            mine, yours = make(), make()
            one = with_private(partners, exploded_lines=mine)
            other = with_private(partners, exploded_lines=yours)
            self.assertIsNot(one.env, other.env)
            self.assertIs(get_private(one.env, "exploded_lines"), mine)
            self.assertIs(get_private(other.env, "exploded_lines"), yours)
            again = with_private(partners, exploded_lines=mine)
            self.assertIs(again.env, one.env)

    def test_a_copied_context_fills_the_same_list(self):
        filled = []
        env = with_private(self.env["res.partner"], exploded_lines=filled).env
        for context in (dict(env.context), copy.deepcopy(dict(env.context))):
            copied = env["res.partner"].with_context(context)
            self.assertIs(get_private(copied.env, "exploded_lines"), filled)

    def test_nothing_of_it_is_stored(self):
        context = with_private(self.env["res.partner"], reserve=True).env.context
        stored = [
            pickle.loads(pickle.dumps(dict(context))),
            json.loads(json.dumps(context, default=json_default)),
        ]
        for context in stored:
            back = self.env["res.partner"].with_context(context)
            self.assertIsNone(get_private(back.env, "reserve"))

    def test_an_answer_is_clean(self):
        context = with_private(self.env["res.partner"], reserve=True).env.context
        action = {"context": context, "params": {"reports": [{"context": context}]}}
        clean = without_private([(0, 0, action)])
        self.assertNotIn(PREFIX, json.dumps(clean))
        left = clean[0][2]["context"].keys()
        self.assertEqual(left | {"backflush_reserve"}, context.keys())

    def test_what_is_left_of_a_callers_context(self):
        partners = self.env["res.partner"].with_context(
            lang="en_US", tz="UTC", default_name="x", active_test=False, custom=1
        )
        self.assertEqual(
            as_called(partners).env.context.keys() - {"allowed_company_ids"},
            {"lang", "tz"},
        )
        kept = without_defaults(partners).env.context
        self.assertNotIn("default_name", kept)
        self.assertIn("custom", kept)
        called = as_called(partners)
        self.assertIs(without_defaults(called).env, called.env)

    def test_nobody_reads_a_private_key_by_himself(self):
        """Whoever does would obey a client."""
        found = [
            f"{file.relative_to(ADDONS)}:{node.lineno}"
            for file in sorted(ADDONS.glob("backflush_*/**/*.py"))
            if file != Path(__file__)
            for node in ast.walk(ast.parse(file.read_text()))
            if _reads_or_sets_private_key(node)
        ]
        self.assertEqual(found, [])

    def test_every_key_is_used(self):
        code = "".join(
            file.read_text()
            for file in ADDONS.glob("backflush_*/**/*.py")
            if "tests" not in file.parts and file.name != "context.py"
        )
        self.assertEqual([name for name in KEYS if f'"{name}"' not in code], [])
        self.assertEqual([name for name in KEYS if f"{name}=" not in code], [])


def _reads_or_sets_private_key(node):
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr == "with_context":
            names = [keyword.arg or "" for keyword in node.keywords]
            return any(name.removeprefix(PREFIX) in KEYS for name in names)
        if node.func.attr in ("get", "pop", "setdefault"):
            return _is_context(node.func.value) and _is_private_name(node.args[:1])
    if isinstance(node, ast.Subscript):
        return _is_context(node.value) and _is_private_name([node.slice])
    if isinstance(node, ast.Compare):
        return _is_private_name([node.left]) and _is_context(node.comparators[0])
    return False


def _is_context(node):
    return ast.unparse(node).split(".")[-1] in ("context", "_context", "ctx")


def _is_private_name(nodes):
    return any(
        isinstance(node, ast.Constant) and str(node.value).startswith(PREFIX)
        for node in nodes
    )


class TestForgedContext(BackflushCase):
    """A caller's context does nothing for whoever knows our keys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.storekeeper = new_test_user(
            cls.env, "storekeeper", groups="stock.group_stock_user"
        )
        cls.glue = cls._create_product("Glue", tracking="lot")
        cls.glue_lot = cls._create_lot(cls.glue, "G1", 1000)
        cls.screw = cls._create_product("Screw", tracking="serial")
        for number in range(6):
            cls._create_lot(cls.screw, f"S{number}", 1)
        cls.env.company.backflush_serial_auto = True
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 1000)
        center = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom = cls._create_bom(
            cls.chair,
            [
                (cls.board, 2, {"backflush_method": "operation"}),
                (cls.bolt, 4, {"backflush_method": "start"}),
                (cls.glue, 3),
                (cls.screw, 1),
            ],
            sequence=0,
            operation_ids=[
                Command.create({"name": "Saw", "workcenter_id": center.id}),
                Command.create({"name": "Join", "workcenter_id": center.id}),
            ],
        )
        cls.bom.bom_line_ids[0].operation_id = cls.bom.operation_ids[0]

    def _forge(self):
        """Contexts with every key, of values that a client can send.

        The ids hit whatever a scenario makes.

        :return: ``{what it is: context}``; the first looks like what a key expects
        """
        ids = []
        for model in ("mrp.production", "stock.move", "stock.move.line"):
            last = self.env[model].sudo().search([], limit=1, order="id desc").id
            ids += range(max(1, last - 20), last + 200)
        kinds = {
            "True": True,
            "ids": ids,
            "by id": {str(one): {"reference": "forged"} for one in ids},
            "text": "ledger",
            "1": 1,
        }
        likely = {
            name: next(kind for kind in ("True", "ids", "by id") if _hints(name, kind))
            for name in KEYS
        }
        forged = {"likely": {PREFIX + name: kinds[likely[name]] for name in KEYS}}
        for kind, value in kinds.items():
            forged[kind] = {PREFIX + name: value for name in KEYS}
        return forged

    def _tell(self):
        """What there is, but for names, ids and dates."""
        self.env.flush_all()
        self.env.invalidate_all()
        names = {
            "stock.quant": ["location_id", "lot_id", "quantity", "reserved_quantity"],
            "stock.move": [
                "state",
                "product_uom_qty",
                "quantity",
                "backflush_method",
                "backflush_ratio",
                "backflush_expected_qty",
            ],
            "stock.move.line": ["state", "lot_id", "quantity"],
            "mrp.production": ["state", "qty_produced", "backflush_prior_qty"],
            "mrp.backflush": ["trigger", "quantity", "reference"],
        }
        told = {}
        for model, fields in names.items():
            records = self.env[model].sudo().search([], order="id")
            rows = records.read(["product_id", *fields], load="")
            told[model] = sorted(
                str([row[name] for name in ("product_id", *fields)]) for row in rows
            )
        lines = self.env["stock.move.line"].search([])
        told["links"] = sorted(len(line.consume_line_ids) for line in lines)
        return told

    def _produce_by_all_ways(self, context):
        """An order from its creation to a backorder, by the form and by the API."""
        orders = self.env["mrp.production"].with_user(self.worker).with_context(context)
        order = orders.create(
            {"product_id": self.chair.id, "product_qty": 4, "bom_id": self.bom.id}
        )
        order.action_confirm()
        order.action_assign()
        order.write({"product_qty": 5})
        self.env["change.production.qty"].with_user(self.worker).with_context(
            context
        ).create({"mo_id": order.id, "product_qty": 6}).change_prod_qty()
        order.button_plan()
        order.workorder_ids[0].button_start()
        order.workorder_ids[0].qty_produced = 6
        order.workorder_ids[0].button_finish()
        order.backflush_preview(quantity=1)
        order.backflush_post(quantity=1)
        order.qty_producing = 3
        order.set_qty_producing()
        action = order.button_mark_done()
        self.assertEqual(action["res_model"], "mrp.production.backorder")
        json.dumps(without_private(action))
        wizard = Form.from_action(order.env, action).save()
        answered = wizard.action_backorder()
        self.assertNotIn("<private>", json.dumps(answered, default=json_default))
        backorder = order.production_group_id.production_ids - order
        backorder.backflush_post(quantity=1, remainder="cancel")
        self.bom.explode(self.chair, 1)
        unbuild = self.env["mrp.unbuild"].with_user(self.worker).with_context(context)
        unbuild.create(
            {
                "mo_id": order.id,
                "product_id": self.chair.id,
                "product_qty": 1,
                "bom_id": self.bom.id,
            }
        ).action_validate()

    def _deliver(self, context):
        """A delivery, by somebody without any right in manufacturing."""
        env = self.env(user=self.storekeeper, context=context)
        picking = env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.stock_location.id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": self.stock_location.id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                    for product, quantity in ((self.glue, 5), (self.board, 7))
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids[0].quantity = 3
        picking.do_unreserve()
        picking.action_assign()
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()

    def _run(self, scenario, context):
        with self.env.cr.savepoint() as savepoint:
            scenario(dict(context))
            told = self._tell()
            savepoint.rollback()
        self.env.invalidate_all()
        return told

    def _produce_at_once(self, context):
        orders = self.env["mrp.production"].with_user(self.worker).with_context(context)
        order = orders.create({"product_id": self.chair.id, "product_qty": 2})
        order.action_confirm()
        order.button_mark_done()

    def _check(self, scenario, each):
        """Compare what comes of forged keys with what comes without them.

        :param scenario: with all keys at once
        :param each: with each kind of value, and with one key after the other
        """
        likely, *others = self._forge().values()
        usual = self._run(scenario, {})
        self.assertEqual(self._run(scenario, likely), usual)
        usual = self._run(each, {})
        for context in others:
            with self.subTest(value=str(context["backflush_reserve"])[:20]):
                self.assertEqual(self._run(each, context), usual)
        for name, value in likely.items():
            with self.subTest(key=name):
                self.assertEqual(self._run(each, {name: value}), usual)

    def test_manufacturing_user(self):
        self._check(self._produce_by_all_ways, self._produce_at_once)

    def test_stock_user(self):
        self._check(self._deliver, self._deliver)


def _hints(name, kind):
    """Whether a key expects values of a kind."""
    meaning = KEYS[name]
    return {
        "True": meaning.startswith("True"),
        "by id": meaning.startswith("{"),
    }.get(kind, not meaning.startswith(("True", "{")))


class TestDefaults(BackflushCase):
    """Defaults in a caller's context are for the forms of that caller."""

    defaults = {
        "default_quantity": 7,
        "default_product_uom_qty": 7,
        "default_picked": True,
        "default_state": "done",
        "default_name": "forged",
        "default_reference": "forged",
        "default_trigger": "start",
        "default_lot_name": "forged",
        "default_location_id": 1,
        "default_owner_id": 1,
        "default_backflush_method": "manual",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 1000)
        cls.chair.tracking = "lot"
        cls.chair.lot_sequence_id.prefix = "CHAIR"

    def _check_posted(self, order, quantity):
        self.assertConsumed(order, {self.board: quantity * 2, self.bolt: quantity * 4})
        self.assertEqual(order.backflush_ids.mapped("trigger"), ["completion"])
        self.assertNotIn("forged", order.backflush_ids.mapped("name"))
        self.assertFalse(any(order.backflush_ids.mapped("reference")))
        moves = order.move_raw_ids | order.move_finished_ids
        self.assertFalse(moves.move_line_ids.owner_id)
        self.assertEqual(moves.move_line_ids.lot_id, order.lot_producing_ids)
        self.assertNotIn("forged", order.lot_producing_ids.mapped("name"))
        self.assertEqual(self._on_hand(self.board), 1000 - 2 * quantity)

    def test_report(self):
        order = self._create_order(quantity=10).with_context(self.defaults)
        order.backflush_post(quantity=2, lot_names=["L1"])
        self._check_posted(order, 2)

    def test_batch_that_makes_the_order(self):
        model = self.env["mrp.production"].with_user(self.worker)
        model = model.with_context(self.defaults)
        report = {"product_id": self.chair.id, "quantity": 2, "lot_names": ["L1"]}
        [result] = model.backflush_post_batch([report])
        self.assertTrue(result["ok"], result)
        order = model.browse(result["production"]["id"])
        self.assertEqual(
            order.move_raw_ids.mapped("backflush_method")[:1], ["completion"]
        )
        self._check_posted(order, 2)

    def test_dialog(self):
        order = self._create_order(quantity=10)
        dialog = Form.from_action(order.env, order.action_backflush_report())
        dialog.quantity = 2
        report = dialog.save()
        report.with_context(self.defaults).action_post()
        self._check_posted(order, 2)

    def test_form(self):
        order = self._create_order(quantity=2, confirm=False)
        order = order.with_context(self.defaults)
        order.action_confirm()
        order.action_assign()
        order.action_generate_serial()
        order.set_qty_producing()
        order.button_mark_done()
        self._check_posted(order, 2)

    def test_work_orders(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Saw", "workcenter_id": center.id})
        ]
        self.bom.bom_line_ids.write(
            {
                "operation_id": self.bom.operation_ids.id,
                "backflush_method": "operation",
            }
        )
        order = self._create_order(quantity=2).with_context(self.defaults)
        order.action_start()
        order.workorder_ids.button_start()
        order.workorder_ids.button_finish()
        self.assertConsumed(order, {self.board: 4, self.bolt: 8})
        self.assertEqual(self._on_hand(self.board), 996)

    def test_stock_odoo_keeps_them(self):
        """An order that is not backflushed is left to Odoo."""
        order = self._create_order(quantity=2, backflush=False)
        order = order.with_context(default_name="x")
        self.assertIs(order._forget_backflush_defaults().env, order.env)


class TestQuestions(BackflushCase):
    """A person's answer outlives the questions that follow, whatever their order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 1000)
        cls.bom.consumption = "warning"

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=10)
        self.order.qty_producing = 4
        self._component(self.order, self.board).write({"quantity": 9, "picked": True})

    def _open(self, action):
        """The wizard that a client opens: it knows what came through JSON only."""
        self.assertNotIn("<private>", json.dumps(action, default=json_default))
        action = json.loads(json.dumps(action, default=json_default))
        return Form.from_action(self.env(user=self.worker), action).save()

    def _check_kept_open(self):
        self.assertEqual(self.order.state, "progress")
        self.assertEqual(self.order.qty_produced, 4)
        self.assertConsumed(self.order, {self.board: 9, self.bolt: 16})
        self.assertEqual(self._on_hand(self.board), 991)

    def test_consumption_then_backorder(self):
        warning = self._open(self.order.button_mark_done())
        self.assertEqual(warning._name, "mrp.consumption.warning")
        question = self._open(warning.action_confirm())
        question.action_backflush_keep_open()
        self._check_kept_open()

    def test_backorder_then_consumption(self):
        action = self.order.with_context(skip_consumption=True).button_mark_done()
        action["context"] = {**action["context"], "skip_consumption": False}
        question = self._open(action)
        warning = self._open(question.action_backflush_keep_open())
        self.assertEqual(warning._name, "mrp.consumption.warning")
        self.assertEqual(self.order.qty_produced, 0)
        warning.action_confirm()
        self._check_kept_open()

    def test_backorder_then_consumption_as_expected(self):
        action = self.order.with_context(skip_consumption=True).button_mark_done()
        action["context"] = {**action["context"], "skip_consumption": False}
        warning = self._open(self._open(action).action_backflush_keep_open())
        warning.action_set_qty()
        self.assertEqual(self.order.state, "progress")
        self.assertConsumed(self.order, {self.board: 8, self.bolt: 16})

    def test_kept_open_is_no_order_of_others(self):
        """What a client adds to the wizard keeps no order open that it is not for."""
        other = self._create_order(quantity=5)
        warning = self._open(self.order.button_mark_done())
        warning.backflush_keep_open_ids = other
        warning.with_context(skip_backorder=True).action_confirm()
        self.assertEqual((self.order.state, other.state), ("done", "confirmed"))

    def test_redirect_to_a_backorder(self):
        warning = self._open(self.order.button_mark_done())
        question = self._open(warning.action_confirm())
        action = question.action_backorder()
        self.assertEqual(self.order.state, "done")
        self.assertNotIn(PREFIX, json.dumps(action, default=json_default))
