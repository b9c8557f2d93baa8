from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestCorrection(BackflushCase):
    """A report that was wrong is put right, and the order carries on."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _post(self, order, quantity, **values):
        result = order.backflush_post(quantity, **values)
        return self.env["mrp.backflush"].with_user(self.worker).browse(result["id"])

    def _count(self):
        return [self._on_hand(p) for p in (self.board, self.bolt, self.chair)]

    def test_hundred_was_ten(self):
        order = self._create_order(quantity=100)
        posting = self._post(order, 100)
        self.assertEqual(order.state, "done")
        result = posting.backflush_correct(10, reason="Typing slip")
        self.assertEqual(self._count(), [980, 960, 10])
        self.assertEqual(order.state, "progress")
        self.assertEqual(order.qty_produced, 10)
        self.assertEqual(result["quantity_left"], 10)
        self.assertEqual(result["corrects"], {"id": posting.id, "name": posting.name})
        self.assertEqual(
            [(c["expected"], c["consumed"]) for c in result["components"]],
            [(-180, -180), (-360, -360)],
        )
        self.assertEqual(result["production"]["qty_remaining"], 90)
        self.assertEqual(posting.state, "corrected")
        self.assertEqual(posting.quantity, 100)
        open_moves = order.move_raw_ids.filtered(lambda m: m.state != "done")
        self.assertEqual(open_moves.mapped("product_uom_qty"), [180, 360])
        order.backflush_post(90)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._count(), [800, 600, 100])

    def test_it_never_happened(self):
        order = self._create_order(quantity=10)
        posting = self._post(order, 10)
        posting.backflush_correct()
        self.assertEqual(self._count(), [1000, 1000, 0])
        self.assertEqual(order.state, "confirmed")
        self.assertEqual(posting.state, "reversed")
        with self.assertRaisesRegex(UserError, "taken back already"):
            posting.backflush_correct()
        self._produce(order)
        self.assertEqual(order.state, "done")
        self.assertEqual(self._count(), [980, 960, 10])

    def test_followers_are_told_once_that_it_is_confirmed(self):
        order = self._create_order(quantity=10)
        posting = self._post(order, 10)
        self._flush_log()
        before = order.message_ids
        posting.backflush_correct()
        self._flush_log()
        self.assertEqual(order.state, "confirmed")
        logged = order.message_ids - before
        self.assertEqual(logged.subtype_id, self.env.ref("mail.mt_note"))
        changed = logged.sudo().tracking_value_ids.filtered(
            lambda value: value.field_id.name == "state"
        )
        self.assertEqual(
            (changed.old_value_char, changed.new_value_char), ("Done", "Confirmed")
        )

    def _flush_log(self):
        self.env.flush_all()
        self.env.cr.precommit.run()

    def test_part_of_an_open_order(self):
        order = self._create_order(quantity=10)
        first, second = self._post(order, 3), self._post(order, 4)
        first.backflush_correct(1)
        self.assertEqual(self._count(), [990, 980, 5])
        self.assertEqual(order.qty_produced, 5)
        second.backflush_correct()
        self.assertEqual(self._count(), [998, 996, 1])
        order.backflush_post()
        self.assertEqual(order.state, "done")
        self.assertEqual(self._count(), [980, 960, 10])

    def test_part_of_an_order_done_in_two(self):
        """What is to be consumed again of a component is planned once."""
        order = self._create_order(quantity=10)
        first, _second = self._post(order, 4), self._post(order, 6)
        self.assertEqual(order.state, "done")
        first.backflush_correct()
        rests = order.move_raw_ids.filtered(lambda m: m.state != "done")
        self.assertEqual(rests.mapped("product_uom_qty"), [8, 16])
        self._produce(order)
        self.assertEqual(self._count(), [980, 960, 10])

    def test_delivered_goods_refuse_it(self):
        order = self._create_order(quantity=100)
        posting = self._post(order, 100)
        self._add_stock(self.chair, -60)
        with self.assertRaisesRegex(UserError, "Correct it to 60.00 Units or more"):
            posting.backflush_correct(10)
        self.assertEqual(self._count(), [800, 600, 40])
        posting.backflush_correct(60)
        self.assertEqual(self._count(), [880, 760, 0])

    def test_repeated_correction(self):
        order = self._create_order(quantity=100)
        posting = self._post(order, 100)
        first = posting.backflush_correct(10, "slip", "C1")
        again = posting.backflush_correct(10, "slip", "C1")
        self.assertEqual(again, {**first, "replayed": True})
        with self.assertRaisesRegex(UserError, "was used before"):
            posting.backflush_correct(5, "slip", "C1")
        self.assertEqual(self._count(), [980, 960, 10])
