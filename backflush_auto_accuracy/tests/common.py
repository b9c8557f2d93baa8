from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import Form, new_test_user

from odoo.addons.backflush_auto.tests.common import BackflushCase

START = fields.Datetime.to_datetime("2026-01-05 08:00:00")
# What is made each week: chairs, tables.
WEEKS = ((100, 40), (160, 10), (60, 90), (210, 30), (30, 70))
REALLY = 4.4


class AccuracyCase(BackflushCase):
    """Chairs whose components are counted by a plain stock user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids
        cls.counter = new_test_user(
            cls.env, "backflush_counter", groups="stock.group_stock_user"
        )
        cls.counts = cls.env["mrp.backflush.count"].with_user(cls.worker)
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 2000)

    def _count(self, *counted, location=None, apply=True, **place):
        """Count components in one go, as on the screen of physical inventory.

        :param counted: tuples of a product and what was found of it, or what is
            missing as a text
        """
        quants = self.env["stock.quant"].with_user(self.counter)
        quants = quants.with_context(inventory_mode=True)
        location = location or self.stock_location
        made = quants.browse()
        for product, quantity in counted:
            if isinstance(quantity, str):
                quantity = self._on_hand(product, location) - float(quantity)
            made |= quants.create(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "inventory_quantity": quantity,
                    **place,
                }
            )
        if apply:
            made.action_apply_inventory()
        return made

    def _get_counts(self, product=None, **values):
        domain = [("product_id", "=", product.id)] if product else []
        domain += [(name, "=", value) for name, value in values.items()]
        return self.counts.search(domain, order="date, id")

    def _get_count(self, product):
        """The latest count of a component."""
        return self._get_counts(product)[-1:]

    def _make(self, quantity, product=None):
        order = self._create_order(product, quantity=quantity)
        with Form(order) as form:
            form.qty_producing = quantity
        self._produce(order)
        return order


class ProposalCase(AccuracyCase):
    """Chairs take 4.4 bolts, not 4; tables take the 8 that their recipe says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bolt.standard_price = 0.5
        cls.table = cls._create_product("Table")
        cls.table_bom = cls._create_bom(cls.table, [(cls.bolt, 8)])
        cls.table_line = cls.table_bom.bom_line_ids
        cls.bom.bom_line_ids[0].unlink()
        cls.manager = new_test_user(
            cls.env, "accuracy_manager", groups="mrp.group_mrp_manager"
        )
        cls.proposals = cls.env["mrp.backflush.proposal"].with_user(cls.manager)
        cls.week = 0

    def _plant(self, *weeks, really=REALLY):
        """Counts as they are recorded, which test_from_work_to_proposal shows."""
        for chairs, tables in weeks:
            previous = self._get_count(self.bolt).sudo()
            if not previous:
                previous = self._plant_count(False)
            self.week += 1
            count = self._plant_count(
                previous,
                round((really - self.bolt_line.product_qty) * chairs),
                expected_qty=4 * chairs + 8 * tables,
                line_ids=[
                    Command.create({"bom_line_id": line.id, "expected_qty": expected})
                    for line, expected in (
                        (self.bolt_line, self.bolt_line.product_qty * chairs),
                        (self.table_line, 8 * tables),
                    )
                ],
            )
            count._explain()

    def _plant_count(self, previous, missing=0, **values):
        return self.env["mrp.backflush.count"].create(
            {
                "product_id": self.bolt.id,
                "location_id": self.stock_location.id,
                "company_id": self.env.company.id,
                "date": START + timedelta(weeks=self.week, hours=-1),
                "previous_id": previous and previous.id,
                "set_aside": False if previous else "first",
                "recorded_qty": 10_000,
                "counted_qty": 10_000 - missing,
                **values,
            }
        )

    def _propose(self):
        with freeze_time(START + timedelta(weeks=self.week)):
            self.env["mrp.backflush.proposal"]._cron_propose()
        return self.proposals.search([("bom_line_id", "=", self.bolt_line.id)])
