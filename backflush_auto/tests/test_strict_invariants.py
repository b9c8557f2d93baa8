from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines

numbers = st.integers(min_value=0, max_value=900).map(lambda n: n / 100)
edits = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("product_uom_qty", None),
                ("backflush_ratio", None),
                ("backflush_scrap", None),
                ("backflush_rounding", None),
                ("quantity", None),
                ("backflush_basis", "order"),
                ("backflush_basis", "unit"),
                ("backflush_method", "manual"),
                ("backflush_method", "completion"),
                ("backflush_method", "start"),
                ("cancel", None),
                ("add", None),
                ("post", None),
                ("backorder", None),
                ("start", None),
                ("finish", None),
            ]
        ),
        numbers,
    ),
    min_size=2,
    max_size=7,
)


@tagged("post_install", "-at_install")
class TestStrictInvariants(RandomRecipeCase):
    """Whatever a worker edits, a strict order consumes what its BoM says."""

    def _edit(self, order, move, name, value, number):
        if name == "cancel":
            move._action_cancel()
        elif name == "add":
            order.move_raw_ids = [
                (0, 0, order._get_move_raw_values(self.glue, number, self.unit))
            ]
        elif name in ("post", "backorder"):
            remainder = "keep" if name == "post" else name
            part = min(number, order.product_qty - order.qty_produced)
            order.backflush_post(quantity=part, remainder=remainder)
        elif name == "start":
            order.action_start()
        elif name == "finish":
            for workorder in order.workorder_ids[:1]:
                workorder.button_finish()
        else:
            move.write({name: number if value is None else value})

    def _attack(self, order, edits):
        """Edit and report; what is refused leaves no trace.

        :return: whether the order is done
        """
        for (name, value), number in edits:
            moves = order.move_raw_ids._filter_backflush_open()
            if order.state in ("done", "cancel") or not moves:
                break
            try:
                with self.env.cr.savepoint():
                    self._edit(order, moves[0], name, value, number)
            except UserError:
                self.env.invalidate_all()
        if order.state not in ("done", "cancel"):
            try:
                with self.env.cr.savepoint():
                    order.backflush_post()
            except UserError:
                self.env.invalidate_all()
        return order.state == "done"

    @examples(8)
    @given(lines, amounts, st.integers(min_value=1, max_value=9), edits)
    def test_edits(self, recipe, bom_quantity, planned, edits):
        self.glue = self._create_product("Glue")
        self._add_stock(self.glue, 900000)
        product, components = self._create_recipe(recipe, bom_quantity)
        self._fill_stock(components)
        right = self._create_order(product, planned)
        right.backflush_post()
        order = self._create_order(product, planned)
        if not self._attack(order, edits):
            return
        family = order.production_group_id.production_ids
        if family - order:
            if any(o.state != "done" for o in family):
                rest = [o for o in family if o.state != "done"]
                if not all(self._attack(o, []) for o in rest):
                    return
        self.assertEqual(
            self._get_consumed_products(family | order),
            self._get_consumed_products(right),
        )

    def _get_consumed_products(self, orders):
        consumed = {}
        for move in orders.move_raw_ids.filtered(lambda move: move.state == "done"):
            name = move.product_id.id
            consumed[name] = round(consumed.get(name, 0) + move.product_qty, 6)
        return {name: quantity for name, quantity in consumed.items() if quantity}
