from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from .common import AccuracyCase


@tagged("post_install", "-at_install")
class TestCounts(AccuracyCase):
    def test_two_counts_and_what_lies_between(self):
        self._count((self.bolt, 2000))
        first = self._get_count(self.bolt)
        self.assertRecordValues(
            first,
            [
                {
                    "product_id": self.bolt.id,
                    "location_id": self.stock_location.id,
                    "company_id": self.env.company.id,
                    "user_id": self.counter.id,
                    "recorded_qty": 2000,
                    "counted_qty": 2000,
                    "difference_qty": 0,
                    "previous_id": False,
                    "set_aside": "first",
                    "cause": False,
                }
            ],
        )
        orders = self._make(10) + self._make(30)
        self._count((self.bolt, 1820))
        count = self._get_count(self.bolt)
        self.assertRecordValues(
            count,
            [
                {
                    "previous_id": first.id,
                    "recorded_qty": 1840,
                    "counted_qty": 1820,
                    "difference_qty": 20,
                    "expected_qty": 160,
                    "adjusted_qty": 0,
                    "set_aside": False,
                    "cause": "unclear",
                }
            ],
        )
        self.assertEqual(count.line_ids.bom_line_id, self.bolt_line)
        self.assertEqual(count.line_ids.expected_qty, 160)
        shares = {it.backflush_id: it.quantity for it in count.share_ids}
        self.assertEqual(
            shares, {orders[0].backflush_ids: 5, orders[1].backflush_ids: 15}
        )
        self.assertEqual(count.move_ids.product_id, self.bolt)

    def test_nothing_off(self):
        self._count((self.bolt, 2000))
        self._make(10)
        self._count((self.bolt, 1960))
        count = self._get_count(self.bolt)
        self.assertEqual((count.difference_qty, count.expected_qty), (0, 40))
        self.assertEqual(count.cause, "noise")
        self.assertFalse(count.share_ids)

    @freeze_time("2026-03-02 10:00:00")
    def test_order_of_recording_within_a_second(self):
        self._make(1)
        self._count((self.bolt, 1996))
        self._make(2)
        self._count((self.bolt, 1988))
        self._make(4)
        self._count((self.bolt, 1972))
        counts = self._get_counts(self.bolt)
        self.assertEqual(counts.mapped("expected_qty"), [0, 8, 16])

    def test_what_is_no_component_or_is_not_taken(self):
        shelf = self.env["stock.location"].create(
            {"name": "Elsewhere", "usage": "internal"}
        )
        self._add_stock(self.bolt, 50, shelf)
        self._count((self.bolt, 40), location=shelf)
        self._count((self.chair, 40))
        self.assertFalse(self._get_counts())
        self.bom.bom_line_ids[1].backflush_location_id = shelf
        self._count((self.bolt, 30), location=shelf)
        self.assertEqual(self._get_counts().location_id, shelf)

    def test_locations_below(self):
        """Each shelf expects what was taken from it."""
        shelves = self.env["stock.location"].create(
            [
                {"name": name, "location_id": self.stock_location.id}
                for name in ("Left", "Right")
            ]
        )
        screw = self._create_product("Screw")
        self.bolt_line.product_id = screw
        for shelf in shelves:
            self._add_stock(screw, 100, shelf)
            self._count((screw, 100), location=shelf)
        self._make(30)
        taken = [100 - self._on_hand(screw, shelf) for shelf in shelves]
        self.assertEqual(sum(taken), 120)
        for shelf, quantity in zip(shelves, taken, strict=True):
            self._count((screw, "0"), location=shelf)
            count = self._get_counts(screw, location_id=shelf.id)[-1]
            self.assertAlmostEqual(count.expected_qty, quantity)

    def test_several_requested_and_applied_together(self):
        quants = self._count((self.board, 990), (self.bolt, 2000), apply=False)
        action = quants.with_context(
            active_domain=[("id", "in", quants.ids)]
        ).action_apply_all()
        wizard = Form.from_action(self.env(user=self.counter), action).save()
        wizard.action_apply()
        counts = self._get_counts()
        self.assertEqual(counts.product_id, self.board + self.bolt)
        self.assertEqual(counts.user_id, self.counter)

    def test_lots_applied_one_by_one(self):
        self.board.tracking = "lot"
        old = self.env["stock.quant"].search([("product_id", "=", self.board.id)])
        old.sudo().unlink()
        lots = [self._create_lot(self.board, name, 50) for name in "AB"]
        for lot in lots:
            self._count((self.board, 50), lot_id=lot.id)
        first = self._get_counts(self.board)
        self.assertEqual((first.recorded_qty, first.set_aside), (100, "first"))
        self._make(10)
        self._count((self.board, 28), lot_id=lots[0].id)
        count = self._get_count(self.board)
        self.assertEqual((count.recorded_qty, count.set_aside), (30, "partial"))
        self._count((self.board, 51), lot_id=lots[1].id)
        self.assertRecordValues(
            count,
            [
                {
                    "recorded_qty": 80,
                    "counted_qty": 79,
                    "expected_qty": 20,
                    "set_aside": False,
                    "previous_id": first.id,
                }
            ],
        )
        self.assertEqual(count.adjusted_qty, 0)

    def test_partial_count_is_made_good_by_the_next(self):
        """What it adjusted still was a difference."""
        self.board.tracking = "lot"
        old = self.env["stock.quant"].search([("product_id", "=", self.board.id)])
        old.sudo().unlink()
        lots = [self._create_lot(self.board, name, 50) for name in "AB"]
        for lot in lots:
            self._count((self.board, 50), lot_id=lot.id)
        self._make(10)
        self._count((self.board, 20), lot_id=lots[0].id)
        self._make(5)
        for lot, quantity in zip(lots, (8, 50), strict=True):
            self._count((self.board, quantity), lot_id=lot.id)
        count = self._get_count(self.board)
        self.assertRecordValues(
            count,
            [
                {
                    "difference_qty": 2,
                    "adjusted_qty": 10,
                    "expected_qty": 30,
                    "set_aside": False,
                }
            ],
        )
        self.assertAlmostEqual(sum(count.share_ids.mapped("quantity")), 12)

    def test_packages(self):
        boxes = self.env["stock.package"].create([{"name": "A"}, {"name": "B"}])
        nail = self._create_product("Nail")
        self.bolt_line.product_id = nail
        for box in boxes:
            self._add_stock(nail, 30, package_id=box)
        self._count((nail, 30), package_id=boxes[0].id)
        self.assertEqual(self._get_counts(nail).set_aside, "partial")
        self._count((nail, 29), package_id=boxes[1].id)
        count = self._get_counts(nail)
        self.assertEqual((count.set_aside, count.difference_qty), ("first", 1))

    def test_moved_after_it_was_counted(self):
        groups = "stock.group_stock_manager"
        boss = new_test_user(self.env, "stock_boss", groups=groups)
        self._count((self.bolt, 2000))
        for answer in "action_keep_counted_quantity", "action_keep_difference":
            quants = self._count((self.bolt, "10"), apply=False)
            self._make(10)
            action = quants.action_apply_inventory()
            wizard = Form.from_action(self.env(user=boss), action).save()
            getattr(wizard, answer)()
            self.assertEqual(self._get_count(self.bolt).set_aside, "outdated")
        self._count((self.bolt, "0"))
        count = self._get_count(self.bolt)
        # Both answers took something off the record.
        self.assertEqual(count.adjusted_qty + self._on_hand(self.bolt), 2000 - 80)
        self.assertEqual(count.previous_id.set_aside, "first")

    def test_forged_context(self):
        self._count((self.bolt, 2000))
        quants = self._count((self.bolt, 1990), apply=False)
        forged = quants.with_context(**{"backflush_outdated_quants": quants.ids})
        forged.action_apply_inventory()
        self.assertFalse(self._get_count(self.bolt).set_aside)

    def _revert(self, count):
        lines = count.sudo().move_ids.move_line_ids
        lines.with_user(self.counter).action_revert_inventory()

    def test_reverted(self):
        self._count((self.bolt, 2000))
        first = self._get_count(self.bolt)
        self._make(10)
        self._count((self.bolt, 1900))
        wrong = self._get_count(self.bolt)
        self._revert(wrong)
        self.assertEqual((wrong.set_aside, wrong.cause), ("reverted", False))
        self._make(5)
        self._count((self.bolt, 1938))
        self.assertRecordValues(
            self._get_count(self.bolt),
            [
                {
                    "previous_id": first.id,
                    "difference_qty": 2,
                    "adjusted_qty": 0,
                    "expected_qty": 60,
                }
            ],
        )

    def test_reverted_after_the_next(self):
        self._count((self.bolt, 2000))
        first = self._get_count(self.bolt)
        self._make(10)
        self._count((self.bolt, 1900))
        wrong = self._get_count(self.bolt)
        self._make(5)
        self._count((self.bolt, 1938))
        count = self._get_count(self.bolt)
        self.assertEqual((count.difference_qty, count.expected_qty), (-58, 20))
        self._revert(wrong)
        self.assertRecordValues(
            count,
            [
                {
                    "previous_id": first.id,
                    "difference_qty": -58,
                    "adjusted_qty": 60,
                    "expected_qty": 60,
                }
            ],
        )
        self.assertAlmostEqual(sum(count.share_ids.mapped("quantity")), 2)
        self._count((self.bolt, 1938))
        self.assertRecordValues(
            self._get_count(self.bolt),
            [{"previous_id": count.id, "difference_qty": 60, "adjusted_qty": -60}],
        )

    def test_twenty_chairs_nobody_reported(self):
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(100)
        self._count((self.board, 761))
        self._count((self.bolt, 1519))
        counts = self._get_count(self.board) + self._get_count(self.bolt)
        self.assertEqual(counts.mapped("cause"), ["unreported"] * 2)
        self.assertEqual(counts.mapped("explained_qty"), [40, 80])
        self.assertEqual(
            counts[0].explanation,
            "All components of Chair are off in proportion: 20 not reported.",
        )

    def test_chairs_in_a_kit_nobody_reported(self):
        frame = self._create_product("Frame")
        self._create_bom(
            frame, [(self.bolt, 4, {"product_uom_id": self.unit.id})], type="phantom"
        )
        self.bolt_line.write({"product_id": frame.id, "product_qty": 2})
        self._count((self.board, 1000), (self.bolt, 2000))
        self._make(10)
        self._count((self.board, 940), (self.bolt, 1760))
        count = self._get_count(self.bolt)
        self.assertEqual((count.cause, count.explained_qty), ("unreported", 160))

    def test_a_dozen_for_each(self):
        self._count((self.bolt, 2000))
        self._make(10)
        self._count((self.bolt, 1520))
        count = self._get_count(self.bolt)
        self.assertEqual((count.cause, count.explained_qty), ("unit", 440))
        self.assertTrue(count.explanation.startswith("12 times as much"))

    def test_miscount_shows_with_the_next(self):
        self._count((self.bolt, 2000))
        self._make(10)
        self._count((self.bolt, 1860))
        wrong = self._get_count(self.bolt)
        self.assertEqual(wrong.cause, "unclear")
        self._make(10)
        self._count((self.bolt, 1919))
        count = self._get_count(self.bolt)
        self.assertEqual((wrong + count).mapped("cause"), ["miscount"] * 2)

    def test_rights_and_companies(self):
        self._count((self.bolt, 2000))
        count = self._get_count(self.bolt)
        self.assertTrue(count.display_name)
        for user in self.worker, self.counter:
            with self.assertRaises(AccessError):
                count.with_user(user).write({"counted_qty": 5})
        with self.assertRaises(AccessError):
            count.with_user(self.counter).read(["counted_qty"])
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env,
            "stranger",
            groups="mrp.group_mrp_user",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        self.assertFalse(self.counts.with_user(stranger).search([]))
