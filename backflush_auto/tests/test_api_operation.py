from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_operation import OperationCase


@tagged("post_install", "-at_install")
class TestOperationReports(OperationCase):
    """A program reports work at one operation of an order."""

    def setUp(self):
        super().setUp()
        self.order = self._create_order(quantity=100)
        self.cut, self.screw = self.order.workorder_ids

    def _post(self, workorder, quantity=0.0, **values):
        return workorder.production_id.backflush_post(
            quantity=quantity, workorder_id=workorder.id, **values
        )

    def test_part(self):
        result = self._post(self.cut, 30)
        self.assertEqual(
            result["production"],
            {
                "id": self.order.id,
                "name": self.order.name,
                "state": "progress",
                "qty_produced": 0.0,
                "qty_scrapped": 0.0,
                "qty_remaining": 100.0,
            },
        )
        [component] = result["components"]
        self.assertEqual((component["product"], component["consumed"]), ("Board", 60.0))
        self.assertRecordValues(self.cut, [{"state": "progress", "qty_produced": 30}])
        self.assertFalse(self.cut.time_ids)
        self.assertPostings(self.order, [("operation", "Cut", 30)])

    def test_parts_to_the_end(self):
        for quantity in (30, 45, 0):
            self._post(self.cut, quantity)
        self.assertEqual(self.cut.state, "done")
        self.assertConsumed(self.order, {self.board: 200, self.bolt: 0})
        self._post(self.screw)
        self.assertEqual(self.order.state, "to_close")
        result = self.order.backflush_post()
        self.assertEqual(result["production"]["state"], "done")
        self.assertEqual(result["components"], [])
        self.assertConsumed(self.order, {self.board: 200, self.bolt: 400})

    def test_out_of_order(self):
        result = self._post(self.screw, 10)
        self.assertEqual(
            [(c["product"], c["consumed"]) for c in result["components"]],
            [("Board", 20.0), ("Bolt", 40.0)],
        )
        self.assertEqual(self._post(self.cut, 10)["components"], [])

    def test_more_than_the_order(self):
        self._post(self.cut, 110)
        self.assertEqual(self.cut.state, "done")
        self.assertConsumed(self.order, {self.board: 220, self.bolt: 0})

    def test_draft_order(self):
        order = self._create_order(quantity=10, confirm=False)
        self._post(order.workorder_ids[0], 4)
        self.assertConsumed(order, {self.board: 8, self.bolt: 0})

    def test_order_between_operations(self):
        self._post(self.cut, 60)
        self.order.backflush_post(quantity=30)
        self.assertConsumed(self.order, {self.board: 120, self.bolt: 120})
        self._post(self.screw, 50)
        self.assertConsumed(self.order, {self.board: 160, self.bolt: 320})

    def test_same_reference_twice(self):
        first = self._post(self.cut, 30, reference="A")
        again = self._post(self.cut, 30, reference="A")
        self.assertEqual(again, {**first, "replayed": True})
        self.assertConsumed(self.order, {self.board: 60, self.bolt: 0})
        with self.assertRaisesRegex(UserError, "used before"):
            self._post(self.screw, 30, reference="A")

    def test_reference_where_nothing_is_consumed(self):
        self.bom.bom_line_ids.backflush_method = "completion"
        order = self._create_order(quantity=10)
        first = self._post(order.workorder_ids[0], 3, reference="B")
        self.assertEqual(first["components"], [])
        again = self._post(order.workorder_ids[0], 3, reference="B")
        self.assertEqual(again, {**first, "replayed": True})
        self.assertEqual(order.workorder_ids[0].qty_produced, 3)

    def test_components(self):
        self.bom.consumption = "flexible"
        order = self._create_order(quantity=100)
        cut = order.workorder_ids[0]
        glue = self._create_product("Glue", default_code="GLUE")
        self._add_stock(glue, 10)
        entries = [
            {"product_id": self.board.id, "quantity": 63},
            {"default_code": "GLUE", "quantity": 2},
        ]
        result = self._post(cut, 30, components=entries)
        self.assertEqual(
            [
                (c["product"], c["expected"], c["consumed"])
                for c in result["components"]
            ],
            [("Board", 60.0, 63.0), ("[GLUE] Glue", 0.0, 2.0)],
        )
        message = "Bolt is not consumed at Cut; report it with the order"
        with self.assertRaisesRegex(UserError, message):
            self._post(
                cut, 30, components=[{"product_id": self.bolt.id, "quantity": 1}]
            )
        self._post(cut, 70)
        self.assertConsumed(order, {self.board: 203, self.bolt: 0, glue: 2})

    def test_strict_bom(self):
        entries = [{"product_id": self.board.id, "quantity": 63}]
        with self.assertRaisesRegex(UserError, "Board: 63.00 Units instead of 60.00"):
            self._post(self.cut, 30, components=entries)

    def test_refused(self):
        self._post(self.screw)
        cases = [
            (self.screw, {}, "Screw of .* cannot be reported on: it is Finished"),
            (self.cut, {"lot_names": ["L"]}, "lot_names: .*not at an operation"),
            (self.cut, {"remainder": "cancel"}, "remainder: .*not at an operation"),
            (self.cut, {"quantity": 600}, "Board: 1,000.00 Units needed"),
        ]
        for workorder, values, message in cases:
            with self.subTest(message), self.assertRaisesRegex(UserError, message):
                self._post(workorder, **values)
        self.assertPostings(self.order, [("operation", "Screw", 100)])

    def test_batch(self):
        """Reports on orders and at operations in one call, one of them refused."""
        other = self._create_order(quantity=10)
        reports = [
            {
                "production_id": self.order.id,
                "workorder_id": self.cut.id,
                "quantity": 5,
            },
            {"production_id": other.id, "workorder_id": other.workorder_ids[0].id},
            {
                "production_id": self.order.id,
                "workorder_id": self.cut.id,
                "quantity": 600,
            },
            {"product_id": self.chair.id, "quantity": 2},
            {"production_id": self.order.id, "workorder_id": other.workorder_ids[1].id},
            {"production_id": self.order.id, "quantity": 1},
        ]
        results = self.env["mrp.production"].with_user(self.worker)
        results = results.backflush_post_batch(reports)
        self.assertEqual(
            [r.get("error", {}).get("type", "") for r in results],
            ["", "", "shortage", "", "not_found", ""],
        )
        self.assertConsumed(self.order, {self.board: 10, self.bolt: 4})
        self.assertConsumed(other, {self.board: 20, self.bolt: 0})

    def test_queries_do_not_grow_with_the_orders(self):
        counts = []
        for number in (2, 8):
            orders = [self._create_order(quantity=10) for _ in range(number)]
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            results = orders[0].backflush_post_batch(
                [
                    {"production_id": o.id, "workorder_id": o.workorder_ids[0].id}
                    for o in orders
                ]
            )
            self.assertEqual({result["ok"] for result in results}, {True})
            counts.append(self.cr.sql_log_count - before)
        growth = (counts[1] - counts[0]) / 6
        self.assertLess(growth, 60)
