from odoo.exceptions import ValidationError
from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestQuantityRules(BackflushCase):
    """Per unit or per order, with scrap, in whole pieces."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 10000)
        cls._add_stock(cls.bolt, 10000)
        cls.line = cls.bom.bom_line_ids[0]

    def _plan(self, quantity=100, **values):
        """What an order plans of boards, and what it consumes in three parts."""
        self.line.write(values)
        order = self._create_order(quantity=quantity)
        planned = self._component(order, self.board).product_uom_qty
        for part in (quantity * 0.3, quantity * 0.45, 0):
            order.backflush_post(quantity=part)
        consumed = sum(self._component(order, self.board).mapped("quantity"))
        self.assertAlmostEqual(consumed, planned)
        self.assertEqual(order.state, "done")
        return planned

    def test_scrap(self):
        self.assertEqual(self._plan(backflush_scrap=5), 210)

    def test_per_order(self):
        self.assertEqual(self._plan(backflush_basis="order"), 2)

    def test_per_order_with_scrap(self):
        self.assertEqual(self._plan(backflush_basis="order", backflush_scrap=50), 3)

    def test_whole_pieces(self):
        self.bom.product_qty = 3
        whole = {"backflush_rounding": 1, "product_qty": 1}
        for method, planned in (("up", 4), ("half-up", 3), ("down", 3), (False, 3)):
            with self.subTest(method=method):
                plan = self._plan(10, backflush_rounding_method=method, **whole)
                self.assertEqual(plan, planned)

    def test_whole_pieces_leave_when_they_are_begun(self):
        self.bom.product_qty = 3
        self.line.write(
            {
                "product_qty": 1,
                "backflush_rounding": 1,
                "backflush_rounding_method": "up",
            }
        )
        order = self._create_order(quantity=4)
        expected = []
        for _piece in range(4):
            components = order.backflush_post(quantity=1)["components"]
            expected += [c["expected"] for c in components if c["product"] == "Board"]
        self.assertEqual(expected, [1, 1])

    def test_per_order_leaves_with_the_first_report(self):
        self.line.backflush_basis = "order"
        order = self._create_order(quantity=100)
        result = order.backflush_post(quantity=1)
        self.assertEqual(
            [c["consumed"] for c in result["components"]], [2, 4], result["components"]
        )
        result = order.backflush_post(quantity=1)
        self.assertEqual([c["product"] for c in result["components"]], ["Bolt"])

    def test_per_order_and_its_backorder(self):
        """Orders split from one are one order: it is taken once."""
        self.line.backflush_basis = "order"
        order = self._create_order(quantity=100)
        backorder = self._produce(order, 30, backorder=True)
        self.assertConsumed(order, {self.board: 2, self.bolt: 120})
        self.assertEqual(self._component(backorder, self.board).product_uom_qty, 0)
        self._produce(backorder)
        self.assertConsumed(backorder, {self.board: 0, self.bolt: 280})

    def test_another_quantity_of_the_order(self):
        self.line.backflush_basis = "order"
        self.bom.bom_line_ids[1].backflush_scrap = 10
        order = self._create_order(quantity=100)
        self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 50}
        ).change_prod_qty()
        self.assertEqual(order.move_raw_ids.mapped("product_uom_qty"), [2, 220])

    def test_edited_demand(self):
        """The edit is what leaves stock, scrap included, and the recipe from now on."""
        self.line.backflush_scrap = 25
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        self.assertEqual(board.product_uom_qty, 250)
        board.product_uom_qty = 500
        self.assertEqual(board.backflush_ratio, 4)
        self._produce(order, 50)
        self.assertConsumed(order, {self.board: 250, self.bolt: 200})

    def test_edited_demand_per_order(self):
        self.line.backflush_basis = "order"
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.product_uom_qty = 5
        self.assertEqual(board.backflush_ratio, 5)
        self._produce(order, 50)
        self.assertConsumed(order, {self.board: 5, self.bolt: 200})

    def test_rule_changed_on_the_order(self):
        order = self._create_order(quantity=100)
        board = self._component(order, self.board)
        board.backflush_scrap = 5
        self.assertEqual(board.product_uom_qty, 210)
        board.backflush_basis = "order"
        self.assertEqual(board.product_uom_qty, 2.1)
        self.line.backflush_scrap = 50
        self.assertEqual(board.backflush_scrap, 5)

    def test_updated_bom(self):
        order = self._create_order(quantity=100)
        self.line.write({"backflush_scrap": 5, "backflush_rounding": 100})
        order.action_update_bom()
        self.assertRecordValues(
            self._component(order, self.board),
            [
                {
                    "product_uom_qty": 200,
                    "backflush_scrap": 5,
                    "backflush_rounding": 100,
                }
            ],
        )

    def test_kits(self):
        """A kit per order takes its components per order; losses add up."""
        glue, box = self._create_product("Glue"), self._create_product("Box")
        for product in (glue, box):
            self._add_stock(product, 10000)
        packing = self._create_product("Packing")
        self._create_bom(
            packing,
            [
                (box, 2, {"backflush_scrap": 10}),
                (glue, 3, {"backflush_basis": "order"}),
            ],
            type="phantom",
            product_qty=2,
        )
        for basis, boxes in (("unit", 480 * 1.1 * 1.25), ("order", 4.8 * 1.1 * 1.25)):
            with self.subTest(basis=basis):
                bom = self._create_bom(
                    self.chair,
                    [
                        (
                            packing,
                            0.4,
                            {
                                "product_uom_id": self.dozen.id,
                                "backflush_basis": basis,
                                "backflush_scrap": 25,
                            },
                        )
                    ],
                )
                order = self._create_order(quantity=100, bom=bom)
                plan = dict.fromkeys((box, glue), 0)
                for move in order.move_raw_ids:
                    plan[move.product_id] = move.product_uom_qty
                self.assertEqual(plan, {box: round(boxes, 2), glue: 3})
                order.button_mark_done()
                self.assertConsumed(order, plan)

    def test_dozens(self):
        self.line.write(
            {
                "product_uom_id": self.dozen.id,
                "product_qty": 0.1,
                "backflush_rounding": 0.5,
                "backflush_rounding_method": "up",
            }
        )
        order = self._create_order(quantity=2, product_uom_id=self.dozen.id)
        self.assertEqual(self._component(order, self.board).product_uom_qty, 2.5)
        on_hand = self._on_hand(self.board)
        self._produce(order)
        self.assertEqual(on_hand - self._on_hand(self.board), 30)

    def test_overview(self):
        """The overview of the BoM shows what an order plans, and costs that."""
        self.board.standard_price = 10
        self.line.write({"backflush_scrap": 5, "product_qty": 2.01})
        self.bom.bom_line_ids[1].backflush_basis = "order"
        order = self._create_order(quantity=100)
        report = self.env["report.mrp.report_bom_structure"]
        data = report._get_report_data(self.bom.id, searchQty=100)["lines"]
        self.assertEqual(
            [component["quantity"] for component in data["components"]],
            order.move_raw_ids.mapped("product_uom_qty"),
        )
        self.assertEqual([c["quantity"] for c in data["components"]], [211.05, 4])
        self.assertEqual(data["bom_cost"], 2110.5)
        self.bom.backflush = False
        data = report._get_report_data(self.bom.id, searchQty=100)["lines"]
        self.assertAlmostEqual(data["components"][0]["quantity"], 201)
        self.assertEqual(data["components"][1]["quantity"], 400)

    def test_overview_of_a_kit(self):
        packing, box = self._create_product("Packing"), self._create_product("Box")
        rule = {"backflush_scrap": 10, "backflush_rounding": 1}
        rule["backflush_rounding_method"] = "up"
        self._create_bom(packing, [(box, 2, rule)], type="phantom", product_qty=3)
        bom = self._create_bom(self.chair, [(packing, 1, {"backflush_scrap": 20})])
        order = self._create_order(quantity=10, bom=bom)
        self.assertEqual(order.move_raw_ids.product_uom_qty, 9)
        report = self.env["report.mrp.report_bom_structure"]
        data = report._get_report_data(bom.id, searchQty=10)["lines"]
        [kit] = data["components"]
        self.assertEqual([c["quantity"] for c in kit["components"]], [9])

    def test_overview_of_the_order(self):
        """What the BoM says it costs is what the order plans; an edit stands out."""
        self.board.standard_price, self.bolt.standard_price = 10, 1
        self.line.backflush_scrap = 5
        self.bom.bom_line_ids[1].backflush_basis = "order"
        order = self._create_order(quantity=100)
        self.assertBomCosts(order, {self.board: 2100, self.bolt: 4}, [])
        order.backflush_post(quantity=30)
        self.assertBomCosts(order, {self.board: 2100, self.bolt: 4})
        edited = self._create_order(quantity=100)
        self._component(edited, self.board).product_uom_qty = 220
        self.assertBomCosts(edited, {self.board: 2100, self.bolt: 4}, [self.board])

    def assertBomCosts(self, order, expected, marked=None):
        """Compare the cost by the BoM.

        :param expected: ``{product: cost}``
        :param marked: the products whose cost on the order is shown to be higher
        """
        report = self.env["report.mrp.report_mo_overview"]
        data = report._get_report_data(order.id)["components"]
        costs = dict.fromkeys(expected, 0.0)
        for component in data:
            costs[component["summary"]["product"]] += component["summary"]["bom_cost"]
        self.assertEqual(costs, expected)
        if marked is not None:
            looks = [c["summary"] for c in data if c["summary"]["mo_cost_decorator"]]
            self.assertEqual([look["product"] for look in looks], marked)

    def test_preview(self):
        self.line.write({"backflush_scrap": 5})
        self.bom.bom_line_ids[1].backflush_basis = "order"
        order = self._create_order(quantity=100)
        formulas = [c["formula"] for c in order.backflush_preview()["components"]]
        self.assertEqual(
            formulas,
            [
                "2 Units × 100.00 Units + 5 % = 210.00 Units",
                "4 Units for the order = 4.00 Units",
            ],
        )

    def test_copied_order(self):
        self.line.write({"backflush_scrap": 5})
        copy = self._create_order(quantity=100).copy({"product_qty": 10})
        self.assertEqual(copy.move_raw_ids.mapped("product_uom_qty"), [21, 40])

    def test_negative(self):
        with self.assertRaises(ValidationError):
            self.line.backflush_scrap = -1
        with self.assertRaises(ValidationError):
            self.line.backflush_rounding = -1

    def test_on_the_form(self):
        with Form(self.bom) as form, form.bom_line_ids.edit(0) as line:
            line.backflush_scrap = 5
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 10
        order = form.record
        self.assertEqual(self._component(order, self.board).product_uom_qty, 21)
        order.action_confirm()
        self.assertEqual(self._component(order, self.board).backflush_ratio, 2)
