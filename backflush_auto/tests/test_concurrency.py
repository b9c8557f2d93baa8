import threading
import time

from psycopg2 import OperationalError

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged


@tagged("post_install", "-at_install")
class TestConcurrency(BaseCase):
    """Two connections want the last boards. What they do is committed for real."""

    def setUp(self):
        super().setUp()
        if Registry._lock._is_owned():
            self.skipTest("Odoo's own test runner lets no other thread work.")
        self.registry = Registry(get_db_name())
        with self.registry.cursor() as cr:
            self._make_orders(self._env(cr))

    def _env(self, cr):
        return api.Environment(cr, api.SUPERUSER_ID, {})

    def _make_orders(self, env):
        chair, board = env["product.product"].create(
            [{"name": name, "is_storable": True} for name in ("Chair", "Board")]
        )
        env["mrp.bom"].create(
            {
                "product_tmpl_id": chair.product_tmpl_id.id,
                "backflush": True,
                "bom_line_ids": [(0, 0, {"product_id": board.id, "product_qty": 2})],
            }
        )
        stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
        env["stock.quant"]._update_available_quantity(board, stock, 30)
        orders = env["mrp.production"].create(
            [{"product_id": chair.id, "product_qty": 10} for _number in range(2)]
        )
        orders.action_confirm()
        self.order_ids, self.board_id, self.stock_id = orders.ids, board.id, stock.id

    def _produce_second(self):
        """As a request does: again, when the database says so."""
        with self.registry.cursor() as cr:
            env = self._env(cr)
            order = env["mrp.production"].browse(self.order_ids[1])
            try:
                retrying(order.button_mark_done, env)
            except UserError as error:
                self.refusal = str(error)

    def _wait_until_blocked(self):
        with self.registry.cursor() as cr:
            for _attempt in range(100):
                cr.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = "
                    "'Lock' AND datname = current_database()"
                )
                if cr.fetchone()[0]:
                    return
                cr.rollback()
                time.sleep(0.1)
        self.fail("The second connection did not wait for the first.")

    def test_the_last_stock_goes_to_one(self):
        """30 boards: enough for each of two orders alone, not for both."""
        second = threading.Thread(target=self._produce_second)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            env["mrp.production"].browse(self.order_ids[0]).button_mark_done()
            env.flush_all()
            second.start()
            self._wait_until_blocked()
        second.join()
        self.assertIn("Board: 20.00 Units needed, 10.00 free", self.refusal)
        with self.registry.cursor() as cr:
            env = self._env(cr)
            orders = env["mrp.production"].browse(self.order_ids)
            self.assertEqual(orders.mapped("state"), ["done", "confirmed"])
            quants = env["stock.quant"].search(
                [
                    ("product_id", "=", self.board_id),
                    ("location_id", "=", self.stock_id),
                ]
            )
            self.assertEqual(quants.mapped("quantity"), [10])

    def _report_as_a_job(self, reports):
        """As OCA's queue_job does: again where PostgreSQL says so, and nowhere else."""
        for _attempt in range(5):
            with self.registry.cursor() as cr:
                try:
                    model = self._env(cr)["mrp.production"]
                    self.answers.append(model.backflush_post_batch(reports))
                    return
                except OperationalError as error:
                    self.repeated.append(error.pgcode)
                    cr.rollback()

    def test_the_same_report_in_several_jobs(self):
        """Of goods that are not stored, so that no stock is written by two."""
        self.answers, self.repeated = [], []
        with self.registry.cursor() as cr:
            env = self._env(cr)
            lamp, wire = env["product.product"].create(
                [{"name": name, "is_storable": False} for name in ("Lamp", "Wire")]
            )
            env["mrp.bom"].create(
                {
                    "product_tmpl_id": lamp.product_tmpl_id.id,
                    "backflush": True,
                    "bom_line_ids": [(0, 0, {"product_id": wire.id, "product_qty": 2})],
                }
            )
            product_id = lamp.id
        reference = f"JOB-{product_id}"
        reports = [{"product_id": product_id, "quantity": 1, "reference": reference}]
        job = threading.Thread(target=self._report_as_a_job, args=[reports])
        with self.registry.cursor() as cr:
            first = self._env(cr)["mrp.production"].backflush_post_batch(reports)
            job.start()
            self._wait_until_blocked()
        job.join()
        self.assertEqual(self.repeated, ["40001"])
        [[answer]] = self.answers
        self.assertEqual(answer, {**first[0], "replayed": True})
        with self.registry.cursor() as cr:
            postings = self._env(cr)["mrp.backflush"]
            self.assertEqual(postings.search_count([("reference", "=", reference)]), 1)
