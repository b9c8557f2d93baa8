from odoo import Command
from odoo.tests import HttpCase, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestWorkorderTours(HttpCase, BackflushCase):
    """What a worker clicks on work orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)
        center = cls.env["mrp.workcenter"].create({"name": "Bench"})
        cls.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": center.id})
        ]
        cls.bom.bom_line_ids[0].write(
            {
                "operation_id": cls.bom.operation_ids.id,
                "backflush_method": "operation",
            }
        )
        cls.worker.group_ids |= cls.env.ref("mrp.group_mrp_routings")

    def test_finishing_a_part_is_asked_about(self):
        order = self._create_order(quantity=20)
        self.start_tour(
            f"/odoo/manufacturing/{order.id}",
            "backflush_finish_part",
            login=self.worker.login,
        )
        self.assertRecordValues(
            order.workorder_ids, [{"state": "done", "qty_produced": 8}]
        )
        self.assertConsumed(order, {self.board: 16})
        self.assertEqual(order.backflush_ids.trigger, "operation")
