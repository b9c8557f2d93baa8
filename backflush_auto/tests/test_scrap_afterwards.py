from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_scrap import ScrapCase


class ScrapButtonCase(ScrapCase):
    """Odoo's own Scrap button on a backflushed order."""

    def _click_scrap(self, order, product, quantity, **values):
        scrap = self.env["stock.scrap"].with_user(self.worker)
        scrap = scrap.create(
            {
                "production_id": order.id,
                "product_id": product.id,
                "scrap_qty": quantity,
                **values,
            }
        )
        scrap.do_scrap()
        return scrap


@tagged("post_install", "-at_install")
class TestScrapAfterwards(ScrapButtonCase):
    """Finished goods that were reported as good, and scrapped afterwards."""

    def _correct(self, posting, quantity):
        return posting.with_user(self.worker).backflush_correct(quantity)

    def test_seen_by_the_posting(self):
        order = self._create_order(quantity=100)
        order.backflush_post(90, scrap=[self._scrap(10)])
        posting = order.backflush_ids
        scrap = self._click_scrap(
            order, self.chair, 4, scrap_reason_tag_ids=self.dent.ids
        )
        self.assertRecordValues(
            posting,
            [
                {
                    "produced_qty": 90,
                    "scrapped_qty": 10,
                    "later_scrapped_qty": 4,
                    "later_scrap_ids": scrap.ids,
                }
            ],
        )
        self.assertEqual(scrap.backflush_made_ids, posting)
        self.assertEqual((order.qty_produced, self._on_hand(self.chair)), (90, 86))

    def test_correction_leaves_it(self):
        order = self._create_order(quantity=100)
        order.backflush_post()
        posting = order.backflush_ids
        self._click_scrap(order, self.chair, 10)
        self._correct(posting, 90)
        self.assertEqual(self._on_hand(self.chair), 80)
        with self.assertRaisesRegex(UserError, "80.00 of 85.00 Units Chair"):
            self._correct(posting, 5)
        self._correct(posting, 10)
        self.assertEqual((order.qty_produced, self._on_hand(self.chair)), (10, 0))
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        order.backflush_post()
        self.assertEqual(self._on_hand(self.chair), 90)

    def test_correction_takes_no_other_goods(self):
        """Goods of another order lie in the same place."""
        order, other = (self._create_order(quantity=n) for n in (100, 50))
        order.backflush_post()
        other.backflush_post()
        self._click_scrap(order, self.chair, 10)
        with self.assertRaisesRegex(UserError, "90.00 of 100.00 Units Chair"):
            self._correct(order.backflush_ids, 0)
        self._correct(other.backflush_ids, 0)
        self._correct(order.backflush_ids, 10)
        self.assertEqual(self._on_hand(self.chair), 0)

    def test_latest_posting_first(self):
        order = self._create_order(quantity=100)
        order.backflush_post(30)
        order.backflush_post(20)
        first, second = order.backflush_ids.sorted("id")
        self._click_scrap(order, self.chair, 24)
        self._click_scrap(order, self.chair, 3)
        postings = first | second
        self.assertEqual(postings.mapped("later_scrapped_qty"), [7, 20])
        self.assertEqual(len(first.later_scrap_ids), 2)
        with self.assertRaisesRegex(UserError, "0.00 of 20.00"):
            self._correct(second, 0)
        self._correct(first, 7)

    def test_not_of_what_was_taken_back(self):
        order = self._create_order(quantity=100)
        order.backflush_post(30)
        order.backflush_post(20)
        first, second = order.backflush_ids.sorted("id")
        self._correct(second, 0)
        self._click_scrap(order, self.chair, 4)
        self.assertEqual((first | second).mapped("later_scrapped_qty"), [4, 0])

    def test_lots(self):
        self.chair.tracking = "lot"
        order = self._create_order(quantity=20)
        order.backflush_post(10, lot_names=["L1"])
        order.backflush_post(10, lot_names=["L2"])
        first, second = order.backflush_ids.sorted("id")
        lot = first.finished_move_ids.lot_ids
        self._click_scrap(order, self.chair, 3, lot_id=lot.id)
        self.assertEqual((first | second).mapped("later_scrapped_qty"), [3, 0])
        with self.assertRaisesRegex(UserError, "7.00 of 10.00"):
            self._correct(first, 0)
        self._correct(second, 0)

    def test_serial_number(self):
        self.chair.tracking = "serial"
        order = self._create_order(quantity=2)
        order.backflush_post(lot_names=["S1", "S2"])
        posting = order.backflush_ids
        lots = posting.finished_move_ids.lot_ids.sorted("name")
        self._click_scrap(order, self.chair, 1, lot_id=lots[0].id)
        self.assertEqual(posting.later_scrapped_qty, 1)
        self._correct(posting, 1)
        self.assertEqual(order.lot_producing_ids, lots[0])
        with self.assertRaisesRegex(UserError, "0.00 of 1.00"):
            self._correct(posting, 0)

    def test_other_unit_and_place(self):
        order = self._create_order(quantity=10, product_uom_id=self.dozen.id)
        order.backflush_post()
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self._add_stock(self.chair, -24)
        self._add_stock(self.chair, 24, shelf)
        self._click_scrap(
            order,
            self.chair,
            1,
            product_uom_id=self.dozen.id,
            location_id=shelf.id,
        )
        self.assertEqual(order.backflush_ids.later_scrapped_qty, 12)

    def test_byproduct(self):
        sawdust = self._create_product("Sawdust")
        self.bom.byproduct_ids = [
            Command.create({"product_id": sawdust.id, "product_qty": 3})
        ]
        order = self._create_order(quantity=10)
        order.backflush_post()
        posting = order.backflush_ids
        scrap = self._click_scrap(order, sawdust, 5)
        self.assertEqual(posting.later_scrapped_qty, 0)
        self.assertEqual(posting.later_scrap_ids, scrap)
        with self.assertRaisesRegex(UserError, "25.00 of 30.00 Units Sawdust"):
            self._correct(posting, 0)

    def test_more_than_was_made(self):
        """What comes from elsewhere is no posting's."""
        order = self._create_order(quantity=10)
        order.backflush_post()
        self._add_stock(self.chair, 10)
        self._click_scrap(order, self.chair, 15)
        self.assertEqual(order.backflush_ids.later_scrapped_qty, 10)
        self._click_scrap(order, self.chair, 2)
        self.assertEqual(order.backflush_ids.later_scrapped_qty, 10)

    def test_it_is_recorded(self):
        order = self._create_order(quantity=10)
        order.backflush_post()
        posting = order.backflush_ids
        scrap = self._click_scrap(order, self.chair, 2)
        line = order.move_finished_ids.move_line_ids
        for record, values in (
            (scrap, {"scrap_reason_tag_ids": self.dent.ids}),
            (scrap, {"backflush_made_ids": [Command.clear()]}),
            (scrap.move_ids, {"quantity": 1}),
            (line, {"backflush_scrapped_qty": 0}),
            (posting, {"later_scrapped_qty": 0}),
            (posting, {"later_scrap_ids": [Command.clear()]}),
        ):
            with self.assertRaisesRegex(UserError, "record"):
                record.sudo().write(values)

    def test_without_backflush(self):
        self.bom.backflush = False
        order = self._create_order(quantity=10)
        self._produce(order)
        scrap = self._click_scrap(order, self.chair, 2)
        self.assertFalse(scrap.backflush_made_ids)
        self.assertFalse(
            any(order.move_finished_ids.move_line_ids.mapped("backflush_scrapped_qty"))
        )


@tagged("post_install", "-at_install")
class TestScrapOfKits(ScrapButtonCase):
    """A kit is scrapped as its components, on the order that has reserved them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kit = cls._create_product("Fittings")
        cls.screw = cls._create_product("Screw")
        cls.washer = cls._create_product("Washer")
        cls._create_bom(cls.kit, [(cls.screw, 4), (cls.washer, 2)], type="phantom")
        cls.bom.bom_line_ids = [
            Command.create({"product_id": cls.kit.id, "product_qty": 1})
        ]
        cls._add_stock(cls.screw, 60)
        cls._add_stock(cls.washer, 60)

    def test_own_reservation_and_no_other(self):
        order = self._create_order(quantity=10)
        order.action_assign()
        other = self._create_order(quantity=5)
        other.action_assign()
        self.assertEqual(self._component(other, self.screw).quantity, 20)
        self._take(order, 3)
        self.assertEqual(self._component(other, self.screw).quantity, 20)
        self.assertEqual(self._component(order, self.screw).quantity, 28)
        self.assertEqual(self._component(order, self.washer).quantity, 14)
        # 12 screws are free now, and 28 are reserved for this order.
        with self.assertRaisesRegex(UserError, "44.00 Units of Screw .* only 40"):
            self._take(order, 11)

    def _take(self, order, quantity):
        """What the button does before Odoo moves anything.

        With stock_account, Odoo fails on any kit that is scrapped: it reads the move
        of the kit that it has replaced.
        """
        values = {"production_id": order.id, "product_id": self.kit.id}
        values["bom_id"] = self.kit.bom_ids.id
        scrap = self.env["stock.scrap"].create({**values, "scrap_qty": quantity})
        components, made = scrap._filter_backflush_button()
        self.assertEqual((components, made), (scrap, scrap.browse()))
        components._take_backflush_reservation()


@tagged("post_install", "-at_install")
class TestScrapOverview(ScrapButtonCase):
    """The overview of an order tells what was scrapped, by reason."""

    def _get_lines(self, order):
        report = self.env["report.mrp.report_mo_overview"].with_user(self.worker)
        lines = report.get_report_values(order.id)["data"].get("backflush_scrap")
        html, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "mrp.report_mo_overview", order.ids
        )
        for line in lines or ():
            self.assertIn(line, html.decode())
        return lines

    def test_by_reason(self):
        order = self._create_order(quantity=100)
        self.assertEqual(self._get_lines(order), [])
        damaged = [{"product_id": self.board.id, "quantity": 3, "reason": "Dent"}]
        scrap = [self._scrap(4), self._scrap(2), self._scrap(1, "")]
        order.backflush_post(50, scrap=scrap, damaged=damaged)
        order.backflush_post()
        self._click_scrap(order, self.chair, 5, scrap_reason_tag_ids=self.dent.ids)
        self.assertCountEqual(
            self._get_lines(order),
            [
                "11.00 Units Chair scrapped: Dent",
                "1.00 Units Chair scrapped: no reason",
                "3.00 Units Board scrapped: Dent",
            ],
        )

    def test_taken_back(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)])
        order.backflush_ids.with_user(self.worker).backflush_correct(0)
        self.assertEqual(self._get_lines(order), [])

    def test_without_backflush(self):
        self.bom.backflush = False
        order = self._create_order(quantity=10)
        self.assertIsNone(self._get_lines(order))
