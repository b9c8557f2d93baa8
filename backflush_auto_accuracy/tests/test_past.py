from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from .common import AccuracyCase

START = fields.Datetime.to_datetime("2026-01-05 08:00:00")
FIELDS = [
    *("product_id", "location_id", "date", "recorded_qty", "counted_qty"),
    *("expected_qty", "adjusted_qty", "set_aside", "cause"),
]


@tagged("post_install", "-at_install")
class TestPast(AccuracyCase):
    """Inventories from before the addon was there are recorded alike."""

    def _live(self, *weeks):
        """Make chairs and count, as if the addon was there."""
        for week, (chairs, missing) in enumerate(weeks):
            with freeze_time(START + timedelta(weeks=week)):
                self._make(chairs)
            with freeze_time(START + timedelta(weeks=week, hours=8)):
                self._count((self.bolt, missing), (self.board, "0"))

    def _read(self):
        domain = [("product_id", "in", (self.board | self.bolt).ids)]
        return self.env["mrp.backflush.count"].search_read(
            domain, FIELDS, order="date, product_id", load=None
        )

    def _install_anew(self):
        self.env["mrp.backflush.count"].search([]).unlink()
        self.env["mrp.backflush.count"]._record_past()

    def _without_ids(self, rows):
        return [{name: row[name] for name in FIELDS} for row in rows]

    def test_the_same_as_if_it_had_been_there(self):
        self._live((10, "0"), (20, "6"), (30, "-4"), (40, "30"))
        lived = self._without_ids(self._read())
        self.assertEqual(len(lived), 8)
        self._install_anew()
        found = self._without_ids(self._read())
        # The stock that the tests begin with was put there without a count.
        self.assertEqual(found, lived)

    def test_what_was_taken_back_is_left_out(self):
        self._live((10, "0"), (20, "50"))
        line = self._get_count(self.bolt).sudo().move_ids.move_line_ids
        with freeze_time(START + timedelta(weeks=1, hours=9)):
            line.action_revert_inventory()
        with freeze_time(START + timedelta(weeks=2)):
            self._make(10)
            self._count((self.bolt, "3"))
        self._install_anew()
        counts = self._get_counts(self.bolt)
        self.assertEqual(counts.mapped("difference_qty"), [0, 3])
        self.assertEqual(counts[-1].expected_qty, 120)
        self.assertEqual(counts[-1].previous_id, counts[0])

    def test_lots_may_have_been_counted_in_part(self):
        self.bolt.tracking = "lot"
        lot = self._create_lot(self.bolt, "A", 100)
        with freeze_time(START):
            order = self._create_order(quantity=5)
            order.backflush_post(
                components=[
                    {
                        "product_id": self.bolt.id,
                        "quantity": 20,
                        "lots": [{"name": "A", "quantity": 20}],
                    }
                ]
            )
        with freeze_time(START + timedelta(hours=1)):
            self._count((self.bolt, 79), lot_id=lot.id)
        self._install_anew()
        self.assertEqual(self._get_count(self.bolt).set_aside, "partial")

    def test_it_goes_on_from_there(self):
        self._live((10, "0"), (20, "6"))
        self._install_anew()
        with freeze_time(START + timedelta(weeks=2)):
            self._make(5)
            self._count((self.bolt, "2"))
        last = self._get_count(self.bolt)
        self.assertEqual((last.expected_qty, last.difference_qty), (20, 2))
        self.assertEqual(last.previous_id.difference_qty, 6)
