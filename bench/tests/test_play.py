"""Small orders, really produced by every side; and a row that was tampered with."""

from odoo.tests import TransactionCase

from bench import cases, compare, floor, measure, sides, stage

CASE = cases.Case("test", "2 × 2", orders=2, components=2)
LOTS = cases.Case("test", "2 × 1, 5 lots", orders=2, components=1, lots=5)
PARTS = cases.Case("test", "1 × 1, in 2 parts", 2, 1, "parts")
BATCH = cases.Case("test", "2 × 1, in one call", 2, 1, "batch")


class TestPlay(TransactionCase):
    def play(self, case, side, staged, tamper=""):
        with measure.play(self.env, case, side, staged) as (run, recorder):
            if tamper:
                self.env.cr.execute(tamper)
            return run, recorder.read()

    def play_all(self, case, tamper=""):
        """Let every side play a case; what is to be said of our rows."""
        staged = stage.build(self.env, case)
        outcomes = [
            self.play(case, side, staged)[1] for side in (sides.STOCK, sides.MANUAL)
        ]
        _run, ours = self.play(case, sides.OURS, staged, tamper)
        return compare.judge(ours, outcomes)

    def test_same_rows(self):
        self.assertEqual(self.play_all(CASE).differences, [])

    def test_same_lots(self):
        self.assertEqual(self.play_all(LOTS).differences, [])

    def test_same_by_batch(self):
        self.assertEqual(self.play_all(BATCH).differences, [])

    def test_value_changed(self):
        verdict = self.play_all(
            CASE,
            "UPDATE stock_move_line SET quantity = quantity + 1"
            " WHERE id = (SELECT max(id) FROM stock_move_line)",
        )
        [found] = verdict.differences
        self.assertEqual(found.place, ("stock_move_line", "quantity"))
        self.assertEqual(found.rows, 1)

    def test_row_removed(self):
        verdict = self.play_all(
            CASE,
            "DELETE FROM mail_tracking_value"
            " WHERE id = (SELECT max(id) FROM mail_tracking_value)",
        )
        self.assertIn("mail_tracking_value", {d.table for d in verdict.differences})

    def test_stock_changed(self):
        verdict = self.play_all(
            CASE,
            "UPDATE stock_quant SET quantity = quantity - 1"
            " WHERE id = (SELECT max(id) FROM stock_quant WHERE quantity > 0)",
        )
        [found] = verdict.differences
        self.assertEqual(found.place, ("stock_quant", "quantity"))

    def test_tied_otherwise(self):
        """The same lines, of which one belongs to the move of another order."""
        verdict = self.play_all(
            CASE,
            "UPDATE stock_move_line_consume_rel SET produce_line_id ="
            " (SELECT max(produce_line_id) FROM stock_move_line_consume_rel)",
        )
        self.assertIn(
            "stock_move_line_consume_rel", {d.table for d in verdict.differences}
        )

    def test_parts(self):
        """Stock Odoo makes backorders; what is in stock is the same."""
        staged = stage.build(self.env, PARTS)
        written = []
        for side in (sides.STOCK, sides.OURS):
            run, rows = self.play(PARTS, side, staged)
            self.assertEqual(list(run), ["create", "confirm", "complete"])
            rows.keep_only("stock_quant")
            written.append(rows)
        self.assertEqual(compare.compare(*written), [])
        self.assertGreater(written[0].count(), 0)

    def test_nothing_stays(self):
        staged = stage.build(self.env, CASE)
        before = self.env["mrp.production"].search_count([])
        self.play(CASE, sides.OURS, staged)
        self.assertEqual(self.env["mrp.production"].search_count([]), before)

    def test_floor(self):
        """The same rows, written by SQL, are the same rows."""
        staged = stage.build(self.env, CASE)
        _run, written = self.play(CASE, sides.OURS, staged)
        seconds = floor.write(self.env.cr, written)
        self.assertGreater(seconds, 0)
        ids = [row["id"] for row in written.rows["mrp_production"]]
        orders = self.env["mrp.production"].browse(ids)
        self.assertEqual(orders.mapped("state"), ["done", "done"])
        self.assertEqual(len(orders.move_raw_ids.move_line_ids), 4)
