from odoo import Command
from odoo.tests import tagged

from .common_correction import CorrectionCase

COSTS = ("quantity", "mo_cost", "bom_cost", "real_cost", "mo_cost_decorator")


@tagged("post_install", "-at_install")
class TestCorrectionOverview(CorrectionCase):
    """Screens and reports of an order put right are those of the right report."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board.standard_price, cls.bolt.standard_price = 3, 0.5
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 2000)
        cls.chips = cls._create_product("Chips", standard_price=1)
        cls.bom.byproduct_ids = [
            Command.create(
                {"product_id": cls.chips.id, "product_qty": 3, "cost_share": 10}
            )
        ]

    def _read(self, order):
        """What the overview of an order says, row by row."""
        report = self.env["report.mrp.report_mo_overview"]
        data = report._get_report_data(order.id)
        rows = [component["summary"] for component in data["components"]]
        rows += data["byproducts"]["details"]
        for component in data["components"]:
            rows += [
                {**line["summary"], "name": "To Order"}
                for line in component["replenishments"]
            ]
        summary = data["summary"]
        return (
            {**{key: summary[key] for key in COSTS[:4]}, "state": summary["state"]},
            sorted(
                (row["name"], *(row.get(key) or 0.0 for key in COSTS)) for row in rows
            ),
            data["cost_breakdown"],
        )

    def _report(self, quantity, *reports):
        """An order, its reports, and what they really were.

        :param reports: each ``(reported, really)``
        """
        order = self._create_order(quantity=quantity)
        for reported, really in reports:
            posting = self._posting(order.backflush_post(reported))
            if really < reported:
                posting.backflush_correct(really)
        return order

    def _compare(self, wrong, right):
        self.assertEqual(wrong.state, right.state)
        self.assertEqual(self._read(wrong), self._read(right))

    def test_a_part_is_left(self):
        wrong = self._report(100, (100, 10))
        _summary, rows, _breakdown = self._read(wrong)
        self.assertEqual(
            [row[:2] for row in rows],
            [
                *(("Board", 20), ("Board", 180), ("Bolt", 40), ("Bolt", 360)),
                *(("Chips", 30), ("Chips", 270)),
            ],
        )
        self._compare(wrong, self._report(100, (10, 10)))

    def test_nothing_is_left(self):
        self._compare(self._report(100, (100, 0)), self._report(100))

    def test_over_production(self):
        wrong = self._report(10, (15, 12))
        self.assertEqual(wrong.state, "done")
        self._compare(wrong, self._report(10, (12, 12)))

    def test_reported_right_afterwards(self):
        wrong = self._report(10, (10, 4), (6, 6))
        self.assertEqual(wrong.state, "done")
        self._compare(wrong, self._report(10, (4, 4), (6, 6)))

    def test_what_has_left_stock_is_not_ordered_again(self):
        order = self._report(100, (60, 50))
        self._add_stock(self.board, -self._on_hand(self.board))
        _summary, rows, _breakdown = self._read(order)
        ordered = [row[1] for row in rows if row[0] == "To Order"]
        self.assertEqual(ordered, [100])

    def test_produced(self):
        """Lists, pivots and reports count corrections, and finished goods alone."""
        self.bom.bom_line_ids[0].backflush_method = "start"
        order = self._create_order(quantity=10)
        order.action_start()
        posting = self._posting(order.backflush_post(8))
        posting.backflush_correct(5)
        order.backflush_post(3)
        groups = self.env["mrp.backflush"].formatted_read_group(
            [("production_id", "=", order.id)],
            ["trigger"],
            ["produced_qty:sum", "operation_qty:sum"],
        )
        counted = {
            group["trigger"]: (group["produced_qty:sum"], group["operation_qty:sum"])
            for group in groups
        }
        self.assertEqual(
            counted, {"start": (0, 0), "completion": (11, 0), "reversal": (-3, 0)}
        )
        self.assertEqual(order.qty_produced, 8)
        fields = self.env["mrp.backflush"].fields_get(["quantity", "quantity_left"])
        for name in fields:
            self.assertFalse(fields[name].get("aggregator"), name)
