from datetime import datetime, timedelta

from odoo import Command
from odoo.tests import Form, tagged

from .common_cost import ValuedCase


@tagged("post_install", "-at_install")
class TestPartsCost(ValuedCase):
    """What an order costs in parts is what it costs in one posting."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # No calendar: hours of work do not depend on the day of the test.
        cls.centre = cls.env["mrp.workcenter"].create(
            {"name": "Bench", "costs_hour": 60, "time_start": 5, "time_stop": 4}
        )

    clock = datetime(2025, 1, 1)

    # --- Orders that are alike ---

    def _create_valued_order(
        self, method, quantity=100, operations=(), byproducts=(), **values
    ):
        """An order of its own product, whose components stand in layers of cost.

        :param operations: the cost mode of each operation, one minute a unit
        :param byproducts: the cost share of each by-product, one for two units
        """
        chair = self._create_valued("Chair", method)
        board = self._create_valued("Board", "fifo")
        bolt = self._create_valued("Bolt", "average")
        for product, layers in ((board, (50, 90, 400)), (bolt, (130, 400))):
            for number, layer in enumerate(layers):
                self._receive(product, layer, 3.07 + 1.9 * number)
        bom = self._create_bom(chair, [(board, 2), (bolt, 4)])
        bom.consumption = "flexible"
        bom.operation_ids = [
            Command.create(
                {
                    "name": f"Operation {number}",
                    "workcenter_id": self.centre.id,
                    "time_cycle_manual": 1,
                    "cost_mode": mode,
                }
            )
            for number, mode in enumerate(operations)
        ]
        bom.byproduct_ids = [
            Command.create(
                {
                    "product_id": self._create_valued("Dust", method).id,
                    "product_qty": 0.5,
                    "cost_share": share,
                }
            )
            for share in byproducts
        ]
        order = self._create_order(chair, quantity, bom=bom)
        order.write(values)
        return order

    def _work(self, workorder, minutes):
        """Start the work order, and stop it after so many minutes."""
        workorder.button_start()
        workorder.button_pending()
        self._date(workorder, minutes)

    def _date(self, workorder, minutes):
        """Let the last work on a work order have taken so many minutes."""
        type(self).clock += timedelta(minutes=minutes)
        workorder.sudo().time_ids.sorted("id")[-1:].write(
            {
                "date_start": self.clock - timedelta(minutes=minutes),
                "date_end": self.clock,
            }
        )

    def assertCostsTheSame(self, parts, whole):
        (values, others), (value, other) = self._values(parts), self._values(whole)
        self.assertGreater(sum(value), 0)
        # Odoo rounds the value of each move to the cent.
        self.assertAlmostEqual(sum(values), sum(value), delta=0.01 * len(values))
        self.assertAlmostEqual(others, other, delta=0.01 * len(values))

    def _compare(self, method="average", **values):
        whole = self._finish(self._create_valued_order(method, **values))
        order = self._create_valued_order(method, **values)
        self._post_part(order, 30)
        self._post_part(order, 75)
        self._finish(order)
        self.assertCostsTheSame(order, whole)
        return order, whole

    # --- Components ---

    def test_components(self):
        for method in ("average", "fifo", "standard"):
            with self.subTest(method):
                order = self._create_valued_order(method)
                order.product_id.sudo().standard_price = 7
                self._post_part(order, 30)
                self._post_part(order, 75)
                self._finish(order)
                values, _others = self._values(order)
                if method == "standard":
                    self.assertEqual(values, [210, 315, 175])
                else:
                    consumed = sum(order.sudo().move_raw_ids.mapped("value"))
                    self.assertAlmostEqual(sum(values), consumed, delta=0.03)

    def test_layers_of_components(self):
        order, _whole = self._compare("fifo")
        consumed = [
            sum(posting.move_ids.mapped("value"))
            for posting in order.sudo().backflush_ids.sorted("id")
        ]
        for value, cost in zip(self._values(order)[0], consumed, strict=True):
            self.assertAlmostEqual(value, cost, delta=0.01)

    def test_extra_cost_and_by_products(self):
        order, _whole = self._compare(extra_cost=1.7, byproducts=(7, 11))
        dust = order.move_byproduct_ids.filtered(lambda m: m.cost_share == 7)
        total = sum(self._values(order)[0]) + self._values(order)[1]
        self.assertAlmostEqual(
            sum(dust.sudo().mapped("value")), total * 0.07, delta=0.1
        )

    # --- Work ---

    def assertLabour(self, order, expected):
        """What each posting carries beyond its components."""
        values, _others = self._values(order)
        postings = order.sudo().backflush_ids.sorted("id")
        for posting, value, labour in zip(postings, values, expected, strict=True):
            components = sum(posting.move_ids.mapped("value"))
            self.assertAlmostEqual(value - components, labour, delta=0.01)

    def test_no_time_tracked(self):
        """109 minutes for each operation: 9 to set up and clean, one for each unit."""
        order, whole = self._compare(operations=("actual", "actual"))
        self.assertLabour(whole, [218])
        self.assertEqual(order.workorder_ids.mapped("duration"), [109, 109])
        self.assertLabour(order, [65.4, 98.1, 54.5])

    def test_estimated(self):
        order, whole = self._compare(operations=("estimated", "estimated"))
        self.assertLabour(whole, [218])
        self.assertLabour(order, [65.4, 98.1, 54.5])

    def test_time_tracked(self):
        whole = self._create_valued_order("average", operations=("actual",))
        self._work(whole.workorder_ids, 90)
        self._finish(whole)
        order = self._create_valued_order("average", operations=("actual",))
        for minutes, total in ((20, 30), (50, 75)):
            self._work(order.workorder_ids, minutes)
            self._post_part(order, total)
        self._work(order.workorder_ids, 20)
        self._finish(order)
        self.assertCostsTheSame(order, whole)
        self.assertLabour(order, [20, 50, 20])

    def test_estimated_and_started(self):
        order = self._create_valued_order("average", operations=("estimated",))
        self._work(order.workorder_ids, 20)
        self._post_part(order, 30)
        self._work(order.workorder_ids, 20)
        self._post_part(order, 75)
        self._finish(order)
        self.assertLabour(order, [32.7, 49.05, 27.25])

    def test_tracked_from_the_second_part_on(self):
        """The first part was estimated; the last one settles what was really spent."""
        order = self._create_valued_order("average", operations=("actual",))
        self._post_part(order, 30)
        self._work(order.workorder_ids, 80)
        self._post_part(order, 75)
        self._work(order.workorder_ids, 10)
        self._finish(order)
        self.assertLabour(order, [32.7, 47.3, 10])

    def test_less_time_tracked_than_the_first_part_was_given(self):
        """No part costs less than its components because of the one before."""
        order = self._create_valued_order("average", operations=("actual",))
        self._post_part(order, 30)
        self._work(order.workorder_ids, 10)
        self._post_part(order, 75)
        self._work(order.workorder_ids, 40)
        self._finish(order)
        self.assertLabour(order, [32.7, 0, 17.3])

    def test_expected_time_between_parts(self):
        """It is that of the whole order, whatever is entered."""
        order = self._create_valued_order("average", operations=("actual",))
        self._post_part(order, 30)
        self.assertEqual(order.workorder_ids.duration_expected, 109)
        with Form(order) as form:
            form.qty_producing = 40
        self.assertEqual(order.workorder_ids.duration_expected, 109)
        self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 200}
        ).change_prod_qty()
        self.assertEqual(order.workorder_ids.duration_expected, 209)

    def test_work_order_added_by_hand(self):
        order = self._create_valued_order("average")
        order.workorder_ids = [
            Command.create(
                {
                    "name": "Paint",
                    "workcenter_id": self.centre.id,
                    "duration_expected": 50,
                }
            )
        ]
        self._post_part(order, 30)
        self._post_part(order, 75)
        self._finish(order)
        self.assertLabour(order, [15, 22.5, 12.5])
        self.assertEqual(order.workorder_ids.duration, 50)

    def test_rest_given_up(self):
        """What is expected is then the time of what was produced."""
        order = self._create_valued_order("average", operations=("actual",))
        self._post_part(order, 30)
        self._produce(order, 70)
        self.assertEqual(order.workorder_ids.duration, 79)
        self.assertLabour(order, [32.7, 46.3])

    def test_operations_finished_one_by_one(self):
        """A finished operation was worked for the whole order."""
        operations = ("actual", "actual")
        whole = self._create_valued_order("average", operations=operations)
        order = self._create_valued_order("average", operations=operations)
        for each in (whole, order):
            self._work(each.workorder_ids[0], 50)
            each.workorder_ids[0].button_finish()
        self._finish(whole)
        self._post_part(order, 30)
        self._work(order.workorder_ids[1], 40)
        self._post_part(order, 75)
        order.workorder_ids[1].button_finish()
        self._finish(order)
        self.assertLabour(order, [50 * 0.3 + 109 * 0.3, 50 * 0.45 + 40 - 32.7, 12.5])
        self.assertLabour(whole, [159])

    def test_rest_as_backorder(self):
        order = self._create_valued_order("average", operations=("actual",))
        self._post_part(order, 30)
        rest = self._produce(order, 70, backorder=True)
        self._finish(rest)
        self.assertLabour(order, [32.7, 46.3])
        self.assertLabour(rest, [39])

    # --- Accounts ---

    def test_labour_is_posted_once(self):
        self._use_accounts()
        entries = []
        for totals in ((), (30, 75)):
            order = self._create_valued_order("average", operations=("actual",))
            for total in totals:
                self._post_part(order, total)
            self._finish(order)
            labour = [("ref", "=", f"{order.name} - Labour")]
            entry = self.env["account.move"].search(labour)
            self.assertEqual(len(entry), 1)
            entries.append(sum(entry.line_ids.mapped("debit")))
        self.assertEqual(entries, [109, 109])

    def _use_accounts(self):
        self.env["account.chart.template"]._load(
            "generic_coa", self.env.company, install_demo=False
        )
        self.categories["average"].property_valuation = "real_time"
        account = self.env["account.account"].create(
            {"name": "Production", "code": "100102", "account_type": "asset_current"}
        )
        production = self.chair.property_stock_production
        production.valuation_account_id = account

    # --- Overview ---

    def _get_overview(self, order):
        return self.env["report.mrp.report_mo_overview"]._get_report_data(order.id)

    def test_overview_of_an_open_order(self):
        order = self._create_valued_order("average", operations=("actual",))
        self._work(order.workorder_ids, 50)
        self._post_part(order, 30)
        self.assertEqual(order.workorder_ids._cal_cost(), 50)
        data = self._get_overview(order)
        self.assertEqual(data["operations"]["summary"]["real_cost"], 50)

    def test_overview_of_a_done_order(self):
        """Each component and by-product counts once, however many parts it left in."""
        order, whole = self._compare(operations=("actual",), byproducts=(7, 11))
        one, parts = self._get_overview(whole), self._get_overview(order)
        for cost in ("unit_cost", "mo_cost", "bom_cost", "real_cost"):
            self.assertAlmostEqual(
                parts["summary"][cost], one["summary"][cost], delta=0.2, msg=cost
            )
            if cost != "unit_cost":
                self.assertAlmostEqual(
                    parts["byproducts"]["summary"][cost],
                    one["byproducts"]["summary"][cost],
                    delta=0.2,
                    msg=cost,
                )
        for own, other in zip(
            parts["cost_breakdown"], one["cost_breakdown"], strict=True
        ):
            total = "unit_avg_total_cost"
            self.assertAlmostEqual(own[total], other[total], delta=0.01)
