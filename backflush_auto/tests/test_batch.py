import logging
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError

from ..posting.posting import Posting
from .common import BackflushCase


class TestBatch(BackflushCase):
    """Many orders in one call leave the rows that stock Odoo leaves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 1000)

    def _create_orders(self, *quantities):
        orders = [self._create_order(quantity=quantity) for quantity in quantities]
        return self.env["mrp.production"].union(*orders).with_user(self.worker)

    def test_progress_in_the_log(self):
        orders = self._create_orders(10, 20)
        path = "odoo.addons.backflush_auto.posting.posting"
        self.enterContext(patch(f"{path}.MANY", 2))
        with self.assertLogs(path, logging.INFO) as log:
            orders.button_mark_done()
        self.assertEqual(
            [record.getMessage() for record in log.records],
            [
                "Posting 2 orders: what each component takes is known.",
                "Posting 2 orders: the components are on their way.",
                "Posting 2 orders: stock is moved, the posting is recorded.",
            ],
        )

    def test_worked_out_once(self):
        """A click decides once what leaves; one that ends with a question, too."""
        made = []
        original = Posting.__init__

        def count(posting, *args):
            made.append(posting)
            return original(posting, *args)

        self.enterContext(patch.object(Posting, "__init__", count))
        self._create_orders(10, 20).button_mark_done()
        self.assertEqual(len(made), 1)
        order = self._create_orders(10)
        order.backflush_post(quantity=10)
        self.assertEqual(len(made), 2)
        part = self._create_orders(10)
        part.qty_producing = 4
        self.assertIsInstance(part.button_mark_done(), dict)
        self.assertEqual(len(made), 3)

    def test_no_question_for_what_is_short(self):
        part = self._create_orders(1000)
        part.qty_producing = 900
        with self.assertRaisesRegex(UserError, "Board"):
            part.button_mark_done()

    def test_reservations_of_others(self):
        """What was reserved by hand is released, what others hold stays."""
        held = self._create_orders(100)
        held.action_assign()
        ours = self._create_orders(10, 20)
        ours[0].action_assign()
        self.assertEqual(self._reserved(self.board), 220)
        ours.button_mark_done()
        self.assertEqual(self._reserved(self.board), 200)
        self.assertEqual(self._on_hand(self.board), 940)
        self.assertEqual(held.move_raw_ids.mapped("state"), ["assigned"] * 2)

    def test_beside_stock_orders(self):
        """Orders that are not backflushed, in the same call."""
        self.bom.backflush = False
        stock = self._create_orders(10)
        self.bom.backflush = True
        ours = self._create_orders(20)
        (stock | ours).button_mark_done()
        self.assertEqual((stock | ours).mapped("state"), ["done"] * 2)
        self.assertEqual(self._on_hand(self.board), 940)
        self.assertEqual(self._reserved(self.board), 0)

    def test_several_quants_of_one_place(self):
        """Odoo writes a second quant where two change one at the same moment."""
        self.env["stock.quant"].create(
            {
                "product_id": self.board.id,
                "location_id": self.stock_location.id,
                "quantity": 5,
            }
        )
        self._create_orders(10, 20).button_mark_done()
        self.assertEqual(self._on_hand(self.board), 1005 - 60)

    def test_into_negative_stock(self):
        self.bom.backflush_shortage = "negative"
        self._create_orders(300, 300).button_mark_done()
        self.assertEqual(self._on_hand(self.board), -200)
        self.assertEqual(self._on_hand(self.bolt), -1400)
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "=", self.board.id),
                ("location_id", "=", self.stock_location.id),
            ]
        )
        self.assertEqual(quants.mapped("quantity"), [-200])

    def test_finished_lots_come_as_old_as_they_are(self):
        self.chair.tracking = "lot"
        orders = self._create_orders(10, 20)
        lot = self._create_lot(self.chair, "C1")
        orders.lot_producing_ids = lot
        orders.button_mark_done()
        quants = self.env["stock.quant"].search(
            [("lot_id", "=", lot.id), ("location_id", "=", self.stock_location.id)]
        )
        self.assertRecordValues(quants, [{"quantity": 30}])

    def test_followers_are_told(self):
        """An order that somebody follows is logged by Odoo itself."""
        orders = self._create_orders(10, 20)
        follower = self.env.user.partner_id
        subtypes = self.env["mail.message.subtype"].search([])
        orders[0].sudo().message_subscribe(follower.ids, subtypes.ids)
        self.env.flush_all()
        self.cr.precommit.run()
        orders.button_mark_done()
        self.env.flush_all()
        self.cr.precommit.run()
        for order in orders:
            tracked = order.message_ids.sudo().tracking_value_ids
            self.assertEqual(tracked.mapped("new_value_char").count("Done"), 1)

    def test_reordering_rule_is_triggered(self):
        """Also where it is made after its products were asked about."""
        self._create_orders(10)
        self._create_bom(self.bolt, [(self.board, 1)])
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.bolt.id,
                "product_min_qty": 0,
                "product_max_qty": 50,
                "trigger": "auto",
                "route_id": self.warehouse.manufacture_pull_id.route_id.id,
            }
        )
        self._create_orders(200, 100)
        made = self.env["mrp.production"].search([("product_id", "=", self.bolt.id)])
        self.assertEqual(sum(made.mapped("product_qty")), 290)

    def test_push_rule(self):
        """Also where it is made after an order was posted."""
        self._create_orders(1).button_mark_done()
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        route = self.env["stock.route"].create(
            {
                "name": "To the shelf",
                "product_selectable": True,
                "rule_ids": [
                    Command.create(
                        {
                            "name": "Shelf",
                            "action": "push",
                            "location_src_id": self.stock_location.id,
                            "location_dest_id": shelf.id,
                            "picking_type_id": self.warehouse.int_type_id.id,
                        }
                    )
                ],
            }
        )
        self.chair.route_ids = route
        orders = self._create_orders(10, 20)
        orders.button_mark_done()
        pushed = orders.move_finished_ids.move_dest_ids
        self.assertEqual(sum(pushed.mapped("product_uom_qty")), 30)
        self.assertEqual(pushed.location_dest_id, shelf)

    def test_change_without_a_message(self):
        """An order that changes into a state of which Odoo posts nothing is logged."""
        orders = self._create_orders(10, 20)
        self.env.flush_all()
        self.cr.precommit.run()
        orders.write({"qty_producing": 5})
        orders.action_cancel()
        self.env.flush_all()
        self.cr.precommit.run()
        for order in orders:
            tracked = order.message_ids.sudo().tracking_value_ids
            self.assertIn("Cancelled", tracked.mapped("new_value_char"))
