from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form

from .common import BackflushCase


class TestSwitch(BackflushCase):
    """Backflushing switched on and off, on bills of materials and on orders."""

    def test_switched_on_an_open_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        self.assertFalse(order.backflush)
        self.assertEqual(order.move_raw_ids.mapped("backflush_method"), [False] * 2)
        order.backflush = True
        self.assertEqual(order.move_raw_ids.mapped("backflush_ratio"), [2, 4])
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertEqual(order.backflush_count, 1)

    def test_switched_off_an_open_order(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        self.assertEqual(self._reserved(self.board), 0)
        order.backflush = False
        self.assertEqual(self._reserved(self.board), 200)
        self.assertEqual(order.move_raw_ids.mapped("backflush_method"), [False] * 2)
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})
        self.assertFalse(order.backflush_ids)

    def test_switched_off_while_producing(self):
        """Odoo has what it needs to consume: it fills the components again."""
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 100
        order.backflush = False
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_switched_on_while_producing(self):
        """What Odoo filled for half is no entry of a person."""
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        self.bom.backflush = False
        order = self._create_order(quantity=100)
        with Form(order) as form:
            form.qty_producing = 50
        self.assertTrue(all(order.move_raw_ids.mapped("picked")))
        order.backflush = True
        with Form(order) as form:
            form.qty_producing = 100
        order.button_mark_done()
        self.assertConsumed(order, {self.board: 200, self.bolt: 400})

    def test_switched_off_on_the_new_form(self):
        self.bom.product_qty = 3
        self.bom.bom_line_ids[0].product_qty = 1
        with Form(self.env["mrp.production"].with_user(self.worker)) as form:
            form.product_id = self.chair
            form.product_qty = 1
            form.backflush = False
        self.assertRecordValues(
            self._component(form.record, self.board),
            [
                {
                    "product_uom_qty": 0.34,
                    "backflush_method": False,
                    "backflush_ratio": 0,
                }
            ],
        )

    def test_updated_bom_leaves_the_orders_switch_alone(self):
        order = self._create_order(quantity=10, backflush=False)
        order.action_update_bom()
        self.assertFalse(order.backflush)
        order = self._create_order(quantity=10, backflush_shortage="negative")
        order.action_update_bom()
        self.assertEqual(order.backflush_shortage, "negative")

    def test_switched_draft_with_a_component_added_by_hand(self):
        glue = self._create_product("Glue")
        order = self._create_order(quantity=10, confirm=False, backflush=False)
        order.move_raw_ids = [
            Command.create({"product_id": glue.id, "product_uom_qty": 10})
        ]
        for backflush, method, ratio in ((True, "completion", 1), (False, False, 0)):
            order.backflush = backflush
            self.assertRecordValues(
                self._component(order, glue),
                [
                    {
                        "backflush_method": method,
                        "backflush_ratio": ratio,
                        "backflush_added": backflush,
                    }
                ],
            )

    def test_not_switched_when_done(self):
        self._add_stock(self.board, 1000)
        self._add_stock(self.bolt, 1000)
        order = self._create_order(quantity=100)
        order.button_mark_done()
        with self.assertRaisesRegex(UserError, order.name):
            order.backflush = False

    def test_mass_action_on_boms(self):
        self.bom.action_backflush_off()
        self.assertFalse(self.bom.backflush)
        self.bom.action_backflush_on()
        self.assertTrue(self.bom.backflush)

    def test_mass_action_tells_what_it_did(self):
        kit = self._create_bom(
            self._create_product("Kit"), [(self.bolt, 1)], type="phantom"
        )
        other = self._create_bom(self._create_product("Stool"), [(self.board, 1)])
        boms = self.bom | other | kit
        action = boms.action_backflush_off()
        told = "Backflush switched off: 2. Open orders stay as they are."
        self.assertEqual(action["params"]["message"], f"{told} Kits skipped: 1.")
        kept = self._create_order(quantity=1)
        action = self.bom.action_backflush_on()
        told = "Backflush switched on: 1. Open orders stay as they are."
        self.assertIn(told, action["params"]["message"])
        self.assertNotIn("Kits", action["params"]["message"])
        self.assertFalse(kept.backflush)
        self.assertFalse(other.backflush)
