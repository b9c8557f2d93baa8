from odoo.exceptions import UserError
from odoo.tests import Form, new_test_user, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestTolerance(BackflushCase):
    """How far usage and output may be from the bill of materials."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.write({"consumption": "strict", "backflush_over_completion": 10})
        cls.line = cls.bom.bom_line_ids[0]
        cls.manager = new_test_user(
            cls.env,
            "backflush_manager",
            groups=f"mrp.group_mrp_manager,{cls._get_worker_groups()}",
        )
        for product in (cls.board, cls.bolt):
            cls._add_stock(product, 10000)

    def _use(self, quantity, product=None):
        product = product or self.board
        return [{"product_id": product.id, "quantity": quantity}]

    def _assert_refused(self, order, expected, *args, **values):
        """Refused with the figures: consumed, expected and limit."""
        with self.assertRaises(UserError) as refused:
            order.backflush_post(*args, **values)
        error = refused.exception
        self.assertEqual(error.backflush_kind, "tolerance")
        figures = [
            (issue["product"], issue["consumed"], issue["expected"], issue["limit"])
            for issue in error.backflush_details["issues"]
        ]
        self.assertEqual(figures, expected)

    # --- Usage ---

    def test_not_checked(self):
        """Without a tolerance, strict allows what it says and nothing else."""
        order = self._create_order(quantity=100)
        expected = [("Board", 201, 200, 200)]
        self._assert_refused(order, expected, 100, components=self._use(201))

    def test_upwards_at_each_posting(self):
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        self._assert_refused(
            order, [("Board", 63, 60, 61.8)], 30, components=self._use(63)
        )
        order.backflush_post(30, components=self._use(61))
        # All postings count together: 61 before, 121 of 120.
        order.backflush_post(30, components=self._use(62))
        expected = [("Board", 207, 200, 206)]
        self._assert_refused(order, expected, 40, components=self._use(84))
        order.backflush_post(40, components=self._use(83))
        self.assertEqual(order.state, "done")
        self.assertConsumed(order, {self.board: 206, self.bolt: 400})

    def test_limit_between_two_quantities(self):
        """Of 14, 3.33 % more is 14.4662: what stock can hold next to it is allowed."""
        self.line.backflush_tolerance_up = 3.33
        order = self._create_order(quantity=7)
        expected = [("Board", 14.48, 14, 14.47)]
        self._assert_refused(order, expected, components=self._use(14.48))
        order.backflush_post(components=self._use(14.47))
        self.assertEqual(order.state, "done")

    def test_downwards_once_it_closes(self):
        self.line.write({"backflush_tolerance_up": 3, "backflush_tolerance_down": 5})
        order = self._create_order(quantity=100)
        order.backflush_post(30, components=self._use(40))
        # Nothing is entered any more: 40 + 140 = 180 of 200.
        self._assert_refused(order, [("Board", 180, 200, 190)])
        order.backflush_post(components=self._use(150))
        self.assertEqual(order.state, "done")

    def test_other_components_are_held_to_the_letter(self):
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        used = self._use(61) + self._use(121, self.bolt)
        self._assert_refused(order, [("Bolt", 121, 120, 120)], 30, components=used)

    def test_of_the_product(self):
        self.board.backflush_tolerance_up = 50
        order = self._create_order(quantity=100)
        order.backflush_post(30, components=self._use(90))
        self.line.backflush_tolerance_up = 3
        other = self._create_order(quantity=100)
        self._assert_refused(
            other, [("Board", 90, 60, 61.8)], 30, components=self._use(90)
        )

    def test_as_the_order_took_it_over(self):
        order = self._create_order(quantity=100)
        self.line.backflush_tolerance_up = 50
        expected = [("Board", 61, 60, 60)]
        self._assert_refused(order, expected, 30, components=self._use(61))

    def test_edited_demand(self):
        """An edit of the order is no way around a tolerance."""
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        self._component(order, self.board).product_uom_qty = 300
        self._assert_refused(order, [("Board", 90, 60, 61.8)], 30)

    def test_manager(self):
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100).with_user(self.manager)
        order.backflush_post(30, components=self._use(90))
        self.assertEqual(order.backflush_ids.user_id, self.manager)

    def test_flexible(self):
        self.bom.consumption = "flexible"
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        result = order.backflush_post(130, components=self._use(300))
        self.assertEqual(result["components"][0]["variance"], 40)

    def test_scrap_counts(self):
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        scrap = [{"quantity": 10}]
        order.backflush_post(90, scrap=scrap, components=self._use(206))
        self.assertEqual(order.state, "done")

    def test_what_failed_closes_the_order(self):
        self.line.backflush_tolerance_down = 5
        order = self._create_order(quantity=100)
        values = {"quantity": 90, "scrap": [{"quantity": 10}], "remainder": "keep"}
        self._assert_refused(
            order, [("Board", 180, 200, 190)], components=self._use(180), **values
        )
        order.backflush_post(components=self._use(190), **values)
        self.assertEqual(order.state, "done")

    def test_what_came_back_is_not_consumed(self):
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        for _time in range(2):
            result = order.backflush_post(30, components=self._use(61))
            posting = self.env["mrp.backflush"].browse(result["id"])
            posting.with_user(self.worker).backflush_correct()
        self._assert_refused(
            order, [("Board", 62, 60, 61.8)], 30, components=self._use(62)
        )

    def test_line_in_another_unit(self):
        self.line.write({"product_uom_id": self.dozen.id, "backflush_tolerance_up": 10})
        order = self._create_order(quantity=10)
        self._assert_refused(
            order, [("Board", 276, 240, 264)], components=self._use(23)
        )
        order.backflush_post(components=self._use(22))
        self.assertEqual(order.state, "done")

    # --- Over-completion ---

    def test_over_completion(self):
        order = self._create_order(quantity=100)
        self._assert_refused(order, [("Chair", 111, 100, 110)], 111)
        order.backflush_post(110)
        self.assertEqual((order.state, order.qty_produced), ("done", 110))

    def test_default_of_new_companies(self):
        company = self.env["res.company"].create({"name": "New"})
        self.assertEqual(company.backflush_over_completion, 10)
        company.backflush_over_completion = 25
        values = {"product_tmpl_id": self.chair.product_tmpl_id.id}
        bom = self.env["mrp.bom"].create({**values, "company_id": company.id})
        self.assertEqual(bom.backflush_over_completion, 25)

    def test_over_completion_in_parts(self):
        order = self._create_order(quantity=100)
        order.backflush_post(60)
        self._assert_refused(order, [("Chair", 120, 100, 110)], 60)
        self.bom.backflush_over_completion = 0
        order.backflush_post(60)
        self.assertEqual(order.qty_produced, 120)

    def test_asks_on_the_form(self):
        self.bom.consumption = "warning"
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 150
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        self.assertEqual(wizard._name, "mrp.consumption.warning")
        self.assertRecordValues(
            wizard.mrp_consumption_warning_line_ids,
            [
                {
                    "product_id": self.chair.id,
                    "product_consumed_qty_uom": 150,
                    "product_expected_qty_uom": 100,
                    "backflush_limit_qty": 110,
                }
            ],
        )
        wizard.action_confirm()
        self.assertEqual((order.state, order.qty_produced), ("done", 150))

    def test_set_quantities_on_the_form(self):
        """What is set is what this posting should make and consume."""
        self.bom.consumption = "warning"
        self.line.backflush_tolerance_up = 3
        order = self._create_order(quantity=100)
        order.backflush_post(30, components=self._use(61))
        with Form(order) as form:
            form.qty_producing = 150
        self._component(order, self.board).filtered(
            lambda move: move.state != "done"
        ).quantity = 400
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        lines = wizard.mrp_consumption_warning_line_ids
        self.assertEqual(lines.product_id, self.chair | self.board)
        wizard.action_set_qty()
        self.assertEqual((order.state, order.qty_produced), ("done", 100))
        self.assertNotIn(self.chair, order.move_raw_ids.product_id)
        # 61 and 139 of the first 200.
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_batch(self):
        order = self._create_order(quantity=100)
        model = self.env["mrp.production"].with_user(self.worker)
        [result] = model.backflush_post_batch(
            [{"production_id": order.id, "quantity": 150}]
        )
        self.assertEqual(result["error"]["type"], "tolerance")
        self.assertEqual(result["error"]["issues"][0]["limit"], 110)
