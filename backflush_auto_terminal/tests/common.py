from datetime import timedelta

from odoo import Command, fields
from odoo.tests import new_test_user

from odoo.addons.backflush_auto.tests.common import BackflushCase


class TerminalCase(BackflushCase):
    """A chair and its orders, and a table that is cut and glued at two work centers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.orders = cls.env["mrp.production"].with_user(cls.worker)
        cls.routing_worker = new_test_user(
            cls.env,
            "backflush_routing_worker",
            groups=f"{cls._get_worker_groups()},mrp.group_mrp_routings",
        )

    @classmethod
    def _create_table(cls):
        """A table of a top, taken as it is cut, and four legs, as it is glued."""
        cls.saw, cls.press = cls.env["mrp.workcenter"].create(
            [{"name": "Saw"}, {"name": "Press"}]
        )
        cls.table = cls._create_product("Table")
        cls.top, cls.leg = cls._create_product("Top"), cls._create_product("Leg")
        bom = cls._create_bom(cls.table, [(cls.top, 1), (cls.leg, 4)])
        bom.operation_ids = [
            Command.create({"name": name, "workcenter_id": center.id})
            for name, center in (("Cut", cls.saw), ("Glue", cls.press))
        ]
        for line, operation in zip(bom.bom_line_ids, bom.operation_ids, strict=True):
            line.write({"operation_id": operation.id, "backflush_method": "operation"})
        return bom

    def _create_due(self, name, quantity=100, days=0, **values):
        start = fields.Datetime.now() + timedelta(days=days)
        return self._create_order(
            name=name, quantity=quantity, date_start=start, **values
        )

    def _read(self, **values):
        """The cards of the terminal by the names of their orders."""
        answer = self.orders.backflush_terminal_orders(limit=200, **values)
        return {card["name"]: card for card in answer["orders"]}
