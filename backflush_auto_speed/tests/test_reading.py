from functools import partial

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_queries import QueriesCase

from ..lookups import get_lookups
from ..reading import MOVES, read_ahead


@tagged("post_install", "-at_install")
class TestReading(QueriesCase):
    """What is asked of orders is read together, and written together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.backflush = True

    # --- What it costs ---

    def test_one_order(self):
        orders = self.env["mrp.production"].with_user(self.worker)
        vals = {"product_id": self.chair.id, "bom_id": self.bom.id, "product_qty": 5}
        made = []

        def produce():
            order = orders.create(dict(vals))
            self._end_request()
            order.action_confirm()
            self._end_request()
            order.button_mark_done()
            made.append(order)

        self._count_call(produce)
        self.assertLessEqual(self._count_call(produce), 160)
        self.assertEqual({order.state for order in made}, {"done"})

    def test_a_report_on_an_open_order(self):
        order = self._create_order(quantity=100).with_user(self.worker)
        order.backflush_post(quantity=2)
        report = partial(order.backflush_post, quantity=2)
        self.assertLessEqual(self._count_call(report), 82)

    # --- Links ---

    def test_links_that_are_there_are_found(self):
        order = self._create_order(quantity=5)
        raw, made = order.move_raw_ids[0], order.move_finished_ids
        route = self.env["stock.route"].create({"name": "Round about"})
        raw.route_ids = route
        following = made.copy(
            {
                "production_id": False,
                "location_id": made.location_dest_id.id,
                "location_dest_id": made.location_id.id,
                "move_orig_ids": [Command.link(made.id)],
            }
        )
        rule = self.env["stock.warehouse.orderpoint"].create(
            {"product_id": raw.product_id.id, "product_max_qty": 1}
        )
        self._end_request()
        before = self.env.cr.sql_log_count
        read_ahead(order)
        self.assertLess(self.env.cr.sql_log_count - before, 18)
        self.assertEqual(raw.route_ids, route)
        self.assertEqual(made.move_dest_ids, following)
        self.assertEqual(raw.product_id.orderpoint_ids, rule)
        self.assertEqual(made.move_line_ids.move_id, made)
        self.assertFalse(raw.move_line_ids)
        watched = get_lookups(self.env).watched
        self.assertTrue(watched[raw.product_id.id])
        self.assertFalse(watched[order.move_raw_ids[1].product_id.id])

    def test_moves_are_those_of_each_field(self):
        order = self._create_order(quantity=5)
        order.button_mark_done()
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": self.chair.id,
                "production_id": order.id,
                "scrap_qty": 1,
                "location_id": order.location_dest_id.id,
            }
        )
        scrap.do_scrap()
        self._end_request()
        expected = [order[name].ids for name in MOVES]
        self._end_request()
        read_ahead(order)
        before = self.env.cr.sql_log_count
        self.assertEqual([order[name].ids for name in MOVES], expected)
        self.assertEqual(self.env.cr.sql_log_count, before)

    def test_nobody_reads_what_is_hidden(self):
        company = self.env["res.company"].create({"name": "Next Door"})
        order = self._create_order(quantity=5, confirm=False)
        outsider = self.worker.copy(
            {
                "login": "outsider",
                "company_id": company.id,
                "company_ids": [Command.set(company.ids)],
            }
        )
        self._end_request()
        with self.assertRaises(AccessError):
            read_ahead(order.with_user(outsider))

    # --- Rows ---

    def _write_apart(self):
        """Change other fields of each component."""
        order = self._create_order(quantity=5)
        first, second, third = order.move_raw_ids[:3]
        self.env.flush_all()
        first.origin = "Elsewhere"
        second.sequence = 77
        third.description_picking_manual = "Mind the edges"
        before = self.env.cr.sql_log_count
        first.flush_recordset()
        queries = self.env.cr.sql_log_count - before
        self.env.invalidate_all()
        self.assertEqual((first | third).mapped("sequence"), [third.sequence] * 2)
        self.assertEqual(second.sequence, 77)
        self.assertEqual(first.origin, "Elsewhere")
        self.assertEqual((second | third).mapped("origin"), [order.name] * 2)
        texts = (first | second | third).mapped("description_picking_manual")
        self.assertEqual(texts, [False, False, "Mind the edges"])
        return queries

    def test_rows_are_written_together(self):
        get_lookups(self.env).is_even = True
        together = self._write_apart()
        get_lookups(self.env).is_even = False
        self.assertGreaterEqual(self._write_apart() - together, 2)

    def test_what_was_not_read_is_not_written(self):
        order = self._create_order(quantity=5)
        first, second = order.move_raw_ids[:2]
        self._end_request()
        get_lookups(self.env).is_even = True
        first.sequence = 77
        second.origin = "Elsewhere"
        self.env["stock.move"]._fields["sequence"]._get_cache(self.env).pop(
            second.id, None
        )
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(first.sequence, 77)
        self.assertNotEqual(second.sequence, 77)
        self.assertEqual(second.origin, "Elsewhere")

    def test_what_is_empty_stays_so(self):
        order = self._create_order(quantity=5)
        first, second = order.move_raw_ids.with_env(self.env)[:2]
        self._end_request()
        self.env.cr.execute(
            "UPDATE stock_move SET price_unit = NULL WHERE id IN %s",
            [(first | second)._ids],
        )
        get_lookups(self.env).is_even = True
        first.price_unit = 7
        second.sequence = 77
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT price_unit FROM stock_move WHERE id IN %s ORDER BY id",
            [(first | second)._ids],
        )
        self.assertEqual(self.env.cr.fetchall(), [(7,), (None,)])
