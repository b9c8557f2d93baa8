from odoo import Command
from odoo.tests import tagged

from .test_scrap import ScrapCase


@tagged("post_install", "-at_install")
class TestScrapForecast(ScrapCase):
    """What is still to come of an order, and still to leave, once some failed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sawdust = cls._create_product("Sawdust")
        cls.env["res.groups"].browse(
            cls.env.ref("mrp.group_mrp_byproducts").id
        ).user_ids |= cls.worker
        cls.bom.byproduct_ids = [
            Command.create({"product_id": cls.sawdust.id, "product_qty": 3})
        ]

    def assertForecast(self, expected):
        """Compare what is on hand and to come of products, less what is to leave.

        :param expected: ``{product: quantity}``
        """
        products = self.env["product.product"].union(*expected)
        self.env.flush_all()
        products.invalidate_recordset()
        forecast = {p.name: p.virtual_available for p in products}
        self.assertEqual(forecast, {p.name: q for p, q in expected.items()})

    def assertAsAfterwards(self, orders):
        """The forecast does not change once all that is open is reported."""
        products = self.chair | self.sawdust | self.board | self.bolt
        self.env.flush_all()
        products.invalidate_recordset()
        forecast = {p: p.virtual_available for p in products}
        for order in orders.filtered(lambda o: o.state not in ("done", "cancel")):
            order.backflush_post()
        self.assertEqual({*orders.mapped("state")}, {"done"})
        self.assertForecast(forecast)

    def test_part(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)])
        self.assertForecast(
            {self.chair: 96, self.sawdust: 288, self.board: 9800, self.bolt: 9600}
        )
        order.backflush_post(20, scrap=[self._scrap(6)])
        self.assertForecast(
            {self.chair: 90, self.sawdust: 270, self.board: 9800, self.bolt: 9600}
        )
        self.assertAsAfterwards(order)

    def test_made_up_for(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)], make_up=True)
        self.assertForecast(
            {self.chair: 100, self.sawdust: 300, self.board: 9792, self.bolt: 9584}
        )
        self.assertAsAfterwards(order)

    def test_nothing_good(self):
        order = self._create_order(quantity=10)
        order.backflush_post(scrap=[self._scrap(4)], scrap_only=True)
        self.assertForecast(
            {self.chair: 6, self.sawdust: 18, self.board: 9980, self.bolt: 9960}
        )
        self.assertAsAfterwards(order)

    def test_at_a_work_order(self):
        self._add_operations()
        self.bom.bom_line_ids.backflush_method = "operation"
        order = self._create_order(quantity=100)
        cut, glue, _paint = order.workorder_ids
        order.backflush_post(60, workorder_id=cut.id, scrap=[self._scrap(5)])
        self.assertForecast(
            {self.chair: 95, self.sawdust: 285, self.board: 9800, self.bolt: 9620}
        )
        scrap = [self._scrap(5, workorder_id=cut.id)]
        order.backflush_post(10, workorder_id=glue.id, scrap=scrap)
        self.assertForecast({self.chair: 90, self.board: 9800, self.bolt: 9640})
        self.assertAsAfterwards(order)

    def test_all_of_it_failed_at_a_work_order(self):
        self._add_operations()
        order = self._create_order(quantity=10)
        cut = order.workorder_ids[0]
        order.backflush_post(
            workorder_id=cut.id, scrap=[self._scrap(10)], scrap_only=True
        )
        self.assertForecast({self.chair: 0, self.sawdust: 0, self.paint: 10000})
        self.assertEqual(order.state, "progress")

    def test_backorder(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)])
        order.backflush_post(20, scrap=[self._scrap(1)], remainder="backorder")
        orders = order.production_group_id.production_ids
        self.assertEqual(orders.sorted("id").mapped("product_qty"), [75, 25])
        self.assertForecast(
            {self.chair: 95, self.sawdust: 285, self.board: 9800, self.bolt: 9600}
        )
        self.assertAsAfterwards(orders)

    def test_split(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)])
        orders = order._split_productions({order: [60, 30, 10]})
        self.assertForecast(
            {self.chair: 96, self.sawdust: 288, self.board: 9800, self.bolt: 9600}
        )
        self.assertAsAfterwards(orders)

    def test_other_quantity(self):
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(4)])
        wizard = self.env["change.production.qty"].create(
            {"mo_id": order.id, "product_qty": 120}
        )
        wizard.change_prod_qty()
        self.assertForecast(
            {self.chair: 116, self.sawdust: 348, self.board: 9760, self.bolt: 9520}
        )
        self.assertAsAfterwards(order)

    def test_taken_back(self):
        order = self._create_order(quantity=100)
        order.backflush_post(30)
        order.backflush_post(50, scrap=[self._scrap(20)])
        self.assertEqual(order.state, "done")
        first, second = order.backflush_ids.sorted("id")
        first.with_user(self.worker).backflush_correct(10)
        self.assertForecast(
            {self.chair: 80, self.sawdust: 240, self.board: 9800, self.bolt: 9600}
        )
        second.with_user(self.worker).backflush_correct(0)
        self.assertForecast(
            {self.chair: 100, self.sawdust: 300, self.board: 9800, self.bolt: 9600}
        )
        self.assertAsAfterwards(order)

    def test_entered_byproduct(self):
        """What was entered of a by-product changes what is to come of it by as much."""
        order = self._create_order(quantity=100)
        order.backflush_post(50, scrap=[self._scrap(10)])
        order.qty_producing = 60
        order._set_qty_producing()
        [dust] = order.move_byproduct_ids.filtered(lambda m: m.state != "done")
        self.assertEqual((dust.product_uom_qty, dust.quantity), (120, 30))
        self._produce(order, backorder=True)
        self.assertForecast({self.chair: 90, self.sawdust: 270})
