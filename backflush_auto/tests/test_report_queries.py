from contextlib import contextmanager
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..posting.posting import Posting
from ..posting.preview import Preview
from ..reporting.locks import lock_postings
from ..reporting.poster import Reporting
from .common import BackflushCase
from .test_report_dialog import ReportDialogCase


@tagged("post_install", "-at_install")
class TestReportQueries(BackflushCase):
    """What reports from outside ask once, whatever their number."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 10000)
        cls._add_stock(cls.bolt, 10000)
        cls.orders = cls.env["mrp.production"].with_user(cls.worker)

    def _count_hold(self, reports):
        """Queries until the locks are held."""
        counts = []
        lock = Reporting._lock

        def count(reporting):
            before = self.env.cr.sql_log_count
            lock(reporting)
            counts.append(self.env.cr.sql_log_count - before)

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(Reporting, "_lock", count):
            results = self.orders.backflush_post_batch(reports)
        self.assertEqual({result["ok"] for result in results}, {True})
        return counts[0]

    def test_orders_are_locked_together(self):
        counts = [
            self._count_hold(
                [
                    {
                        "production_id": self._create_order(quantity=5).id,
                        "components": [{"product_id": self.board.id, "quantity": 3}],
                    }
                    for _report in range(number)
                ]
            )
            for number in (2, 12)
        ]
        self.assertEqual(counts[0], counts[1])

    def test_a_recipe_is_exploded_once(self):
        report = {"product_id": self.chair.id, "quantity": 1}
        self._count_hold([report] * 2)
        few = self._count_hold([report] * 2)
        boms = type(self.env["mrp.bom"])
        explode, calls = boms.explode, []

        def count(bom, *args, **kwargs):
            calls.append(bom)
            return explode(bom, *args, **kwargs)

        with patch.object(boms, "explode", count):
            lock = Reporting._lock

            def count_lock(reporting):
                lock(reporting)
                self.assertEqual(len(calls), 1)

            with patch.object(Reporting, "_lock", count_lock):
                many = self._count_hold([report] * 12)
        self.assertEqual(few, many)

    def _create_orders_with_work(self, number):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            Command.create({"name": "Cut", "workcenter_id": center.id})
        ]
        self.bom.bom_line_ids.write(
            {"operation_id": self.bom.operation_ids.id, "backflush_method": "operation"}
        )
        orders = [self._create_order(quantity=5) for _number in range(number)]
        return self.orders.union(*orders)

    def test_an_operation_is_decided_once(self):
        """Also where several report, and where one is refused."""
        made = []
        original = Posting.__init__

        def count(posting, *args):
            made.append(type(posting).__name__)
            return original(posting, *args)

        orders = self._create_orders_with_work(5)
        with patch.object(Posting, "__init__", count):
            one = orders[0]
            one.backflush_post(
                quantity=2,
                workorder_id=one.workorder_ids.id,
                components=[{"product_id": self.board.id, "quantity": 5}],
            )
            self.assertEqual(made, ["OperationPosting"])
            made.clear()
            results = orders.browse().backflush_post_batch(
                [
                    {
                        "production_id": order.id,
                        "quantity": 2,
                        "workorder_id": order.workorder_ids.id,
                    }
                    for order in orders[1:]
                ]
            )
            self.assertEqual({result["ok"] for result in results}, {True})
            self.assertEqual(made, ["OperationPosting"])
        self.assertConsumed(one, {self.board: 5, self.bolt: 8})
        for order in orders[1:]:
            self.assertConsumed(order, {self.board: 4, self.bolt: 8})

    def test_orders_are_decided_once(self):
        """Unless one of them is refused: then it is looked for."""
        made = []
        original = Posting.__init__

        def count(posting, *args):
            made.append(type(posting).__name__)
            return original(posting, *args)

        orders = [self._create_order(quantity=5) for _number in range(4)]
        reports = [{"production_id": order.id} for order in orders[:3]]
        with patch.object(Posting, "__init__", count):
            results = self.orders.backflush_post_batch(reports)
        self.assertEqual([result["ok"] for result in results], [True] * 3)
        self.assertEqual(made, ["Posting"])
        orders += [self._create_order(quantity=90000)]
        orders += [self._create_order(quantity=5)]
        results = self.orders.backflush_post_batch(
            [{"production_id": order.id} for order in orders[3:]]
        )
        self.assertEqual([result["ok"] for result in results], [True, False, True])

    def test_products_are_locked_once(self):
        """Twice where a draft may have kits, whose components nobody knows so far."""
        module = "odoo.addons.backflush_auto.models.completion.mrp_production"
        for confirm, expected in ((True, 0), (False, 1)):
            order = self._create_order(quantity=5, confirm=confirm)
            with patch(f"{module}.lock_postings", wraps=lock_postings) as lock:
                order.backflush_post(quantity=1)
            self.assertEqual(lock.call_count, expected)

    def test_too_many_reports(self):
        """Not even read."""
        reports = [None] * 10_001
        message = r"reports: has more than 10000 entries \(10001\)"
        with self.assertRaisesRegex(ValidationError, message):
            self.orders.backflush_post_batch(reports)


@tagged("post_install", "-at_install")
class TestDialogReading(ReportDialogCase):
    """The dialog reads stock once, and no more of it than the posting would."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tracked = cls._create_product("Tracked", tracking="lot")
        cls.bom.bom_line_ids[0].product_id = cls.tracked
        cls._add_stock(cls.bolt, 10000)

    def _add_lots(self, number):
        lots = self.env["stock.lot"].create(
            [
                {"name": f"{number}-{n}", "product_id": self.tracked.id}
                for n in range(number)
            ]
        )
        for lot in lots:
            self._add_stock(self.tracked, 10, lot_id=lot)

    @contextmanager
    def _reading(self):
        """Collects how many quants each reading of stock has brought."""
        read = []
        quants = type(self.env["stock.quant"])
        search = quants._search_backflush_balances

        def count(records, *args, **kwargs):
            balances = search(records, *args, **kwargs)
            read.append(len(balances))
            return balances

        self.env.flush_all()
        self.env.invalidate_all()
        with patch.object(quants, "_search_backflush_balances", count):
            yield read

    def _read_for(self, number, open_dialog):
        """What opening a dialog reads, with so many more lots to choose from."""
        self._add_lots(number)
        with self._reading() as read:
            open_dialog()
        return read

    def test_one_order(self):
        """Lots for what is taken, sums for how much there is: one query for each."""
        order = self._create_order(quantity=10)

        def open_and_change():
            self._open(order).quantity = 4

        made = []
        original = Preview.__init__

        def count(preview, *args):
            made.append(args)
            return original(preview, *args)

        with patch.object(Preview, "__init__", count):
            few, many = (self._read_for(n, open_and_change) for n in (5, 200))
        self.assertEqual(len(made), 4, "one each time it is opened or changed")
        self.assertEqual(few, many)
        self.assertLessEqual(max(few), 4)

    def test_several_orders(self):
        orders = self._create_order(quantity=3) | self._create_order(quantity=4)
        few, many = (self._read_for(n, lambda: self._open(orders)) for n in (5, 200))
        self.assertEqual(few, many)


@tagged("post_install", "-at_install")
class TestPostingIndexes(BackflushCase):
    """Fifty thousand postings: what is searched and listed is found by an index."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.env["res.company"].create({"name": "Other"})
        order = cls.env["mrp.production"].create(
            {"product_id": cls.chair.id, "product_qty": 1}
        )
        cls.env.cr.execute(
            """
            INSERT INTO mrp_backflush (
                name, company_id, production_id, product_id, product_uom_id, user_id,
                trigger, state, quantity, date, reference
            )
            SELECT 'BF/' || n,
                   CASE n %% 1000 WHEN 0 THEN %(other)s ELSE %(company)s END,
                   %(order)s, %(product)s, %(unit)s, %(user)s, 'completion', 'posted',
                   1, now() - n * interval '1 minute', 'MES-' || n
              FROM generate_series(1, 50000) AS n
            """,
            {
                "other": cls.other.id,
                "company": cls.env.company.id,
                "order": order.id,
                "product": cls.chair.id,
                "unit": cls.unit.id,
                "user": cls.env.uid,
            },
        )
        cls.env.cr.execute("ANALYZE mrp_backflush")

    def _explain(self, companies, domain=(), **kwargs):
        """How PostgreSQL finds postings, for a worker of some companies."""
        self.worker.company_ids |= companies
        postings = self.env["mrp.backflush"].with_user(self.worker)
        postings = postings.with_context(allowed_company_ids=companies.ids)
        query = postings._search(list(domain), **kwargs)
        sql = query.select()
        self.env.cr.execute("EXPLAIN " + sql.code, sql.params)
        return "\n".join(line for (line,) in self.env.cr.fetchall())

    def test_latest(self):
        """The first page of the list reads no more than it shows."""
        order = self.env["mrp.backflush"]._order
        for companies in (self.env.company, self.env.company | self.other):
            with self.subTest(companies.mapped("name")):
                plan = self._explain(companies, limit=80, order=order)
                self.assertIn("latest_idx", plan)
                self.assertNotIn("Sort", plan)
        # of a company with few, it may sort these
        plan = self._explain(self.other, limit=80, order=order)
        self.assertNotIn("Seq Scan", plan)

    def test_reference(self):
        references = [f"MES-{n}" for n in range(100, 200)]
        domain = [
            ("company_id", "=", self.env.company.id),
            ("reference", "in", references),
        ]
        plan = self._explain(self.env.company, domain)
        self.assertIn("reference_unique", plan)
        self.assertIn("company_id =", plan.split("reference_unique")[1])

    def test_replayed_in_its_company(self):
        """Searched there alone: another company may use the same reference."""
        searched = []
        postings = type(self.env["mrp.backflush"])
        search = postings.search

        def spy(records, domain, *args, **kwargs):
            searched.append(domain)
            return search(records, domain, *args, **kwargs)

        self._add_stock(self.board, 10)
        self._add_stock(self.bolt, 10)
        order = self._create_order(quantity=1)
        self.env.cr.execute(
            "UPDATE mrp_backflush SET company_id = %s WHERE reference = 'MES-7'",
            [self.other.id],
        )
        with patch.object(postings, "search", spy):
            result = order.backflush_post(reference="MES-7")
        self.assertFalse(result["replayed"])
        self.assertTrue(searched)
        for domain in searched:
            self.assertIn(("company_id", "=", self.env.company.id), domain)
