from functools import partial
from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.backflush_auto.tests.common_queries import QueriesCase

from ..lookups import remember_recipes


@tagged("post_install", "-at_install")
class TestCreation(QueriesCase):
    """Orders that are created together are numbered and planned together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bom.backflush = True
        cls.orders = cls.env["mrp.production"].with_user(cls.worker)
        cls.picking_type = cls.env["stock.picking.type"].browse(
            cls.orders._get_default_picking_type_id(cls.env.company.id)
        )

    def _prepare(self, *quantities, **values):
        vals = {"product_id": self.chair.id, "bom_id": self.bom.id, **values}
        return [{**vals, "product_qty": quantity} for quantity in quantities]

    def _create(self, *quantities, **values):
        return self.orders.create(self._prepare(*quantities, **values))

    def _get_numbers(self, orders):
        return [int(order.name.rsplit("/", 1)[1]) for order in orders]

    def assertConsecutive(self, numbers):
        self.assertEqual(numbers, list(range(numbers[0], numbers[0] + len(numbers))))

    # --- What it costs ---

    def test_queries(self):
        """A hundred orders cost a tenth of a hundred times one."""

        def count(*quantities):
            return self._count_call(partial(self._create, *quantities))

        count(5, 5)
        one, ten, hundred = count(5), count(*[5] * 10), count(*[5] * 100)
        self.assertLessEqual((hundred - ten) / 90, 1.5)
        self.assertLessEqual(ten, one + 15)
        # Of other quantities, the bill of materials is exploded anew, not searched.
        self.assertLessEqual(count(*range(1, 11)), ten + 2)

    # --- Numbers ---

    def test_names_follow_the_values(self):
        orders = self._create(3, 1, 2, 1)
        self.assertEqual(orders.mapped("product_qty"), [3, 1, 2, 1])
        self.assertConsecutive(self._get_numbers(orders))
        self.assertEqual(
            orders.production_group_id.mapped("name"), orders.mapped("name")
        )
        self.assertEqual(len(orders.production_group_id), 4)

    def test_sequences_are_drawn_by_themselves(self):
        other = self.picking_type.copy({"sequence_code": "OTHER"})
        orders = self.orders.create(
            self._prepare(1, picking_type_id=other.id)
            + self._prepare(1)
            + self._prepare(2, picking_type_id=other.id)
        )
        self.assertEqual(
            list(orders.picking_type_id.ids), [other.id, self.picking_type.id]
        )
        first, _second, third = orders
        self.assertConsecutive(self._get_numbers(first | third))

    def test_a_name_that_is_given_stays(self):
        orders = self.orders.create(
            self._prepare(1, name="OURS") + self._prepare(1) + self._prepare(2)
        )
        self.assertEqual(orders[0].name, "OURS")
        self.assertConsecutive(self._get_numbers(orders[1:]))

    def test_sequences_without_gaps(self):
        """Odoo locks each number of these."""
        self.picking_type.sudo().sequence_id.implementation = "no_gap"
        self.assertConsecutive(self._get_numbers(self._create(1, 2, 3)))

    def test_sequences_by_date(self):
        self.picking_type.sudo().sequence_id.use_date_range = True
        self.assertConsecutive(self._get_numbers(self._create(1, 2, 3)))

    def test_postings_are_numbered_together(self):
        orders = self._create(1, 2, 3)
        orders.action_confirm()
        orders.button_mark_done()
        self.assertConsecutive(self._get_numbers(orders.backflush_ids.sorted("id")))

    # --- Recipes ---

    def _count_explosions(self, create):
        made = []
        boms = type(self.env["mrp.bom.line"])
        prepare = boms._prepare_line_done_values

        def count(line, *args, **kwargs):
            made.append(line)
            return prepare(line, *args, **kwargs)

        with patch.object(boms, "_prepare_line_done_values", count):
            create()
        return len(made)

    def test_a_recipe_is_exploded_once(self):
        few, many = (
            self._count_explosions(partial(self._create, *[2] * number))
            for number in (3, 30)
        )
        self.assertEqual(few, many)

    def test_a_changed_recipe_counts(self):
        """From one creation to the next, in one transaction."""
        before = self._create(2, 2)
        self.bom.bom_line_ids[0].product_qty = 7
        kit = self._create_product("Kit")
        self._create_bom(kit, [(self.components[50], 3)], type="phantom")
        self.bom.bom_line_ids[1].product_id = kit
        after = self._create(2, 2)
        first, second = self.components[0], self.components[50]
        for orders, expected in ((before, [4, 0]), (after, [14, 12])):
            for order in orders:
                planned = [
                    sum(
                        order.move_raw_ids.filtered(
                            lambda move, product=product: move.product_id == product
                        ).mapped("product_uom_qty")
                    )
                    for product in (first, second)
                ]
                self.assertEqual(planned, expected)

    def test_what_is_found_is_nobody_elses(self):
        with remember_recipes(self.env):
            lines = self.bom.explode(self.chair, 1.0)[1]
            lines[0][1]["qty"] = 99
            lines.clear()
            again = self.bom.explode(self.chair, 1.0)[1]
        self.assertEqual([data["qty"] for _line, data in again], [2] * 10)

    def test_a_recipe_that_is_changed_meanwhile(self):
        component = self.components[0]
        with remember_recipes(self.env):
            find = partial(self.env["mrp.bom"]._bom_find, component, bom_type="phantom")
            self.assertFalse(find()[component])
            kit = self._create_bom(
                component, [(self.components[50], 1)], type="phantom"
            )
            self.assertEqual(find()[component], kit)
        with remember_recipes(self.env):
            self.assertEqual(find()[component], kit)
            kit.bom_line_ids.product_qty = 5
            lines = kit.explode(component, 1.0)[1]
            self.assertEqual([data["qty"] for _line, data in lines], [5])
            kit.unlink()
            self.assertFalse(find()[component])
