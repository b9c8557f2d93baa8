from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import Form, tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines
from .test_form_numbers import FormNumbersCase

quantities = st.integers(min_value=0, max_value=2000).map(lambda n: n / 100)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("type"), quantities),
        st.tuples(st.just("post"), quantities),
        st.tuples(st.just("backorder"), quantities),
        st.tuples(st.just("demand"), quantities),
        st.tuples(st.just("entry"), quantities),
    ),
    min_size=2,
    max_size=5,
)


@tagged("post_install", "-at_install")
class TestFormInvariants(FormNumbersCase, RandomRecipeCase):
    """Random recipes and clicks: form and preview never differ."""

    def _take_step(self, order, name, quantity):
        """Take a step on an order.

        :return: the order to go on with
        """
        if name == "type":
            self.assertTyped(order, quantity)
        elif name in ("post", "backorder") and 0 < quantity < order.product_qty:
            order.qty_producing = order.qty_produced
            remainder = "keep" if name == "post" else name
            result = order.backflush_post(
                quantity=min(quantity, order.product_qty - order.qty_produced) / 2,
                remainder=remainder,
            )
            order = order.browse(result["backorder"].get("id", order.id))
        elif name in ("demand", "entry"):
            field = "product_uom_qty" if name == "demand" else "quantity"
            self._type_on_last_line(order, field, quantity)
        return order

    def _type_on_last_line(self, order, field, quantity):
        if order.is_locked:
            order.action_toggle_is_locked()
        with Form(order) as form:
            for number in range(len(form.move_raw_ids)):
                with form.move_raw_ids.edit(number) as line:
                    if line.state != "done":
                        last = number
            with form.move_raw_ids.edit(last) as line:
                line[field] = quantity
            typed = self._read_form(form)
        self.assertEqual(typed, self._read_order(order))

    @examples(4)
    @given(lines, amounts, st.integers(min_value=1, max_value=20), steps)
    def test_form_and_preview(self, recipe, bom_quantity, planned, steps):
        product, components = self._create_recipe(recipe, bom_quantity)
        product.bom_ids.consumption = "flexible"
        self._fill_stock(components)
        order = self._create_order(product, planned)
        for name, quantity in steps:
            order = self._take_step(order, name, quantity)
            entered = order.qty_producing - order.qty_produced
            entered = max(0.0, order.product_uom_id.round(entered))
            told = self._read_preview(order, entered)
            self.assertEqual(self._read_order(order), told)
