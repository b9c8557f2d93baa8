from unittest.mock import patch

from odoo.tests import Form, tagged

from .common import BackflushCase

CLOSE = {"type": "ir.actions.act_window_close"}


@tagged("post_install", "-at_install")
class TestLog(BackflushCase):
    """What the log of an order and a notification say of its postings."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _get_lines(self, order):
        """What the log says of the postings of an order, and who has written it."""
        postings = [f'data-oe-id="{posting.id}"' for posting in order.backflush_ids]
        return [
            (message.author_id, message.body)
            for message in order.message_ids.sorted("id")
            if any(posting in message.body for posting in postings)
        ]

    def test_one_line_a_posting(self):
        order = self._create_order(quantity=100)
        order.backflush_post(30)
        order.backflush_post(
            20, components=[{"product_id": self.board.id, "quantity": 43}]
        )
        (author, plain), (_author, differing) = self._get_lines(order)
        self.assertEqual(author, self.worker.partner_id)
        self.assertIn("30.00 Units produced", plain)
        self.assertNotIn("Board", plain)
        self.assertIn("20.00 Units produced", differing)
        self.assertIn("Board: 43.00 Units instead of 40.00", differing)
        self.assertNotIn("Bolt", differing)

    def test_what_is_deferred_and_scrapped(self):
        order = self._create_order(quantity=600, backflush_shortage="defer")
        order.backflush_post(590, scrap=[{"quantity": 10}])
        [(_author, line)] = self._get_lines(order)
        self.assertIn("590.00 Units produced, 10.00 scrapped", line)
        self.assertIn("Board: 200.00 Units deferred", line)
        self.assertIn("Bolt: 1,400.00 Units deferred", line)

    def test_start_and_operation(self):
        center = self.env["mrp.workcenter"].create({"name": "Bench"})
        self.bom.operation_ids = [
            (0, 0, {"name": "Cut", "workcenter_id": center.id}),
        ]
        start, cut = self.bom.bom_line_ids
        start.backflush_method = "start"
        cut.write(
            {
                "backflush_method": "operation",
                "operation_id": self.bom.operation_ids.id,
            }
        )
        order = self._create_order(quantity=10)
        order.action_start()
        order.backflush_post(4, workorder_id=order.workorder_ids.id)
        (_author, started), (_author, done) = self._get_lines(order)
        self.assertIn("started, for 10.00 Units", started)
        self.assertIn("4.00 Units done at Cut", done)

    def _count_inserts(self, number):
        """How often messages are created that say what was posted."""
        orders = self.env["mrp.production"].union(
            *(self._create_order(quantity=1) for _order in range(number))
        )
        self.env.flush_all()
        messages = type(self.env["mail.message"])
        create, notes = messages.create, []

        def count(records, vals_list):
            notes.extend(["mrp.backflush" in str(vals_list)])
            return create(records, vals_list)

        with patch.object(messages, "create", count):
            orders.button_mark_done()
            self.env.cr.precommit.run()
        self.assertEqual({len(self._get_lines(order)) for order in orders}, {1})
        return sum(notes)

    def test_one_insert_for_all_orders(self):
        self.assertEqual(self._count_inserts(1), 1)
        self.assertEqual(self._count_inserts(12), 1)

    # --- What a person is told ---

    def _post(self, orders, **values):
        action = orders.action_backflush_report()
        form = Form.from_action(self.env(user=self.worker), action)
        for name, value in values.items():
            setattr(form, name, value)
        return form.save().action_post()

    def test_one_order_posted(self):
        order = self._create_order(quantity=10)
        notice = self._post(order)
        posting = order.backflush_ids
        self.assertEqual(notice["tag"], "backflush_posted")
        params = notice["params"]
        self.assertEqual(params["message"], "%s: 10 Units of Chair")
        url = f"/odoo/backflushes/{posting.id}"
        self.assertEqual(params["links"], [{"label": posting.name, "url": url}])
        self.assertEqual(params["correct"], "Correct")
        self.assertEqual(params["next"], CLOSE)

    def test_several_orders_posted(self):
        orders = self.env["mrp.production"].union(
            *(self._create_order(quantity=1) for _order in range(7))
        )
        params = self._post(orders)["params"]
        message = "7 orders posted: %s, %s, %s, %s, %s, …"
        self.assertEqual(params["message"], message)
        self.assertEqual(len(params["links"]), 5)
        self.assertFalse(params["correct"])

    def test_a_name_with_a_percent_sign(self):
        self.chair.name = "Chair 50%s"
        self.unit.name = "% of a lot"
        order = self._create_order(quantity=10)
        params = self._post(order)["params"]
        self.assertEqual(params["message"], "%s: 10 %% of a lot of Chair 50%%s")

    def test_others_than_people_are_told_nothing(self):
        order = self._create_order(quantity=10)
        self.assertIs(order.button_mark_done(), True)
