from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import Form

from .common import BackflushCase

MINUTE = timedelta(minutes=1)


class ValuedCase(BackflushCase):
    """Components in layers of cost, and goods that are valued by them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "extra_cost" not in cls.env["mrp.production"]:
            cls.skipTest(cls, "mrp_account is not installed")
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.categories = {
            method: cls.env["product.category"].create(
                {"name": method, "property_cost_method": method}
            )
            for method in ("average", "fifo", "standard")
        }

    @classmethod
    def _create_valued(cls, name, method, **values):
        return cls._create_product(name, categ_id=cls.categories[method].id, **values)

    @classmethod
    def _receive(cls, product, quantity, price, lot=None):
        move = cls.env["stock.move"].create(
            {
                "product_id": product.id,
                "location_id": cls.suppliers.id,
                "location_dest_id": cls.stock_location.id,
                "product_uom_qty": quantity,
                "value_manual": quantity * price,
                "price_unit": price,
            }
        )
        move._action_confirm()
        move.quantity = quantity
        if lot:
            move.move_line_ids.lot_id = lot
        move.picked = True
        move._action_done()

    def _post_part(self, order, total):
        with Form(order) as form:
            form.qty_producing = total
        action = order.button_mark_done()
        wizard = Form.from_action(self.env(user=self.worker), action).save()
        return wizard.action_backflush_keep_open()

    def _finish(self, order):
        self._produce(order)
        self.assertEqual(order.state, "done")
        return order

    def _values(self, order):
        """The value of the product in each posting, and of all its by-products."""
        finished = order.sudo().move_finished_ids.filtered(lambda m: m.state == "done")
        main = finished.filtered(lambda m: m.product_id == order.product_id)
        others = finished - main
        return main.sorted("id").mapped("value"), sum(others.mapped("value"))

    def _get_consumed_value(self, order):
        """The value with which the components of an order left stock."""
        return sum(order.sudo().move_raw_ids.mapped("value"))


class TimedCase(ValuedCase):
    """What is received comes a minute after all that was before.

    Odoo works out an average cost from moves in the order of their dates, those of one
    second by their ids: a test does all within a second.
    """

    now = None

    def setUp(self):
        super().setUp()
        self._pass_time()
        self.startPatcher(
            patch.object(fields.Datetime, "now", lambda *_args: type(self).now)
        )

    @classmethod
    def _pass_time(cls):
        cls.now = (cls.now or fields.Datetime.now()) + MINUTE

    @classmethod
    def _receive(cls, product, quantity, price, lot=None):
        if cls.now:
            cls._pass_time()
        return super()._receive(product, quantity, price, lot)
