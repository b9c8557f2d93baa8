from odoo import Command
from odoo.tests import tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestMeasures(BackflushCase):
    """What lists, pivots and graphs of postings add up."""

    def test_an_order_with_a_start_and_an_operation(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        centre = self.env["mrp.workcenter"].create({"name": "Saw"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": centre.id})
        ]
        self.bom.bom_line_ids[0].write(
            {"backflush_method": "operation", "operation_id": self.bom.operation_ids.id}
        )
        self.bom.bom_line_ids[1].backflush_method = "start"
        order = self._create_order(quantity=2, product_uom_id=self.dozen.id)
        order.workorder_ids.button_start()
        order.backflush_post(quantity=2, workorder_id=order.workorder_ids.id)
        self.assertEqual(self._measure(order), (0, 24))
        order.backflush_post()
        self.assertEqual(self._measure(order), (24, 24))
        self.assertEqual(
            sorted(order.backflush_ids.mapped("trigger")),
            ["completion", "operation", "start"],
        )
        self.assertEqual(order.backflush_ids.mapped("quantity"), [2, 2, 2])

    def _measure(self, order):
        [measures] = self.env["mrp.backflush"]._read_group(
            [("production_id", "=", order.id)],
            aggregates=["produced_qty:sum", "operation_qty:sum"],
        )
        return measures

    def test_what_was_reported_is_no_measure(self):
        fields = self.env["mrp.backflush"].fields_get()
        self.assertFalse(fields["quantity"].get("aggregator"))
        self.assertEqual(fields["produced_qty"]["aggregator"], "sum")
        for kind in ("pivot", "graph"):
            arch = self.env.ref(f"backflush_auto.mrp_backflush_view_{kind}").arch
            self.assertIn('name="produced_qty" type="measure"', arch)

    def test_nobody_groups_by_what_only_the_code_reads(self):
        described = self.env["stock.move"].fields_get()
        for name in ("backflush_origin_id", "backflush_root_id"):
            self.assertFalse(described[name]["groupable"], name)
            self.assertFalse(described[name]["exportable"], name)
        self.assertTrue(described["backflush_id"]["groupable"])

    def test_migration(self):
        """The measures of the postings of an earlier version."""
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=2, product_uom_id=self.dozen.id)
        order.backflush_post()
        self.env.cr.execute("UPDATE mrp_backflush SET produced_qty = NULL")
        self._load_migration("19.0.1.5.0/pre-migration")._measure_postings(self.env.cr)
        self.env.invalidate_all()
        self.assertEqual(self._measure(order), (24, 0))
