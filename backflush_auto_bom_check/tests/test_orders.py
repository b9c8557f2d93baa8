from odoo import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL

from .common import BomCheckCase


@tagged("post_install", "-at_install")
class TestBomCheckOrders(BomCheckCase):
    """Orders that deduct as their bill of materials was before."""

    def _change(self, line, **values):
        """Write on a line, as a manager does on the form."""
        command = Command.update(line.id, values)
        line.bom_id.with_user(self.manager).bom_line_ids = [command]

    def assertOrders(self, orders, products):
        finding = self.assertFinds(
            "orders", self.env["mrp.bom.line"], "warning", products
        )
        self.assertEqual(finding.order_ids, orders.sudo())
        return finding

    def test_quantity_changed(self):
        first, second = self._create_order(), self._create_order(quantity=5)
        self._create_order(confirm=False)
        self.assertAllWell()
        self._change(self.board_line, product_qty=3)
        finding = self.assertOrders(first | second, "They differ in Board")
        self.assertEqual(finding.action_open()["domain"][0][2], finding.order_ids.ids)
        first.action_update_bom()
        self.assertOrders(second, second.name)
        second.action_update_bom()
        self.assertMended(finding)

    def test_every_part_of_the_rule_counts(self):
        order = self._create_order()
        for values in (
            {"backflush_method": "manual"},
            {"backflush_scrap": 5},
            {"backflush_rounding": 1},
            {"backflush_basis": "order"},
            {"product_uom_id": self.dozen.id},
        ):
            self._change(self.board_line, **values)
            finding = self.assertOrders(order, "Board")
            order.with_user(self.manager).action_update_bom()
            self.assertMended(finding)

    def test_method_of_the_product_changed(self):
        """The bill of materials says nothing of it, and was not changed."""
        self._age()
        self._create_order()
        self.board.backflush_method = "manual"
        self.assertAllWell()

    def test_line_added(self):
        order = self._create_order()
        glue = self._create_product("Glue")
        self.bom.bom_line_ids = [Command.create({"product_id": glue.id})]
        self.assertOrders(order, "Glue")

    def test_line_removed(self):
        order = self._create_order()
        self.bom.bom_line_ids = [Command.delete(self.bolt_line.id)]
        self.assertOrders(order, "Bolt")

    def test_quantity_of_the_bom_changed(self):
        order = self._create_order()
        self.bom.product_qty = 10
        self.assertOrders(order, "Board, Bolt")

    def test_kit_changed(self):
        screw = self._create_product("Screw")
        product, kit = self._make_kit("Fittings", [(screw, 2)])
        self._use_kit(product, product_qty=3)
        self._use_kit(product, product_qty=5)
        order = self._create_order(quantity=4)
        self.assertAllWell()
        self._change(kit.bom_line_ids, product_qty=3)
        finding = self.assertOrders(order, "Screw")
        self._change(kit.bom_line_ids, product_qty=2)
        self.assertMended(finding)

    def test_order_in_another_unit(self):
        self.bom.write({"product_qty": 3, "product_uom_id": self.dozen.id})
        self._create_order(quantity=2, product_uom_id=self.dozen.id)
        self._create_order(quantity=2, product_uom_id=self.unit.id)
        self.assertAllWell()

    def test_order_in_parts_and_backorder(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        order = self._create_order(quantity=10)
        order.backflush_post(quantity=3)
        other = self._create_order(quantity=10)
        result = other.backflush_post(quantity=3, remainder="backorder")
        self.assertAllWell()
        self._change(self.board_line, product_qty=3)
        self.assertOrders(order | order.browse(result["backorder"]["id"]), "Board")

    def test_order_that_a_person_has_edited(self):
        """The order is not behind its bill of materials, it is meant to be other."""
        self._age()
        order = self._create_order(quantity=10)
        self._component(order, self.board).product_uom_qty = 30
        self._component(order, self.bolt).backflush_method = "manual"
        self.assertAllWell()

    def _age(self):
        """Let the bill of materials be an hour old."""
        self.env.flush_all()
        for records in (self.bom, self.bom.bom_line_ids):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date - interval '1 hour' "
                    "WHERE id IN %s",
                    SQL.identifier(records._table),
                    tuple(records.ids),
                )
            )
        self.env.invalidate_all()

    def test_component_that_a_person_has_added(self):
        order = self._create_order()
        glue = self._create_product("Glue")
        with Form(order) as form, form.move_raw_ids.new() as move:
            move.product_id = glue
        self.assertAllWell()

    def test_orders_that_are_over_or_not_backflushed(self):
        self._add_stock(self.board, 100)
        self._add_stock(self.bolt, 100)
        self._create_order().button_mark_done()
        self._create_order().action_cancel()
        self._create_order().backflush = False
        self._change(self.board_line, product_qty=3)
        self.assertAllWell()
