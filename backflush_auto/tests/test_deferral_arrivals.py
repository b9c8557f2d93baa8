from odoo import Command

from .test_deferral import DeferralCase


class TestBeforeReservation(DeferralCase):
    """Debts take what comes before anything reserves it."""

    def _owe(self, quantity=10):
        order = self._create_order(quantity=quantity)
        order.button_mark_done()
        return order

    def _make_chain(self, quantity, product=None):
        """A transfer from the yard, and a delivery of what it brings."""
        product = product or self.board
        yard = self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.warehouse.view_location_id.id}
        )
        self._add_stock(product, quantity, yard)
        delivery, transfer = self.env["stock.move"].create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": quantity,
                    "location_id": source.id,
                    "location_dest_id": goal.id,
                    "procure_method": method,
                }
                for source, goal, method in (
                    (
                        self.stock_location,
                        self.env.ref("stock.stock_location_customers"),
                        "make_to_order",
                    ),
                    (yard, self.stock_location, "make_to_stock"),
                )
            ]
        )
        transfer.move_dest_ids = [Command.link(delivery.id)]
        (delivery | transfer)._action_confirm()
        transfer._action_assign()
        transfer.picked = True
        return transfer, delivery

    def test_what_is_brought_for_another_move(self):
        order = self._owe()
        transfer, delivery = self._make_chain(30)
        transfer._action_done()
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(
            (delivery.quantity, delivery.state), (10, "partially_available")
        )
        self.assertEqual(self._on_hand(self.board), 10)

    def test_all_of_it_is_owed(self):
        order = self._owe()
        transfer, delivery = self._make_chain(12)
        transfer._action_done()
        self.assertEqual(self._get_debts(order).quantity, 8)
        self.assertFalse(delivery.quantity)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_where_nothing_is_owed_it_is_reserved_at_once(self):
        self._owe()
        transfer, delivery = self._make_chain(30, self.bolt)
        transfer._action_done()
        self.assertEqual((delivery.quantity, delivery.state), (30, "assigned"))

    def _forget_triggers(self):
        self.cr.precommit.run()
        self._find_triggers().unlink()

    def _find_triggers(self):
        cron = self.env.ref("backflush_auto.ir_cron_settle")
        return self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])

    def _give_up(self, give_up):
        """An order gives up what another one owes: the scheduled action is triggered.

        :param give_up: what is done with the order that has reserved it
        """
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        order = self._owe()
        self._forget_triggers()
        give_up(other)
        self.cr.precommit.run()
        self.assertEqual(len(self._find_triggers()), 1)
        with self.enter_registry_test_mode():
            self.env.ref("backflush_auto.ir_cron_settle").method_direct_trigger()
        self.assertEqual(self._get_debts(order).state, "done")
        self.assertEqual(self._on_hand(self.board), 0)

    def test_a_reservation_that_is_given_up(self):
        """Nothing moves, so the scheduled action pays: it is triggered, not polled."""
        self._give_up(lambda other: other.do_unreserve())

    def test_an_order_that_is_cancelled(self):
        self._give_up(lambda other: other.action_cancel())

    def test_a_reservation_of_what_nobody_owes(self):
        self._add_stock(self.board, 20)
        other = self._create_order(quantity=10)
        other.action_assign()
        self._forget_triggers()
        other.do_unreserve()
        self.cr.precommit.run()
        self.assertFalse(self._find_triggers())


class TestWhateverComes(DeferralCase):
    """Stock pays, however it comes."""

    def _begin(self):
        """An order that has consumed its boards, and one that owes them."""
        self._add_stock(self.board, 20)
        first = self._create_order(quantity=10)
        first.backflush_post()
        second = self._create_order(quantity=10)
        second.backflush_post()
        debt = self._get_debts(first | second)
        self.assertRecordValues(
            debt, [{"production_id": second.id, "quantity": 20, "state": "waiting"}]
        )
        return first, debt

    def test_a_return_of_a_customer(self):
        _first, debt = self._begin()
        move = self.env["stock.move"].create(
            {
                "product_id": self.board.id,
                "product_uom_qty": 15,
                "location_id": self.env.ref("stock.stock_location_customers").id,
                "location_dest_id": self.stock_location.id,
            }
        )
        move._action_confirm()
        move.quantity = 15
        move.picked = True
        move._action_done()
        self.assertEqual(debt.quantity, 5)

    def test_a_putaway(self):
        _first, debt = self._begin()
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock_location.id}
        )
        self.env["stock.putaway.rule"].create(
            {
                "product_id": self.board.id,
                "location_in_id": self.stock_location.id,
                "location_out_id": shelf.id,
            }
        )
        picking = self._receive(self.board, 30)
        self.assertEqual(picking.move_line_ids.location_dest_id, shelf)
        self.assertEqual(debt.state, "done")
        self.assertEqual(debt.move_id.move_line_ids.location_id, shelf)
        self.assertEqual(self._on_hand(self.board, shelf), 10)

    def test_an_unbuild_of_another_order(self):
        first, debt = self._begin()
        self.env["mrp.unbuild"].create(
            {
                "product_id": self.chair.id,
                "mo_id": first.id,
                "product_qty": 6,
                "product_uom_id": self.unit.id,
            }
        ).action_unbuild()
        self.assertEqual(debt.quantity, 8)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_a_correction_of_another_order(self):
        first, debt = self._begin()
        first.backflush_ids.backflush_correct(3, "were 3")
        self.assertEqual(debt.quantity, 6)
        self.assertEqual(self._on_hand(self.board), 0)

    def test_a_correction_of_the_order_that_owes(self):
        """What comes back of one report pays what another one of the order owes."""
        self._add_stock(self.board, 20)
        order = self._create_order(quantity=20)
        order.backflush_post(10)
        order.backflush_post(10)
        first, _second = order.backflush_ids.sorted("id")
        first.backflush_correct(4, "were 4")
        self.assertEqual(sum(self._get_debts(order).mapped("quantity")), 8)
        self.assertEqual(self._on_hand(self.board), 0)
