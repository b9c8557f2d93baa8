import logging

from odoo.exceptions import MissingError, UserError, ValidationError
from odoo.tests import tagged

from ..reporting import poster as reporting
from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestPost(BackflushCase):
    """A program reports production of one order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def test_first_part(self):
        order = self._create_order(quantity=100)
        result = order.backflush_post(quantity=30)
        posting = order.backflush_ids
        self.assertEqual(
            result,
            {
                "id": posting.id,
                "name": posting.name,
                "reference": "",
                "replayed": False,
                "production": {
                    "id": order.id,
                    "name": order.name,
                    "state": "progress",
                    "qty_produced": 30.0,
                    "qty_scrapped": 0.0,
                    "qty_remaining": 70.0,
                },
                "backorder": {},
                "components": [
                    {
                        "product_id": product.id,
                        "product": product.display_name,
                        "uom": "Units",
                        "expected": quantity,
                        "consumed": quantity,
                        "variance": 0.0,
                        "deferred": 0.0,
                        "location": self.stock_location.display_name,
                        "lots": [],
                    }
                    for product, quantity in ((self.board, 60.0), (self.bolt, 120.0))
                ],
            },
        )

    def test_parts_to_the_end(self):
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=30)
        order.backflush_post(quantity=45)
        result = order.backflush_post()
        self.assertEqual(result["production"]["state"], "done")
        self.assertEqual(result["production"]["qty_remaining"], 0)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_draft_order(self):
        order = self._create_order(quantity=10, confirm=False)
        result = order.backflush_post(quantity=4)
        self.assertEqual(result["production"]["state"], "progress")

    def test_remainder_backorder(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4)
        result = order.backflush_post(quantity=2, remainder="backorder")
        backorder = order.production_group_id.production_ids - order
        self.assertEqual(
            result["backorder"], {"id": backorder.id, "name": backorder.name}
        )
        self.assertRecordValues(
            order + backorder,
            [
                {"state": "done", "product_qty": 6},
                {"state": "confirmed", "product_qty": 4},
            ],
        )

    def test_remainder_cancel(self):
        order = self._create_order(quantity=10)
        result = order.backflush_post(quantity=4, remainder="cancel")
        self.assertEqual(result["production"]["state"], "done")
        self.assertEqual(result["backorder"], {})
        self.assertConsumed(order, {self.board: 8, self.bolt: 16})

    def test_same_reference_twice(self):
        order = self._create_order(quantity=10)
        first = order.backflush_post(quantity=4, reference="MES-1")
        order.backflush_post(quantity=1)
        again = order.backflush_post(quantity=4.0, reference="MES-1")
        self.assertEqual(again, {**first, "replayed": True})
        self.assertEqual(order.qty_produced, 5)

    def test_same_reference_for_something_else(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4, reference="MES-1")
        with self.assertRaisesRegex(UserError, "MES-1 was used before"):
            order.backflush_post(quantity=5, reference="MES-1")
        self.assertEqual(order.qty_produced, 4)

    def test_components(self):
        glue = self._create_product("Glue", default_code="GLUE")
        self._add_stock(glue, 5)
        order = self._create_order(quantity=10)
        result = order.backflush_post(
            quantity=4,
            components=[
                {"product_id": self.board.id, "quantity": 9},
                {"default_code": "GLUE", "quantity": 1.5},
            ],
        )
        self.assertEqual(
            [
                (c["product"], c["expected"], c["consumed"])
                for c in result["components"]
            ],
            [("Board", 8, 9), ("Bolt", 16, 16), ("[GLUE] Glue", 0, 1.5)],
        )
        order.backflush_post()
        self.assertConsumed(order, {self.board: 21, self.bolt: 40, glue: 1.5})

    def test_component_lots(self):
        self.board.tracking = "lot"
        self.env["stock.quant"].search([("product_id", "=", self.board.id)]).unlink()
        self._create_lot(self.board, "A", 50)
        self._create_lot(self.board, "B", 50)
        order = self._create_order(quantity=10)
        result = order.backflush_post(
            quantity=4,
            components=[
                {
                    "product_id": self.board.id,
                    "lots": [
                        {"name": "B", "quantity": 5},
                        {"name": "A", "quantity": 3},
                    ],
                }
            ],
        )
        self.assertEqual(
            [(lot["name"], lot["quantity"]) for lot in result["components"][0]["lots"]],
            [("B", 5), ("A", 3)],
        )
        with self.assertRaisesRegex(UserError, "no lot C"):
            order.backflush_post(
                quantity=1,
                components=[
                    {
                        "product_id": self.board.id,
                        "lots": [{"name": "C", "quantity": 2}],
                    }
                ],
            )
        result = order.backflush_post(
            quantity=1, components=[{"product_id": self.board.id, "quantity": 3}]
        )
        self.assertEqual(result["components"][0]["consumed"], 3)

    def test_finished_lots(self):
        self.chair.tracking = "lot"
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4, lot_names=["L1"])
        order.backflush_post(quantity=2)
        order.backflush_post(lot_names=["L2"])
        lots = self.env["stock.lot"].search([("product_id", "=", self.chair.id)])
        self.assertEqual(
            {lot.name: lot.product_qty for lot in lots}, {"L1": 6, "L2": 4}
        )

    def test_finished_serials(self):
        self.chair.tracking = "serial"
        order = self._create_order(quantity=3)
        with self.assertRaisesRegex(UserError, "2 serial numbers are needed"):
            order.backflush_post(quantity=2, lot_names=["S1"])
        order.backflush_post(quantity=2, lot_names=["S1", "S2"])
        order.backflush_post(lot_names=["S3"])
        self.assertEqual(order.state, "done")
        self.assertEqual(order.lot_producing_ids.mapped("product_qty"), [1, 1, 1])

    def test_lots_of_untracked_goods(self):
        order = self._create_order(quantity=3)
        with self.assertRaisesRegex(UserError, "not tracked"):
            order.backflush_post(lot_names=["S1"])

    def test_serials_in_dozens(self):
        self.chair.tracking = "serial"
        order = self._create_order(
            quantity=1, product_uom_id=self.dozen.id, confirm=False
        )
        names = [f"S{number}" for number in range(6)]
        order.backflush_post(quantity=0.5, lot_names=names)
        self.assertEqual(order.qty_produced, 6)
        self.assertConsumed(order, {self.board: 12, self.bolt: 24})

    def test_refused_leaves_no_trace(self):
        order = self._create_order(quantity=1000)
        with self.assertRaisesRegex(UserError, "Board: 2,000.00 Units needed"):
            order.backflush_post()
        self.assertEqual(self._on_hand(self.bolt), 1000)

    def test_over(self):
        order = self._create_order(quantity=1)
        order.backflush_post()
        with self.assertRaisesRegex(UserError, "it is Done"):
            order.backflush_post()

    def test_bad_input(self):
        order = self._create_order(quantity=10)
        lots = {"product_id": self.board.id, "lots": "A"}
        for values, words in [
            ({"quantity": -1}, "quantity: cannot be negative"),
            ({"quantity": float("nan")}, "quantity: must be finite"),
            ({"quantity": float("inf")}, "quantity: must be finite"),
            ({"quantity": "3"}, "quantity: must be a number"),
            ({"quantity": True}, "quantity: must be a number"),
            ({"quantity": None}, "quantity: must be a number"),
            ({"quantity": 1e300}, "quantity: is too large"),
            ({"quantity": 0.0001}, "less than the smallest"),
            ({"lot_names": "A"}, "lot_names: must be a list"),
            ({"lot_names": [1]}, "lot_names: must be a text"),
            ({"lot_names": ["A", "A"]}, "twice"),
            ({"lot_names": [""]}, "a name is empty"),
            ({"remainder": "later"}, "remainder: must be one of"),
            ({"reference": 5}, "reference: must be a text"),
            ({"reference": "x" * 999}, "reference: is longer"),
            ({"workorder_id": "1"}, "workorder_id: must be an id"),
            ({"workorder_id": 2**40}, "workorder_id: is no id"),
            ({"components": {}}, "components: must be a list"),
            ({"components": [3]}, "components: must be an object"),
            ({"components": [{}]}, "is needed"),
            ({"components": [{"product_id": self.board.id}]}, "a quantity or lots"),
            ({"components": [lots]}, "lots: must be a list"),
            ({"components": [{"product": 1, "quantity": 1}]}, "product: is not known"),
            ({"components": [{"product_id": 1, "quantity": 1}] * 10_000}, "10000"),
        ]:
            with self.subTest(values=str(values)[:60]):
                with self.assertRaisesRegex(ValidationError, words):
                    order.backflush_post(**values)
        self.assertEqual(order.qty_produced, 0)

    def test_called_on_nothing(self):
        orders = self.env["mrp.production"].with_user(self.worker)
        with self.assertRaisesRegex(UserError, "one manufacturing order, not on 0"):
            orders.backflush_post()
        with self.assertRaises(MissingError):
            orders.browse(2**31 - 1).backflush_post()
        with self.assertRaisesRegex(ValidationError, "unexpected keyword"):
            self._create_order().backflush_post(qty=3)


@tagged("post_install", "-at_install")
class TestBatch(BackflushCase):
    """A program reports much in one call."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 100)
        cls._add_stock(cls.bolt, 1000)
        cls.model = cls.env["mrp.production"].with_user(cls.worker)

    def test_orders_and_none(self):
        orders = [self._create_order(quantity=10) for _number in range(2)]
        results = self.model.backflush_post_batch(
            [
                {"production_id": orders[0].id, "quantity": 4},
                {"production": orders[1].name},
                {"product_id": self.chair.id, "quantity": 3, "reference": "R"},
                {"production_id": orders[0].id},
            ]
        )
        self.assertEqual([r["ok"] for r in results], [True] * 4)
        self.assertEqual(
            [r["production"]["state"] for r in results],
            ["progress", "done", "done", "done"],
        )
        self.assertEqual(self._on_hand(self.chair), 23)
        self.assertEqual(self._on_hand(self.board), 54)

    def test_bad_reports_leave_the_others(self):
        order = self._create_order(quantity=10)
        large = self._create_order(quantity=40)
        small = self._create_order(quantity=5)
        results = self.model.backflush_post_batch(
            [
                {"production_id": order.id},
                {"production_id": large.id, "reference": "large"},
                {"production_id": 2**31 - 1},
                {"production": "No such order"},
                {"production_id": small.id, "qty": 3},
                {"production_id": small.id, "lot_names": ["X"]},
                {"production_id": small.id},
                {"production_id": order.id},
                "nonsense",
                {"product_id": self.board.id, "quantity": 1},
                {"quantity": 1},
            ]
        )
        self.assertEqual(
            [r.get("error", {}).get("type", "") for r in results],
            [
                "",
                "",
                "not_found",
                "not_found",
                "invalid",
                "lot",
                "shortage",
                "state",
                "invalid",
                "not_found",
                "invalid",
            ],
        )
        self.assertEqual(self._on_hand(self.board), 0)
        self.assertEqual(small.state, "confirmed")

    def test_stock_for_as_many_as_it_covers(self):
        """60 + 50 + 40 boards, 100 there: the first and the third."""
        orders = self.model.union(
            *(self._create_order(quantity=quantity) for quantity in (30, 25, 20))
        )
        results = self.model.backflush_post_batch(
            [{"production_id": order.id} for order in orders]
        )
        self.assertEqual([r["ok"] for r in results], [True, False, True])
        [component] = results[1]["error"]["components"]
        self.assertEqual(
            (component["needed"], component["free"], component["missing"]), (50, 40, 10)
        )
        self.assertEqual(orders.mapped("state"), ["done", "confirmed", "done"])
        self.assertFalse(orders[1].qty_producing)

    def test_references(self):
        report = {"product_id": self.chair.id, "quantity": 3, "reference": "R"}
        first, again, other = self.model.backflush_post_batch(
            [report, report, {**report, "quantity": 4}]
        )
        self.assertEqual(again, {**first, "replayed": True})
        self.assertEqual(other["error"]["type"], "duplicate")
        [later] = self.model.backflush_post_batch([report])
        self.assertEqual(later, {**first, "replayed": True})
        self.assertEqual(self._on_hand(self.chair), 3)

    def test_quantity_is_in_the_unit_of_the_product(self):
        self.bom.product_uom_id = self.dozen
        [result] = self.model.backflush_post_batch(
            [{"product_id": self.chair.id, "quantity": 24}]
        )
        self.assertEqual(result["production"]["qty_produced"], 24)
        self.assertEqual(self._on_hand(self.board), 96)

    def test_named_recipe(self):
        cheap = self._create_bom(self.chair, [(self.board, 1)], sequence=9)
        self.chair.default_code = "CHAIR"
        results = self.model.backflush_post_batch(
            [
                {"default_code": "CHAIR", "quantity": 2, "bom_id": cheap.id},
                {"default_code": "CHAIR", "quantity": 2, "bom_id": 2**31 - 1},
                {"default_code": "NONE", "quantity": 2},
                {"product_id": self.chair.id, "quantity": 0},
                {"product_id": self.chair.id, "quantity": 0.0001},
                {"product_id": self.chair.id, "quantity": 1, "picking_type_id": 1},
                {"product_id": self.chair.id, "quantity": 1, "workorder_id": 1},
            ]
        )
        self.assertEqual(
            [r.get("error", {}).get("type", "") for r in results],
            ["", "not_found", "not_found", "invalid", "invalid", "invalid", "invalid"],
        )
        self.assertEqual(self._on_hand(self.board), 98)

    def test_not_backflushed(self):
        order = self._create_order(quantity=2)
        order.backflush = False
        self.bom.backflush = False
        results = self.model.backflush_post_batch(
            [
                {"production_id": order.id},
                {"product_id": self.chair.id, "quantity": 2},
            ]
        )
        self.assertEqual([r["error"]["type"] for r in results], ["state", "state"])

    def test_strict_bom(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=2)
        report = {
            "production_id": order.id,
            "components": [{"product_id": self.board.id, "quantity": 5}],
        }
        [result] = self.model.backflush_post_batch([report])
        self.assertIn("5.00 Units instead of 4.00", result["error"]["message"])
        self.worker.group_ids += self.env.ref("mrp.group_mrp_manager")
        [result] = self.model.backflush_post_batch([report])
        self.assertTrue(result["ok"])

    def test_two_companies(self):
        other = self.env["res.company"].create(
            {"name": "Other", "backflush_shortage": "negative"}
        )
        bom = self._create_bom(
            self.chair, [(self.board, 1)], company_id=other.id, backflush=True
        )
        self.bom.company_id = self.env.company
        here = self._create_order(quantity=10)
        self.worker.company_ids |= other
        both = self.model.with_context(
            allowed_company_ids=(self.env.company | other).ids
        )
        there = both.create(
            {
                "product_id": self.chair.id,
                "product_qty": 5,
                "bom_id": bom.id,
                "company_id": other.id,
            }
        )
        reports = [
            {"production_id": there.id, "reference": "R"},
            {"production_id": here.id, "reference": "R"},
        ]
        [refused, posted] = self.model.with_context(
            allowed_company_ids=self.env.company.ids
        ).backflush_post_batch(reports)
        self.assertEqual(refused["error"]["type"], "access")
        self.assertTrue(posted["ok"])
        results = both.backflush_post_batch(reports)
        self.assertEqual([r["ok"] for r in results], [True, True])
        self.assertEqual([r["replayed"] for r in results], [False, True])

    def test_posted_in_two_companies_at_once(self):
        other = self.env["res.company"].create(
            {"name": "Other", "backflush_shortage": "negative"}
        )
        self._create_bom(
            self.chair, [(self.board, 1)], company_id=other.id, backflush=True
        )
        self.bom.company_id = self.env.company
        self.worker.company_ids |= other
        types = self.env["stock.picking.type"].search(
            [
                ("code", "=", "mrp_operation"),
                ("company_id", "in", (self.env.company | other).ids),
            ]
        )
        results = self.model.with_context(
            allowed_company_ids=(self.env.company | other).ids
        ).backflush_post_batch(
            [
                {
                    "product_id": self.chair.id,
                    "quantity": 2,
                    "picking_type_id": picking_type.id,
                }
                for picking_type in types
            ]
        )
        self.assertEqual([r.get("error") for r in results], [None] * len(types))
        self.assertGreater(len(types), 1)

    def test_order_and_its_backorder(self):
        order = self._create_order(quantity=10)
        result = order.backflush_post(quantity=4, remainder="backorder")
        second = order.browse(result["backorder"]["id"])
        third = order.browse(
            second.backflush_post(quantity=1, remainder="backorder")["backorder"]["id"]
        )
        third._split_productions({third: [2, 3]})
        fourth = third.production_group_id.production_ids.filtered(
            lambda order: order.product_qty == 3
        )
        results = self.model.backflush_post_batch(
            [
                {"production_id": o.id, "quantity": 1, "remainder": "backorder"}
                for o in (third, fourth)
            ]
        )
        rests = order.browse(result["backorder"]["id"] for result in results)
        self.assertEqual(rests.mapped("product_qty"), [1, 2])

    def test_many_chunks(self):
        """More reports than are posted together, the same order among them twice."""
        self.patch(reporting, "CHUNK", 3)
        order = self._create_order(quantity=10)
        with self.assertLogs(reporting.__name__, logging.INFO) as log:
            results = self.model.backflush_post_batch(
                [
                    *({"product_id": self.chair.id, "quantity": 1} for _ in range(4)),
                    {"production_id": order.id, "quantity": 1},
                    {"production_id": order.id, "quantity": 2},
                    {"production_id": 0},
                    {"production_id": order.id},
                ]
            )
        self.assertEqual([r["ok"] for r in results], [True] * 6 + [False, True])
        self.assertEqual(order.backflush_ids.sorted("id").mapped("quantity"), [1, 2, 7])
        self.assertEqual(self._on_hand(self.chair), 14)
        self.assertEqual(
            [record.getMessage() for record in log.records],
            [f"{done} of 7 reports are worked off." for done in (3, 5, 6, 7)],
        )

    def test_not_a_list(self):
        with self.assertRaisesRegex(ValidationError, "reports: must be a list"):
            self.model.backflush_post_batch({"production_id": 1})
        self.assertEqual(self.model.backflush_post_batch([]), [])


@tagged("post_install", "-at_install")
class TestPreview(BackflushCase):
    """A program asks what a posting would do."""

    def test_numbers(self):
        self._add_stock(self.board, 50)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=10)
        preview = order.backflush_preview(quantity=20)
        self.assertEqual(preview["quantity"], 20)
        self.assertEqual(preview["max_quantity"], 15)
        self.assertEqual(preview["production"]["qty_remaining"], 90)
        board = preview["components"][0]
        move = order.move_raw_ids.filtered(
            lambda m: m.product_id == self.board and m.state != "done"
        )
        self.assertEqual(
            board,
            {
                "move_id": move.id,
                "product_id": self.board.id,
                "product": "Board",
                "uom": "Units",
                "method": "completion",
                "ratio": 2.0,
                "target": 60.0,
                "covered": 20.0,
                "expected": 40.0,
                "free": 30.0,
                "shortage": 10.0,
                "deferred": 0.0,
                "location": self.stock_location.display_name,
                "lots": [],
                "formula": "2 Units × 30.00 Units = 60.00 Units; "
                "20.00 Units dealt with before, 40.00 Units now",
            },
        )
        self.assertEqual(order.backflush_preview()["quantity"], 90)
        self.assertEqual(order.qty_produced, 10)

    def test_draft(self):
        self._add_stock(self.board, 50)
        order = self._create_order(quantity=100, confirm=False)
        preview = order.backflush_preview()
        self.assertEqual(order.state, "draft")
        self.assertEqual([c["expected"] for c in preview["components"]], [200, 400])
        self.assertEqual(preview["max_quantity"], 0)

    def test_lots(self):
        self.board.tracking = "lot"
        lot = self._create_lot(self.board, "A", 50)
        self._add_stock(self.bolt, 1000)
        preview = self._create_order(quantity=10).backflush_preview()
        self.assertEqual(
            preview["components"][0]["lots"],
            [{"lot_id": lot.id, "name": "A", "quantity": 20}],
        )
        self.assertEqual(preview["max_quantity"], 25)

    def test_own_reservation_is_free(self):
        self._add_stock(self.board, 20)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=10)
        order.action_assign()
        self.assertEqual(order.backflush_preview()["max_quantity"], 10)
        other = self._create_order(quantity=10)
        self.assertEqual(other.backflush_preview()["max_quantity"], 0)

    def test_over(self):
        self.bom.backflush_shortage = "negative"
        order = self._create_order(quantity=10)
        preview = order.backflush_preview()
        self.assertEqual(preview["components"][0]["shortage"], 20)
        order.backflush_post()
        with self.assertRaisesRegex(UserError, "it is Done"):
            order.backflush_preview()
