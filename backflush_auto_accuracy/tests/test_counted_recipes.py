from datetime import timedelta

from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from .common import START, AccuracyCase

WEEKS = (100, 40, 160, 60, 90)


@tagged("post_install", "-at_install")
class TestRecipes(AccuracyCase):
    """Whatever a line says, its counts are compared with what it lets expect."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.bolt, 100_000)
        cls._add_stock(cls.board, 10_000)
        cls.week = 0

    def _live(self, missing, product=None, weeks=WEEKS, orders=1):
        """Weeks of orders, and a count of the bolts after each.

        :param missing: function of the chairs of a week
        """
        for chairs in weeks:
            with freeze_time(START + timedelta(weeks=self.week)):
                if not self.week:
                    self._count((self.bolt, "0"))
                for _number in range(orders):
                    self._create_order(product, quantity=chairs).backflush_post()
            self.week += 1
            with freeze_time(START + timedelta(weeks=self.week, hours=-1)):
                self._count((self.bolt, str(round(missing(chairs)))))
        with freeze_time(START + timedelta(weeks=self.week)):
            self.env["mrp.backflush.proposal"]._cron_propose()

    def _write(self, vals):
        """Change the line before the story begins."""
        with freeze_time(START - timedelta(days=1)):
            self.bolt_line.write(vals)

    def _get_proposal(self):
        domain = [("product_id", "=", self.bolt.id)]
        return self.env["mrp.backflush.proposal"].search(domain)

    def _get_expected(self):
        """What the last count expected, by line."""
        lines = self._get_count(self.bolt).line_ids
        return {it.bom_line_id: round(it.expected_qty, 6) for it in lines}

    def test_line_in_another_unit(self):
        self._write({"product_qty": 0.5, "product_uom_id": self.dozen.id})
        self._live(lambda chairs: 0.6 * chairs)
        self.assertEqual(self._get_expected(), {self.bolt_line: 6 * WEEKS[-1]})
        proposal = self._get_proposal()
        self.assertEqual((proposal.kind, proposal.current_value), ("quantity", 0.5))
        self.assertAlmostEqual(proposal.proposed_value, 0.55, delta=0.01)

    def test_scrap_of_the_line(self):
        self._write({"backflush_scrap": 5})
        self._live(lambda chairs: 0.4 * chairs)
        self.assertEqual(self._get_expected(), {self.bolt_line: 4.2 * WEEKS[-1]})
        proposal = self._get_proposal()
        self.assertEqual((proposal.kind, proposal.current_value), ("scrap", 5))
        self.assertAlmostEqual(proposal.proposed_value, 15, delta=1)

    def test_once_for_an_order(self):
        """What a line takes for an order is not told from its chairs."""
        self._write({"product_qty": 120, "backflush_basis": "order"})
        self._live(lambda _chairs: 24, orders=2)
        self.assertEqual(self._get_expected(), {self.bolt_line: 240})
        self.assertAlmostEqual(self._get_proposal().proposed_value, 132, delta=2.5)

    def test_rounding_steps(self):
        self._write({"backflush_rounding": 50, "backflush_rounding_method": "up"})
        self._live(lambda _chairs: 0)
        # 90 chairs need 360.
        self.assertEqual(self._get_expected(), {self.bolt_line: 400})
        self.assertFalse(self._get_proposal())

    def test_kit(self):
        frame = self._create_product("Frame")
        kit = self._create_bom(frame, [(self.bolt, 2)], type="phantom")
        self._write({"product_id": frame.id, "product_qty": 3})
        self._live(lambda chairs: 0.6 * chairs)
        self.assertEqual(self._get_expected(), {kit.bom_line_ids: 6 * WEEKS[-1]})
        proposal = self._get_proposal()
        self.assertEqual(proposal.bom_id, kit)
        self.assertAlmostEqual(proposal.proposed_value, 2.2, delta=0.03)

    def test_lots(self):
        self.env["stock.quant"].search(
            [("product_id", "=", self.bolt.id)]
        ).sudo().unlink()
        self.bolt.tracking = "lot"
        lot = self._create_lot(self.bolt, "A", 100_000)
        for chairs in WEEKS:
            with freeze_time(START + timedelta(weeks=self.week)):
                if not self.week:
                    self._count((self.bolt, "0"), lot_id=lot.id)
                self._create_order(quantity=chairs).backflush_post()
            self.week += 1
            with freeze_time(START + timedelta(weeks=self.week, hours=-1)):
                self._count((self.bolt, str(round(0.4 * chairs))), lot_id=lot.id)
        with freeze_time(START + timedelta(weeks=self.week)):
            self.env["mrp.backflush.proposal"]._cron_propose()
        self.assertAlmostEqual(self._get_proposal().proposed_value, 4.4, delta=0.05)

    def test_variants(self):
        """Only the line of the variant that was made expected anything."""
        attribute = self.env["product.attribute"].create(
            {
                "name": "Size",
                "value_ids": [
                    Command.create({"name": name}) for name in ("Low", "High")
                ],
            }
        )
        template = self.env["product.template"].create(
            {
                "name": "Table",
                "is_storable": True,
                "attribute_line_ids": [
                    Command.create(
                        {
                            "attribute_id": attribute.id,
                            "value_ids": [Command.set(attribute.value_ids.ids)],
                        }
                    )
                ],
            }
        )
        values = template.attribute_line_ids.product_template_value_ids
        bom = self._create_bom(
            template.product_variant_ids[0],
            [
                (
                    self.bolt,
                    quantity,
                    {"bom_product_template_attribute_value_ids": size},
                )
                for quantity, size in zip((4, 8), values, strict=True)
            ],
        )
        low_line, high_line = bom.bom_line_ids
        low, high = template.product_variant_ids
        self._live(lambda chairs: 0, low, weeks=(50,))
        self.assertEqual(self._get_expected(), {low_line: 200})
        self._live(lambda chairs: 0.8 * chairs, high)
        self.assertEqual(self._get_expected(), {high_line: 8 * WEEKS[-1]})
        proposal = self._get_proposal()
        self.assertEqual(proposal.bom_line_id, high_line)
        self.assertAlmostEqual(proposal.proposed_value, 8.8, delta=0.1)

    def test_changed_by_hand_between_counts(self):
        """What was counted across the change says nothing about the new line."""
        self._live(lambda chairs: 0.4 * chairs, weeks=WEEKS[:3])
        with freeze_time(START + timedelta(weeks=self.week, days=1)):
            self.bolt_line.product_qty = 4.4
        self.week += 1
        self._live(lambda chairs: 0, weeks=WEEKS)
        self.assertFalse(self._get_proposal())
        counts = self._get_counts(self.bolt)
        self.assertEqual(len(counts), 9)
        # The one that spans the change is left out as well.
        self.assertEqual(len(counts[1:]._filter_epoch()), 4)

    def test_archived_bill_of_materials(self):
        self._live(lambda chairs: 0.4 * chairs, weeks=WEEKS[:4])
        self.assertTrue(self._get_proposal())
        self.bom.active = False
        with freeze_time(START + timedelta(weeks=self.week)):
            self._count((self.bolt, "0"))
            self.env["mrp.backflush.proposal"]._cron_propose()
        self.assertFalse(self._get_proposal(), "nobody mends what is not used")

    def test_line_that_is_gone(self):
        self._live(lambda chairs: 0.4 * chairs, weeks=WEEKS[:2])
        self.bolt_line.unlink()
        count = self._get_count(self.bolt)
        self.assertEqual(count.expected_qty, 4 * WEEKS[1])
        self.assertFalse(count.line_ids.bom_line_id)
        self.env["mrp.backflush.proposal"]._cron_propose()
        self.assertFalse(self._get_proposal())

    def test_several_companies(self):
        """The same bill of materials in two companies: each has its own counts."""
        self.bom.company_id = False
        self._live(lambda chairs: 0.4 * chairs, weeks=WEEKS[:4])
        other = self.env["res.company"].create({"name": "Other"})
        self.worker.company_ids += other
        self.counter.company_ids += other
        self.counter.company_id = other
        warehouse = self.env["stock.warehouse"].search([("company_id", "=", other.id)])
        place = warehouse.lot_stock_id
        for product in (self.board, self.bolt):
            self._add_stock(product, 1000, place)
        self._count((self.bolt, 1000), location=place)
        worker = self.env["mrp.production"].with_user(self.worker).with_company(other)
        order = worker.create(
            {"product_id": self.chair.id, "product_qty": 10, "bom_id": self.bom.id}
        )
        order.backflush_post()
        self._count((self.bolt, 960), location=place)
        first, count = self._get_counts(self.bolt, company_id=other.id)
        self.assertEqual((first.set_aside, count.previous_id), ("first", first))
        self.assertEqual((count.expected_qty, count.difference_qty), (40, 0))
        mine = self._get_counts(self.bolt, company_id=self.env.company.id)
        self.assertEqual(mine[-1].expected_qty, 4 * WEEKS[3])
        proposal = self._get_proposal()
        self.assertEqual(proposal.company_id, self.env.company)

    def test_correction_scrap_damage_and_debts(self):
        """All that a posting took, or gave back, was expected of the count."""
        self._count((self.bolt, "0"))
        order = self._create_order(quantity=10)
        order.backflush_post()
        order.backflush_ids.with_user(self.env.user).backflush_correct(quantity=4)
        self._count((self.bolt, "0"))
        self.assertEqual(self._get_expected(), {self.bolt_line: 16})
        order = self._create_order(quantity=10)
        order.backflush_post(
            quantity=8,
            scrap=[{"quantity": 2}],
            damaged=[{"product_id": self.bolt.id, "quantity": 3}],
        )
        self._count((self.bolt, "0"))
        count = self._get_count(self.bolt)
        self.assertEqual((count.difference_qty, count.recorded_qty), (0, 101941))
        self.assertEqual(count.cause, "noise")

    def _live_both(self, *weeks):
        """Weeks of chairs, and a count of both components after each.

        :param weeks: tuples of chairs, and of boards and bolts that are missing then
        """
        for chairs, boards, bolts in weeks:
            with freeze_time(START + timedelta(weeks=self.week)):
                if not self.week:
                    self._count((self.board, "0"), (self.bolt, "0"))
                self._create_order(quantity=chairs).backflush_post()
            self.week += 1
            with freeze_time(START + timedelta(weeks=self.week, hours=-1)):
                self._count((self.board, str(boards)), (self.bolt, str(bolts)))
        for night in range(2):
            with freeze_time(START + timedelta(weeks=self.week, days=night)):
                self.env["mrp.backflush.proposal"]._cron_propose()

    def test_what_comes_again_is_no_event(self):
        """Too many of one and too few of the other, week after week: two lines."""
        self._live_both(*((chairs, -chairs // 5, chairs // 5) for chairs in WEEKS))
        counts = self._get_counts(self.bolt)[1:] + self._get_counts(self.board)[1:]
        self.assertEqual(set(counts.mapped("cause")), {"line"})
        lines = self.board_line + self.bolt_line
        proposals = self.env["mrp.backflush.proposal"].search(
            [("bom_line_id", "in", lines.ids)], order="bom_line_id"
        )
        self.assertEqual(proposals.bom_line_id, lines)
        for proposal, really in zip(proposals, (1.8, 4.2), strict=True):
            self.assertAlmostEqual(proposal.proposed_value, really, delta=0.03)

    def test_a_line_that_is_wrong_hides_no_event(self):
        """Twelve chairs that nobody reported, where bolts are missing anyway."""
        self._live_both(
            *((chairs, 0, round(0.4 * chairs)) for chairs in (100, 160, 60)),
            (210, 24, 84 + 53),
            *((chairs, 0, round(0.4 * chairs)) for chairs in (90, 120, 180, 140, 50)),
        )
        bolts, boards = self._get_counts(self.bolt), self._get_counts(self.board)
        for count in bolts[4] + boards[4]:
            self.assertEqual(
                count.explanation,
                "All components of Chair are off in proportion: 12 not reported.",
            )
        self.assertEqual(set((bolts - bolts[4])[1:].mapped("cause")), {"line"})
        self.assertAlmostEqual(bolts[4].explained_qty, 48 + 84, delta=5)
        self.assertAlmostEqual(self._get_proposal().proposed_value, 4.4, delta=0.04)

    def test_what_is_archived_explains_nothing(self):
        """Two recipes of the same components, one of them not used any more."""
        table = self._create_product("Table")
        self._create_bom(table, [(self.board, 2), (self.bolt, 4)])
        self.bom.active = False
        self._count((self.board, "0"), (self.bolt, "0"))
        self._create_order(table, quantity=100).backflush_post()
        self._count((self.board, "40"), (self.bolt, "80"))
        self.assertIn("All components of Table", self._get_count(self.bolt).explanation)
