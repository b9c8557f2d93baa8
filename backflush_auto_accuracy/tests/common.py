from odoo.tests import Form, new_test_user

from odoo.addons.backflush_auto.tests.common import BackflushCase


class AccuracyCase(BackflushCase):
    """Chairs whose components are counted by a plain stock user."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.board_line, cls.bolt_line = cls.bom.bom_line_ids
        cls.counter = new_test_user(
            cls.env, "backflush_counter", groups="stock.group_stock_user"
        )
        cls.counts = cls.env["mrp.backflush.count"].with_user(cls.worker)
        cls._add_stock(cls.board, 1000)
        cls._add_stock(cls.bolt, 2000)

    def _count(self, *counted, location=None, apply=True, **place):
        """Count components in one go, as on the screen of physical inventory.

        :param counted: tuples of a product and what was found of it, or what is
            missing as a text
        """
        quants = self.env["stock.quant"].with_user(self.counter)
        quants = quants.with_context(inventory_mode=True)
        location = location or self.stock_location
        made = quants.browse()
        for product, quantity in counted:
            if isinstance(quantity, str):
                quantity = self._on_hand(product, location) - float(quantity)
            made |= quants.create(
                {
                    "product_id": product.id,
                    "location_id": location.id,
                    "inventory_quantity": quantity,
                    **place,
                }
            )
        if apply:
            made.action_apply_inventory()
        return made

    def _get_counts(self, product=None, **values):
        domain = [("product_id", "=", product.id)] if product else []
        domain += [(name, "=", value) for name, value in values.items()]
        return self.counts.search(domain, order="date, id")

    def _get_count(self, product):
        """The latest count of a component."""
        return self._get_counts(product)[-1:]

    def _make(self, quantity, product=None):
        order = self._create_order(product, quantity=quantity)
        with Form(order) as form:
            form.qty_producing = quantity
        self._produce(order)
        return order
