from odoo.tests import tagged

from .test_variance import VarianceCase


@tagged("post_install", "-at_install")
class TestVarianceScrap(VarianceCase):
    """What failed, or was spoilt, is explained: it is no variance."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        create = cls.env["stock.scrap.reason.tag"].create
        cls.dent, cls.crack = create([{"name": "Dent"}, {"name": "Crack"}])

    def _report(self, order, good, **values):
        scrap = [{"quantity": 2, "reason": "Dent"}, {"quantity": 1, "reason": "Crack"}]
        damaged = [{"product_id": self.bolt.id, "quantity": 5, "reason": "Crack"}]
        return order.backflush_post(good, scrap=scrap, damaged=damaged, **values)

    def test_by_reason(self):
        order = self._create_order(quantity=10)
        self._report(order, 7)
        rows = self._find(("production_id", "=", order.id))
        self.assertEqual(sum(rows.mapped("variance_qty")), 0)
        self.assertEqual(
            [
                (row.component_id, row.expected_qty, row.consumed_qty)
                for row in rows.filtered("expected_qty").sorted("expected_qty")
            ],
            [(self.board, 20, 20), (self.bolt, 40, 40)],
        )
        none = self.env["product.product"]
        scrapped = rows - rows.filtered("expected_qty")
        self.assertEqual(
            {
                (r.component_id, r.scrap_reason_id, r.scrapped_qty, r.damaged_qty)
                for r in scrapped
            },
            {
                (self.bolt, self.crack, 0, 5),
                (none, self.crack, 1, 0),
                (none, self.dent, 2, 0),
            },
        )
        damaged = rows.filtered("damaged_qty")
        self.assertAlmostEqual(damaged.damaged_value, 2.5)
        self.assertEqual(damaged.location_id, self.stock_location)
        self.assertEqual(rows.backflush_id, order.backflush_ids)

    def test_export(self):
        """What can be exported has each reason, and a pivot can show it."""
        self.worker.group_ids |= self.env.ref("base.group_allow_export")
        order = self._create_order(quantity=10)
        self._report(order, 7)
        rows = self._find(("production_id", "=", order.id))
        names = ("scrap_reason_id/name", "scrapped_qty", "damaged_qty")
        exported = rows.filtered("scrap_reason_id").export_data(names)["datas"]
        self.assertEqual(
            sorted(exported),
            [["Crack", 0.0, 5.0], ["Crack", 1.0, 0.0], ["Dent", 2.0, 0.0]],
        )
        described = self.variance.fields_get()
        self.assertTrue(described["scrap_reason_id"]["groupable"])
        for name in ("scrapped_qty", "damaged_qty"):
            self.assertEqual(described[name]["aggregator"], "sum")
            self.assertTrue(described[name]["exportable"])

    def test_grouped_by_reason(self):
        for good in (7, 17):
            self._report(self._create_order(quantity=good + 3), good)
        groups = self.variance._read_group(
            [("id", "not in", self.known.ids), ("scrap_reason_id", "!=", False)],
            ["scrap_reason_id"],
            ["scrapped_qty:sum", "damaged_qty:sum"],
        )
        self.assertEqual(
            {reason: sums for reason, *sums in groups},
            {self.dent: [4, 0], self.crack: [2, 10]},
        )

    def test_favourite(self):
        """What failed without a reason is found as well, and nothing that was good."""
        self._report(self._create_order(quantity=10), 7)
        self._create_order(quantity=10).backflush_post(9, scrap=[{"quantity": 1}])
        saved = self.env.ref("backflush_auto_accuracy.filter_variance_scrap")
        rows = self._find(*saved._get_eval_domain())
        figures = rows.mapped(lambda it: (it.scrapped_qty, it.damaged_qty))
        self.assertEqual(sorted(figures), [(0, 5), (1, 0), (1, 0), (2, 0)])

    def test_in_another_unit(self):
        order = self._create_order(quantity=2, product_uom_id=self.dozen.id)
        scrap = [{"quantity": 1, "reason": "Dent"}]
        order.backflush_post(1, scrap=scrap)
        row = self._find(("scrapped_qty", "!=", 0))
        self.assertEqual((row.scrapped_qty, row.product_uom_id), (12, self.unit))

    def test_taken_back(self):
        order = self._create_order(quantity=10)
        self._report(order, 7)
        posting = order.backflush_ids
        posting.with_user(self.worker).backflush_correct(0)
        rows = self._find(("production_id", "=", order.id))
        for name in ("expected_qty", "consumed_qty", "variance_qty"):
            self.assertAlmostEqual(sum(rows.mapped(name)), 0, msg=name)
        self.assertFalse(rows.filtered("scrapped_qty") | rows.filtered("damaged_qty"))

    def test_button(self):
        """What a person scraps of components beside the reports is no variance."""
        order = self._create_order(quantity=10)
        scrap = (
            self.env["stock.scrap"]
            .with_user(self.worker)
            .create(
                {
                    "production_id": order.id,
                    "product_id": self.bolt.id,
                    "scrap_qty": 5,
                }
            )
        )
        scrap.do_scrap()
        order.backflush_post()
        rows = self._find(("production_id", "=", order.id))
        self.assertEqual(rows.mapped("variance_qty"), [0, 0])
