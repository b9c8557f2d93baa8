from odoo.exceptions import UserError, ValidationError
from odoo.tests import Form, tagged

from .common import BackflushCase


@tagged("post_install", "-at_install")
class TestShortageOffers(BackflushCase):
    """What the web client offers where components are short."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_stock(cls.board, 93)
        cls._add_stock(cls.bolt, 1000)

    def _get_refusal(self, order, **values):
        with self.assertRaises(UserError) as refused, self.env.cr.savepoint():
            order.backflush_post(**values)
        return refused.exception

    def _get_offers(self, order):
        shortage = self._get_refusal(order).context["shortage_dialog"]
        orders = order.browse(shortage["order_ids"])
        self.assertEqual(orders, order)
        offers = orders.get_backflush_offers(shortage["product_ids"])
        return {offer["label"]: offer["action"] for offer in offers}

    def test_title(self):
        order = self._create_order(quantity=100)
        error = self._get_refusal(order)
        shortage = error.context["shortage_dialog"]
        self.assertEqual(shortage["title"], "Components Are Short")
        self.assertEqual(shortage["product_ids"], self.board.ids)

    def test_report_what_stock_covers(self):
        order = self._create_order(quantity=100)
        action = self._get_offers(order)["Report What Stock Covers (46)"]
        form = Form.from_action(self.env(user=self.worker), action)
        self.assertEqual(form.quantity, 46)
        self.assertFalse(form.warning)
        form.save().action_post()
        self.assertRecordValues(order, [{"qty_produced": 46, "state": "progress"}])

    def test_nothing_covered(self):
        self._add_stock(self.board, -92)
        order = self._create_order(quantity=100)
        self.assertEqual(list(self._get_offers(order)), ["Open Component"])

    def test_a_part_of_a_product_is_not_covered(self):
        """Whole products are ordered; with others, all that stock covers counts."""
        order = self._create_order(quantity=100)
        self.assertEqual(order.backflush_preview()["max_quantity"], 46.5)
        form = Form.from_action(
            self.env(user=self.worker), order.action_backflush_report()
        )
        self.assertEqual(form.coverage, "stock covers at most 46")
        half = self._create_order(quantity=99.5)
        self.assertIn("Report What Stock Covers (46.50)", self._get_offers(half))

    def test_receive(self):
        receipts = self.warehouse.in_type_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": receipts.id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.stock_location.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": self.board.id,
                            "product_uom_qty": 200,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.stock_location.id,
                        },
                    )
                ],
            }
        )
        picking.action_confirm()
        order = self._create_order(quantity=100)
        action = self._get_offers(order)["Receive"]
        self.assertEqual(action["res_model"], "stock.picking")
        self.assertEqual(action["res_id"], picking.id)
        picking.action_cancel()
        self.assertNotIn("Receive", self._get_offers(order))

    def test_several_orders(self):
        orders = self._create_order(quantity=30) | self._create_order(quantity=40)
        offers = orders.get_backflush_offers((self.board | self.bolt).ids)
        self.assertEqual([offer["label"] for offer in offers], ["Open Components"])

    def test_ids_that_are_none(self):
        order = self._create_order(quantity=100)
        for ids in ("all", 7, ["a"], [None], [-1], [2**40], [[1]], [True]):
            with self.subTest(ids=ids), self.assertRaises(ValidationError):
                order.get_backflush_offers(ids)
        self.assertTrue(order.get_backflush_offers([2**31 - 1]))

    def test_who_holds_a_serial_number(self):
        motor = self._create_product("Motor", tracking="serial")
        self._create_bom(machine := self._create_product("Machine"), [(motor, 1)])
        for name in ("M1", "M2"):
            self._create_lot(motor, name, 1)
        holder = self._create_order(machine, quantity=2)
        holder.action_assign()
        order = self._create_order(machine, quantity=1)
        lots = [{"name": "M2", "quantity": 1}]
        error = self._get_refusal(
            order, components=[{"product_id": motor.id, "lots": lots}]
        )
        self.assertIn(f"- M2 is reserved by {holder.name}", str(error))
        self.assertNotIn("M1", str(error))
