"""Random programs of what happens to orders and stock, in two worlds.

In the one, what is missing is owed, and stock comes whenever it comes. In the other,
all that comes has come before production begins, and what is short is refused. Once
enough has come, both must have ended in the same place.
"""

from collections import defaultdict

from hypothesis import strategies as st

from odoo.exceptions import UserError

from .random_examples import examples

# What can happen, a number that chooses what it happens to, and a quantity.
STEPS = (
    *("report", "report", "report", "receive", "receive", "transfer", "count"),
    *("lose", "correct", "cancel", "backorder", "scrap", "unbuild"),
)
# More than any program can use at once: comes at the end.
PLENTY = 2000
patient = examples(5)


def programs(*left_out):
    """Random programs.

    :param left_out: steps that do not happen
    """
    names = [name for name in STEPS if name not in left_out]
    step = st.tuples(
        st.sampled_from(names),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=1, max_value=9),
    )
    return st.lists(step, min_size=4, max_size=12)


class DeferralPrograms:
    """Runs programs in both worlds; mixed into a case that has chairs and boards.

    What comes is an arrival: it is remembered, and comes first in the other world.
    """

    prices = False

    def _compare_worlds(self, program):
        arrivals, steps = [], []
        deferred = self._run(lambda: self._live_deferred(program, arrivals, steps))
        early = self._run(lambda: self._live_early(arrivals, steps))
        self.assertEqual(deferred, early)
        return deferred

    def _run(self, live):
        """Run in a world that ends afterwards.

        :param live: returns what is compared
        """
        savepoint = self.env.cr.savepoint()
        try:
            live()
            return self._describe_end()
        finally:
            savepoint.rollback()
            savepoint.close()
            self.env.invalidate_all()

    def _live_deferred(self, program, arrivals, steps):
        self._begin("defer")
        for name, number, quantity in program:
            step = getattr(self, f"_prepare_{name}")(number, quantity)
            if step is None:
                continue
            kind, *arguments = step
            try:
                with self.env.cr.savepoint():
                    self._do(kind, arguments)
            except UserError as error:
                self.assertRegex(str(error), self.refusals.get(kind, "never"))
                continue
            (arrivals if kind == "arrive" else steps).append(step)
            self._check_world()
        for product in self.products:
            for quantity in (self._get_owed(product), PLENTY):
                step = ("arrive", product, quantity, None)
                self._do(step[0], step[1:])
                arrivals.append(step)
        self.assertFalse(self._find_debts().filtered(lambda d: d.state == "waiting"))

    refusals = {
        "correct": "are still in|are reported as well",
        "cancel": "would be lost|are already done",
        "unbuild": "cannot be unbuilt",
    }

    def _live_early(self, arrivals, steps):
        self._begin("block")
        for kind, *arguments in [*arrivals, *steps]:
            self._do(kind, arguments)
        self.assertFalse(self._find_debts())

    def _begin(self, policy):
        self.bom.backflush_shortage = policy
        self.lots = defaultdict(int)
        self.orders = self.env["mrp.production"].union(
            *(self._create_order(quantity=quantity) for quantity in (6, 10, 15))
        )
        self.yard = self.env["stock.location"].create(
            {"name": "Yard", "location_id": self.warehouse.view_location_id.id}
        )

    # --- What happens next, as it will be remembered ---

    def _pick_order(self, number, states=("confirmed", "progress", "to_close")):
        orders = [
            index for index, order in enumerate(self.orders) if order.state in states
        ]
        return orders[number % len(orders)] if orders else None

    def _prepare_report(self, number, quantity, **values):
        index = self._pick_order(number)
        if index is None:
            return None
        left = self.orders[index]._get_backflush_remaining()
        quantity = min(quantity, left)
        return ("report", index, quantity, values) if quantity > 0 else None

    def _prepare_backorder(self, number, quantity):
        return self._prepare_report(number, quantity, remainder="backorder")

    def _prepare_scrap(self, number, quantity):
        scrap = [{"quantity": quantity, "reason": "Cracked"}]
        return self._prepare_report(number, 1, scrap=scrap)

    def _prepare_receive(self, number, quantity):
        product = self.products[number % len(self.products)]
        return "arrive", product, quantity * 4, None

    def _prepare_transfer(self, number, quantity):
        product = self.products[number % len(self.products)]
        return "arrive", product, quantity * 3, "transfer"

    def _prepare_count(self, number, quantity):
        product = self.products[number % len(self.products)]
        return "arrive", product, quantity * 2, "count"

    def _prepare_lose(self, number, quantity):
        product = self.products[number % len(self.products)]
        quantity = min(quantity, self._get_countable(product))
        return ("lose", product, quantity) if quantity > 0 else None

    def _prepare_correct(self, number, quantity):
        postings = self._find_postings()
        if not postings:
            return None
        index = number % len(postings)
        left = postings[index].quantity_left
        return "correct", index, min(quantity - 1, left - 1)

    def _prepare_cancel(self, number, _quantity):
        index = self._pick_order(number, ("confirmed",))
        # One that is left can be reported on.
        if index is None or len(self.orders) < 3:
            return None
        return "cancel", index

    def _prepare_unbuild(self, number, quantity):
        index = self._pick_order(number, ("done",))
        if index is None:
            return None
        order = self.orders[index]
        made = self._on_hand(self.chair)
        left = order.qty_produced - sum(order.unbuild_ids.mapped("product_qty"))
        quantity = min(quantity, made, left)
        return ("unbuild", index, quantity) if quantity > 0 else None

    # --- What happens ---

    def _do(self, kind, arguments):
        getattr(self, f"_{kind}")(*arguments)

    def _report(self, index, quantity, values):
        order = self.orders[index]
        result = order.with_user(self.worker).backflush_post(quantity, **values)
        if result["backorder"]:
            self.orders |= self.orders.browse(result["backorder"]["id"])

    def _arrive(self, product, quantity, how):
        if not quantity:
            return
        source = {
            "transfer": self.yard,
            "count": product.property_stock_inventory,
        }.get(how, self.env.ref("stock.stock_location_suppliers"))
        lot = self._name_lot(product)
        if how == "transfer":
            self._add_stock(product, quantity, self.yard, lot_id=lot or None)
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": source.id,
                "location_dest_id": self.stock_location.id,
                "is_inventory": how == "count",
                **self._prepare_price(product, quantity),
            }
        )
        move._action_confirm()
        vals = move._prepare_move_line_vals(quantity=quantity)
        move.move_line_ids = [(5, 0, 0), (0, 0, {**vals, "lot_id": lot and lot.id})]
        move.picked = True
        move._action_done()
        self.assertEqual(move.state, "done")

    def _prepare_price(self, product, quantity):
        return {}

    def _name_lot(self, product):
        """A lot of its own for each arrival of what is tracked."""
        if product.tracking == "none":
            return False
        self.lots[product] += 1
        return self._create_lot(product, f"{product.name} {self.lots[product]:02}")

    def _lose(self, product, quantity):
        move = self.env["stock.move"].create(
            {
                "product_id": product.id,
                "product_uom_qty": quantity,
                "location_id": self.stock_location.id,
                "location_dest_id": product.property_stock_inventory.id,
                "is_inventory": True,
            }
        )
        move._action_confirm()
        move._action_assign()
        self.assertEqual(move.quantity, quantity)
        move.picked = True
        move._action_done()

    def _correct(self, index, quantity):
        self._find_postings()[index].backflush_correct(quantity, "counted again")

    def _cancel(self, index):
        self.orders[index].action_cancel()

    def _unbuild(self, index, quantity):
        order = self.orders[index]
        self.env["mrp.unbuild"].with_user(self.worker).create(
            {
                "mo_id": order.id,
                "product_id": order.product_id.id,
                "product_qty": quantity,
                "product_uom_id": order.product_uom_id.id,
            }
        ).action_unbuild()

    # --- What is so now ---

    def _get_countable(self, product):
        return self._on_hand(product) - self._reserved(product)

    def _find_postings(self):
        return self.orders.backflush_ids.filtered(
            lambda one: one.trigger == "completion" and one.quantity_left > 0
        ).sorted("id")

    def _find_debts(self):
        return self.env["mrp.backflush.exception"].search(
            [("production_id", "in", self.orders.ids)]
        )

    def _get_owed(self, product):
        debts = self._find_debts().filtered(lambda debt: debt.product_id == product)
        return sum(debts.mapped("product_qty"))

    def _check_world(self):
        """Nothing is below zero, and nothing is owed that is free."""
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", self.products.ids),
                ("location_id.usage", "=", "internal"),
            ]
        )
        self.assertFalse(quants.filtered(lambda quant: quant.quantity < 0))
        for product in self.products:
            if self._get_owed(product):
                self.assertEqual(self._get_countable(product), 0, product.name)

    def _describe_end(self):
        quants = self.env["stock.quant"].search(
            [
                ("product_id", "in", (self.products | self.chair).ids),
                ("quantity", "!=", 0),
                ("location_id.usage", "in", ("internal", "inventory", "production")),
            ]
        )
        stock = defaultdict(float)
        for quant in quants:
            name = quant.location_id.display_name
            lot = quant.lot_id.name if self.with_lots else None
            stock[quant.product_id.name, name, lot] += quant.quantity
        return {
            "stock": {key: round(value, 6) for key, value in stock.items() if value},
            "orders": [self._describe_order(order) for order in self.orders],
            **self._describe_value(),
        }

    def _describe_value(self):
        return {}

    def _describe_order(self, order):
        taken = defaultdict(float)
        for move in order.move_raw_ids.filtered(lambda move: move.state == "done"):
            for line in move.move_line_ids:
                lot = line.lot_id.name if self.with_lots else None
                taken[move.product_id.name, lot] += line.quantity_product_uom
            for back in move.returned_move_ids.filtered(lambda m: m.state == "done"):
                taken[move.product_id.name, None] -= back.product_qty
        open_moves = order.move_raw_ids._filter_backflush_open()
        return (
            *(order.state, order.product_qty, order.qty_produced),
            {key: round(value, 6) for key, value in taken.items() if round(value, 6)},
            sorted((move.product_id.name, move.product_uom_qty) for move in open_moves),
        )
