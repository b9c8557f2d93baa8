from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import BackflushCase


class ScrapCase(BackflushCase):
    """A chair whose legs are cut, glued and painted, one after the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dent = cls.env["stock.scrap.reason.tag"].create({"name": "Dent"})
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 10000)

    @classmethod
    def _add_operations(cls):
        """Boards at the first operation, bolts at the second, paint at the third."""
        centre = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.paint = cls._create_product("Paint")
        cls._add_stock(cls.paint, 10000)
        cls.bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": centre.id})
            for name in ("Cut", "Glue", "Paint")
        ]
        cls.bom.bom_line_ids = [
            Command.create({"product_id": cls.paint.id, "product_qty": 1})
        ]
        operations = cls.bom.operation_ids
        for line, operation in zip(cls.bom.bom_line_ids, operations, strict=True):
            line.operation_id = operation

    def _scrap(self, quantity, reason="Dent", **values):
        return {"quantity": quantity, "reason": reason, **values}

    def _planned(self, order):
        """What an order has yet to consume of each component."""
        moves = order.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        return {move.product_id: move.product_uom_qty for move in moves}


@tagged("post_install", "-at_install")
class TestScrap(ScrapCase):
    """Finished units that failed: they take components, and are not produced."""

    def test_good_and_scrapped_close_the_order(self):
        order = self._create_order(quantity=100)
        result = order.backflush_post(quantity=90, scrap=[self._scrap(10)])
        self.assertEqual(
            result["production"],
            {
                "id": order.id,
                "name": order.name,
                "state": "done",
                "qty_produced": 90.0,
                "qty_scrapped": 10.0,
                "qty_remaining": 0.0,
            },
        )
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(self._on_hand(self.chair), 90)
        self.assertEqual(order.backflush_scrapped_qty, 10)

    def test_record_of_odoo(self):
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=90, scrap=[self._scrap(10)])
        scrap = order.scrap_ids
        self.assertRecordValues(
            scrap,
            [
                {
                    "product_id": self.chair.id,
                    "scrap_qty": 10,
                    "state": "done",
                    "workorder_id": False,
                    "backflush_id": order.backflush_ids.id,
                    "scrap_reason_tag_ids": self.dent.ids,
                }
            ],
        )
        self.assertRecordValues(
            scrap.move_ids,
            [
                {
                    "state": "done",
                    "quantity": 10,
                    "production_id": order.id,
                    "location_id": order.production_location_id.id,
                    "location_dest_id": scrap.scrap_location_id.id,
                }
            ],
        )
        self.assertEqual(scrap.scrap_location_id.usage, "inventory")
        self.assertRecordValues(
            order.backflush_ids, [{"quantity": 90, "scrapped_qty": 10}]
        )
        # It is no finished good of the order.
        self.assertEqual(order.move_finished_ids.mapped("quantity"), [90])
        self.env.invalidate_all()
        self.assertEqual(order.move_finished_ids.mapped("quantity"), [90])

    def test_several_records(self):
        order = self._create_order(quantity=100)
        order.backflush_post(90, scrap=[self._scrap(n) for n in (2, 3, 4)])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.scrap_ids.sorted("id").mapped("scrap_qty"), [2, 3, 4])

    def test_all_that_remains_is_good(self):
        order = self._create_order(quantity=100)
        result = order.backflush_post(scrap=[self._scrap(10)])
        self.assertEqual(result["production"]["qty_produced"], 90)
        self.assertEqual(order.state, "done")

    def test_made_up_for(self):
        order = self._create_order(quantity=100)
        result = order.backflush_post(
            quantity=90, scrap=[self._scrap(10)], make_up=True
        )
        self.assertEqual(result["production"]["state"], "progress")
        self.assertEqual(result["production"]["qty_remaining"], 10)
        self.assertEqual(self._planned(order), {self.board: 20, self.bolt: 40})
        order.backflush_post()
        self.assertEqual((order.state, order.qty_produced), ("done", 100))
        self.assertConsumed(order, {self.board: 220, self.bolt: 440})

    def test_parts(self):
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=50, scrap=[self._scrap(4)])
        self.assertEqual(self._planned(order), {self.board: 92, self.bolt: 184})
        self.assertEqual(order._get_backflush_remaining(), 46)
        order.backflush_post(quantity=20, scrap=[self._scrap(1, ""), self._scrap(2)])
        self.assertEqual(order.state, "progress")
        result = order.backflush_post()
        self.assertEqual(result["production"]["qty_produced"], 93)
        self.assertEqual(result["production"]["qty_scrapped"], 7)
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_finished_on_the_form(self):
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=50, scrap=[self._scrap(10)])
        self.assertFalse(self._produce(order, 90))
        self.assertEqual((order.state, order.qty_produced), ("done", 90))
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_produce_all_on_the_form(self):
        order = self._create_order(quantity=100)
        order.backflush_post(scrap=[self._scrap(10)], scrap_only=True)
        order.button_mark_done()
        self.assertEqual((order.state, order.qty_produced), ("done", 90))
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_backorder(self):
        order = self._create_order(quantity=100)
        result = order.backflush_post(
            quantity=50, scrap=[self._scrap(10)], remainder="backorder"
        )
        backorder = order.browse(result["backorder"]["id"])
        self.assertEqual((order.state, order.product_qty), ("done", 60))
        self.assertEqual(backorder.product_qty, 40)
        self.assertEqual(len(order.production_group_id.production_ids), 2)
        self.assertConsumed(order, {self.board: 120, self.bolt: 240})
        self.assertEqual(self._planned(backorder), {self.board: 80, self.bolt: 160})
        backorder.backflush_post(scrap=[self._scrap(5)])
        self.assertConsumed(backorder, {self.board: 80, self.bolt: 160})
        self.assertEqual(backorder.qty_produced, 35)

    def test_cancelled_remainder(self):
        order = self._create_order(quantity=100)
        order.backflush_post(quantity=50, scrap=[self._scrap(10)], remainder="cancel")
        self.assertEqual((order.state, order.qty_produced), ("done", 50))
        self.assertConsumed(order, {self.board: 120, self.bolt: 240})

    def test_nothing_good(self):
        order = self._create_order(quantity=10)
        result = order.backflush_post(scrap=[self._scrap(4)], scrap_only=True)
        self.assertEqual(result["production"]["qty_remaining"], 6)
        self.assertConsumed(order, {self.board: 8, self.bolt: 16})
        self.assertEqual(self._on_hand(self.chair), 0)
        result = order.backflush_post(scrap=[self._scrap(6)], scrap_only=True)
        self.assertEqual(result["production"]["state"], "done")
        self.assertEqual(result["production"]["qty_produced"], 0)
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})
        self.assertEqual(self._on_hand(self.chair), 0)
        order.invalidate_recordset()
        order._compute_state()
        self.assertEqual(order.state, "done")

    def test_last_of_it_failed(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=4)
        order.backflush_post(scrap=[self._scrap(6)], scrap_only=True)
        self.assertEqual((order.state, order.qty_produced), ("done", 4))
        self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_more_than_ordered(self):
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=8, scrap=[self._scrap(5)])
        self.assertEqual((order.state, order.qty_produced), ("done", 8))
        self.assertConsumed(order, {self.board: 26, self.bolt: 52})

    def test_without_order(self):
        model = self.env["mrp.production"].with_user(self.worker)
        report = {"product_id": self.chair.id, "quantity": 9, "scrap": [self._scrap(1)]}
        results = model.backflush_post_batch([report, {**report, "make_up": True}])
        orders = model.browse(result["production"]["id"] for result in results)
        self.assertRecordValues(
            orders,
            [
                {"state": "done", "product_qty": 10, "qty_produced": 9},
                {"state": "done", "product_qty": 9, "qty_produced": 9},
            ],
        )
        for order in orders:
            self.assertConsumed(order, {self.board: 20, self.bolt: 40})

    def test_units_of_the_order(self):
        order = self._create_order(quantity=10, product_uom_id=self.dozen.id)
        order.backflush_post(quantity=9, scrap=[self._scrap(1)])
        self.assertRecordValues(
            order.backflush_ids, [{"produced_qty": 108, "scrapped_qty": 12}]
        )
        self.assertConsumed(order, {self.board: 240, self.bolt: 480})

    def test_finished_lot(self):
        self.chair.tracking = "lot"
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=9, scrap=[self._scrap(1)], lot_names=["L1"])
        self.assertEqual(order.scrap_ids.lot_id.name, "L1")
        self.assertEqual(order.move_finished_ids.lot_ids.name, "L1")

    def test_serial_numbers(self):
        self.chair.tracking = "serial"
        order = self._create_order(quantity=3)
        with self.assertRaisesRegex(ValidationError, "whole pieces"):
            order.backflush_post(scrap=[self._scrap(0.5)], lot_names=["S1"])
        order.backflush_post(2, scrap=[self._scrap(1)], lot_names=["S1", "S2"])
        self.assertEqual((order.state, order.qty_produced), ("done", 2))
        self.assertConsumed(order, {self.board: 6, self.bolt: 12})

    def test_preview(self):
        order = self._create_order(quantity=100)
        preview = order.backflush_preview(90, scrap=[self._scrap(10)])
        self.assertEqual(preview["quantity"], 90)
        self.assertEqual([c["expected"] for c in preview["components"]], [200, 400])
        self.assertFalse(order.scrap_ids)
        self.assertEqual(order.backflush_preview()["quantity"], 100)
        preview = order.backflush_preview(scrap=[self._scrap(10)])
        self.assertEqual(preview["quantity"], 90)

    def test_most_that_stock_covers(self):
        self._add_stock(self.board, -9900)
        order = self._create_order(quantity=100)
        preview = order.backflush_preview(40, scrap=[self._scrap(10)])
        self.assertEqual(preview["max_quantity"], 40)
        with self.assertRaisesRegex(UserError, "Board"):
            order.backflush_post(41, scrap=[self._scrap(10)])
        self.assertFalse(order.scrap_ids)

    # --- What is not known, or wrong ---

    def test_reasons(self):
        order = self._create_order(quantity=100)
        with self.assertRaisesRegex(ValidationError, "no scrap reason Rust"):
            order.backflush_post(1, scrap=[self._scrap(1, "Rust")])
        manager = new_test_user(
            self.env,
            "backflush_manager",
            groups=f"mrp.group_mrp_manager,{self._get_worker_groups()}",
        )
        order.with_user(manager).backflush_preview(1, scrap=[self._scrap(1, "Rust")])
        self.assertFalse(self.dent.search([("name", "=", "Rust")]))
        order.with_user(manager).backflush_post(1, scrap=[self._scrap(1, "Rust")])
        self.assertEqual(order.scrap_ids.scrap_reason_tag_ids.name, "Rust")

    def test_export(self):
        """What the list of postings exports has scrap and damage by reason."""
        drop = self.dent.create({"name": "Drop"})
        self.worker.group_ids |= self.env.ref("base.group_allow_export")
        order = self._create_order(quantity=10)
        order.backflush_post(
            6,
            scrap=[self._scrap(2), self._scrap(1, reason="Drop")],
            damaged=[{"product_id": self.bolt.id, "quantity": 5, "reason": "Drop"}],
        )
        names = ["order", "good", "failed", "product", "quantity", "reason"]
        exported = order.backflush_ids.export_data(
            [
                *("production_id/name", "produced_qty", "scrapped_qty"),
                *("scrap_ids/product_id/name", "scrap_ids/scrap_qty"),
                "scrap_ids/scrap_reason_tag_ids/name",
            ]
        )
        rows = [dict(zip(names, row, strict=True)) for row in exported["datas"]]
        self.assertEqual([rows[0][name] for name in names[:3]], [order.name, 6.0, 3.0])
        self.assertEqual(
            sorted((row["product"], row["quantity"], row["reason"]) for row in rows),
            [
                ("Bolt", 5.0, drop.name),
                ("Chair", 1.0, drop.name),
                ("Chair", 2.0, self.dent.name),
            ],
        )

    def test_wrong_values(self):
        order = self._create_order(quantity=100)
        for scrap, message in (
            ("ten", "scrap: must be a list"),
            ([{"reason": "Dent"}], "a quantity is needed"),
            ([self._scrap(-1)], "cannot be negative"),
            ([self._scrap(float("nan"))], "must be finite"),
            ([self._scrap(1, 7)], "reason: must be a text"),
            ([self._scrap(1, lot="x")], "lot: is not known"),
            ([self._scrap(1, workorder_id=7**7)], "no work order with the id"),
            ([self._scrap(0.0001)], "less than the smallest"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                order.backflush_post(1, scrap=scrap)
        for values in ({"make_up": True}, {"scrap_only": True}):
            with self.assertRaisesRegex(ValidationError, "only where scrap"):
                order.backflush_post(1, **values)
        with self.assertRaisesRegex(ValidationError, "must be 0"):
            order.backflush_post(1, scrap=[self._scrap(1)], scrap_only=True)
        values = {"scrap": [self._scrap(1)], "scrap_only": True}
        with self.assertRaisesRegex(ValidationError, "must be keep"):
            order.backflush_post(**values, remainder="cancel")

    # --- Once and for all ---

    def test_reference(self):
        order = self._create_order(quantity=100)
        values = {"quantity": 9, "scrap": [self._scrap(1)], "reference": "A"}
        result = order.backflush_post(**values)
        self.assertEqual(order.backflush_post(**values), {**result, "replayed": True})
        self.assertEqual(len(order.scrap_ids), 1)
        for other in ([self._scrap(2)], [self._scrap(1, "")], ()):
            with self.assertRaisesRegex(UserError, "used before"):
                order.backflush_post(**{**values, "scrap": other})
        with self.assertRaisesRegex(UserError, "used before"):
            order.backflush_post(**values, make_up=True)

    def test_refused_report_leaves_no_trace(self):
        order, other = (self._create_order(quantity=10) for _time in range(2))
        model = self.env["mrp.production"].with_user(self.worker)
        results = model.backflush_post_batch(
            [
                {
                    "production_id": order.id,
                    "quantity": 10**6,
                    "scrap": [self._scrap(1)],
                },
                {"production_id": other.id, "quantity": 9, "scrap": [self._scrap(1)]},
            ]
        )
        self.assertEqual([r["ok"] for r in results], [False, True])
        self.assertFalse(order.scrap_ids)
        self.assertEqual(other.scrap_ids.scrap_qty, 1)
        self.assertConsumed(other, {self.board: 20, self.bolt: 40})

    def test_what_is_recorded_stays(self):
        order = self._create_order(quantity=100)
        order.backflush_post(90, scrap=[self._scrap(10)])
        scrap = order.scrap_ids
        with self.assertRaisesRegex(UserError, "recorded"):
            scrap.sudo().write({"scrap_reason_tag_ids": [Command.clear()]})
        with self.assertRaisesRegex(UserError, "recorded"):
            scrap.sudo().write({"backflush_qty": 5})
        with self.assertRaisesRegex(UserError, "recorded"):
            scrap.move_ids.sudo().write({"quantity": 5})
        with self.assertRaisesRegex(UserError, "recorded"):
            scrap.move_ids.move_line_ids.sudo().write({"quantity": 5})
        with self.assertRaisesRegex(UserError, "recorded"):
            scrap.create(
                {"product_id": self.chair.id, "backflush_id": order.backflush_ids.id}
            )
        with self.assertRaisesRegex(UserError, "recorded"):
            order.sudo().write({"backflush_scrapped_qty": 5})


@tagged("post_install", "-at_install")
class TestScrapAtOperations(ScrapCase):
    """What failed on its way takes what is consumed up to there."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_operations()

    def test_reported_on_the_order(self):
        order = self._create_order(quantity=100)
        cut, glue, _paint = order.workorder_ids
        order.backflush_post(
            quantity=85,
            scrap=[
                self._scrap(7, workorder_id=cut.id),
                self._scrap(5, workorder_id=glue.id),
                self._scrap(3),
            ],
        )
        self.assertEqual((order.state, order.qty_produced), ("done", 85))
        expected = {self.board: 200, self.bolt: 4 * 93, self.paint: 88}
        self.assertConsumed(order, expected)
        self.assertEqual(order.scrap_ids.workorder_id, cut | glue)

    def test_work_orders_go_on_after_some_failed(self):
        """What was done there of units that failed later is not good."""
        order = self._create_order(quantity=9)
        cut, glue, paint = order.workorder_ids
        failed = [self._scrap(1), self._scrap(1, workorder_id=glue.id)]
        order.backflush_post(scrap=failed, scrap_only=True)
        result = order.backflush_post(4, scrap=[self._scrap(2)])
        posting = self.env["mrp.backflush"].with_user(self.worker).browse(result["id"])
        posting.backflush_correct(3)
        self.assertEqual(
            order.workorder_ids.mapped("qty_remaining"), [2, 2, 2], "of 9, 4 failed"
        )
        for workorder in (cut, glue):
            order.backflush_post(workorder_id=workorder.id)
            self.assertEqual(workorder.state, "done")
            self.assertEqual(order.qty_producing, 3)
        order.backflush_post(workorder_id=paint.id)
        self.assertEqual(order.qty_producing, 5)
        order.button_mark_done()
        self.assertEqual((order.state, order.qty_produced), ("done", 5))
        used = [10000 - self._on_hand(p) for p in (self.board, self.bolt, self.paint)]
        self.assertEqual(used, [18, 36, 8])

    def test_plan_of_the_rest(self):
        order = self._create_order(quantity=100)
        glue = order.workorder_ids[1]
        order.backflush_post(30, scrap=[self._scrap(10, workorder_id=glue.id)])
        self.assertConsumed(order, {self.board: 80, self.bolt: 160, self.paint: 30})
        self.assertEqual(
            self._planned(order), {self.board: 120, self.bolt: 240, self.paint: 60}
        )

    def test_made_up_for(self):
        order = self._create_order(quantity=100)
        glue = order.workorder_ids[1]
        scrap = [self._scrap(10, workorder_id=glue.id)]
        order.backflush_post(30, scrap=scrap, make_up=True)
        self.assertEqual(
            self._planned(order), {self.board: 140, self.bolt: 280, self.paint: 70}
        )
        order.backflush_post()
        self.assertConsumed(order, {self.board: 220, self.bolt: 440, self.paint: 100})

    def _consume_at_operations(self):
        self.bom.bom_line_ids.backflush_method = "operation"

    def test_reported_at_work_orders(self):
        self._consume_at_operations()
        order = self._create_order(quantity=100)
        cut, glue, paint = order.workorder_ids
        order.backflush_post(98, workorder_id=cut.id, scrap=[self._scrap(2)])
        self.assertConsumed(order, {self.board: 200})
        self.assertEqual((cut.state, cut.qty_produced), ("done", 98))
        self.assertEqual(glue.qty_remaining, 98)
        order.backflush_post(50, workorder_id=glue.id, scrap=[self._scrap(3)])
        self.assertConsumed(order, {self.board: 200, self.bolt: 212})
        self.assertEqual((glue.state, glue.qty_remaining), ("progress", 45))
        order.backflush_post(workorder_id=glue.id)
        self.assertConsumed(order, {self.board: 200, self.bolt: 392})
        self.assertEqual((glue.state, glue.qty_produced), ("done", 95))
        self.assertEqual(paint.qty_remaining, 95)
        order.backflush_post(workorder_id=paint.id, scrap=[self._scrap(1)])
        self.assertEqual(paint.qty_produced, 94)
        result = order.backflush_post()
        self.assertEqual(result["production"]["qty_produced"], 94)
        self.assertEqual(result["production"]["qty_scrapped"], 6)
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 200, self.bolt: 392, self.paint: 95})

    def test_earlier_operation_after_a_later_one_failed(self):
        self._consume_at_operations()
        order = self._create_order(quantity=100)
        cut, glue, _paint = order.workorder_ids
        order.backflush_post(50, workorder_id=cut.id)
        order.backflush_post(30, workorder_id=glue.id, scrap=[self._scrap(10)])
        self.assertConsumed(order, {self.board: 100, self.bolt: 160})
        order.backflush_post(20, workorder_id=cut.id)
        self.assertConsumed(order, {self.board: 140, self.bolt: 160})
        order.backflush_post(workorder_id=cut.id)
        self.assertEqual(cut.qty_produced, 100)
        order.backflush_post()
        self.assertEqual((order.state, order.qty_produced), ("done", 90))
        self.assertConsumed(order, {self.board: 200, self.bolt: 400, self.paint: 90})

    def test_failed_before_and_reported_later(self):
        self._consume_at_operations()
        order = self._create_order(quantity=100)
        cut, glue, paint = order.workorder_ids
        scrap = [self._scrap(5, workorder_id=cut.id)]
        order.backflush_post(20, workorder_id=glue.id, scrap=scrap)
        self.assertConsumed(order, {self.board: 50, self.bolt: 80})
        scrap = [self._scrap(5, workorder_id=paint.id)]
        with self.assertRaisesRegex(ValidationError, "comes before it"):
            order.backflush_post(20, workorder_id=glue.id, scrap=scrap)

    def test_failed_on_the_order_after_reports_at_a_work_order(self):
        """It comes on top of what was reported there, and takes its components at once.

        They waited for a backorder, which took what its preview had not shown.
        """
        self._consume_at_operations()
        order = self._create_order(quantity=10)
        glue = order.workorder_ids[1]
        order.backflush_post(2, workorder_id=glue.id, scrap=[self._scrap(1)])
        self.assertConsumed(order, {self.board: 6, self.bolt: 12})
        failed = {"scrap": [self._scrap(1, workorder_id=glue.id)]}
        shown = order.backflush_preview(**failed, scrap_only=True)["components"]
        self.assertEqual([it["expected"] for it in shown], [2, 4, 0])
        order.backflush_post(**failed, scrap_only=True)
        self.assertConsumed(order, {self.board: 8, self.bolt: 16})
        order.backflush_post(1, remainder="backorder")
        self.assertConsumed(order, {self.board: 8, self.bolt: 16, self.paint: 1})

    def test_only_scrap_at_a_work_order(self):
        self._consume_at_operations()
        order = self._create_order(quantity=10)
        cut = order.workorder_ids[0]
        order.backflush_post(
            workorder_id=cut.id, scrap=[self._scrap(4)], scrap_only=True
        )
        self.assertConsumed(order, {self.board: 8})
        self.assertEqual((cut.qty_produced, cut.qty_remaining), (0, 6))
        order.backflush_post(
            workorder_id=cut.id, scrap=[self._scrap(6)], scrap_only=True
        )
        self.assertEqual(cut.state, "done")
        self.assertConsumed(order, {self.board: 20})
        self.assertEqual(order._get_backflush_remaining(), 0)

    def test_after_a_correction(self):
        """A component that is to be consumed again is so at its work order."""
        self._consume_at_operations()
        order = self._create_order(quantity=10)
        order.backflush_post()
        order.backflush_ids.with_user(self.worker).backflush_correct(0)
        cut, glue, _paint = order.workorder_ids
        moves = order.move_raw_ids.filtered(lambda m: m.state not in ("done", "cancel"))
        self.assertEqual(moves.workorder_id, order.workorder_ids)
        order.backflush_post(9, workorder_id=cut.id, scrap=[self._scrap(1)])
        self.assertEqual(
            self._planned(order), {self.board: 0, self.bolt: 36, self.paint: 9}
        )
        order.backflush_post(9, workorder_id=glue.id)
        self.assertEqual(
            self._planned(order), {self.board: 0, self.bolt: 0, self.paint: 9}
        )

    def test_start(self):
        self.bom.bom_line_ids.backflush_method = "start"
        order = self._create_order(quantity=100)
        order.action_start()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400, self.paint: 100})
        order.backflush_post(90, scrap=[self._scrap(10)], make_up=True)
        self.assertConsumed(order, {self.board: 220, self.bolt: 440, self.paint: 110})

    def test_strict(self):
        self.bom.consumption = "strict"
        order = self._create_order(quantity=100)
        glue = order.workorder_ids[1]
        order.backflush_post(90, scrap=[self._scrap(10, workorder_id=glue.id)])
        self.assertConsumed(order, {self.board: 200, self.bolt: 400, self.paint: 90})
