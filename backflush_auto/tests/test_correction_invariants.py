from collections import defaultdict

from hypothesis import given
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .random_examples import examples
from .random_recipes import RandomRecipeCase, amounts, lines


def programs(*names):
    """Random programs.

    :param names: of the steps; one that is named twice comes twice as often
    :return: strategy: lists of ``(step, number that chooses a record, quantity)``
    """
    step = st.tuples(
        st.sampled_from(names),
        st.integers(min_value=0, max_value=5),
        st.integers(min_value=0, max_value=9),
    )
    return st.lists(step, min_size=2, max_size=8)


steps = programs(
    *("report", "report", "backorder", "batch", "work", "start", "scrap"),
    *("correct", "correct", "correct", "unbuild", "cancel", "retry"),
)
settled = examples(6)
# What may be refused, and why.
REASONS = {
    "correct": "are still in|are reported as well",
    "cancel": "would be lost",
}


class CorrectedCase(RandomRecipeCase):
    """Any sequence of reports, corrections, unbuild orders and cancels."""

    def _begin(self, product, quantity, components):
        self.product, self.components = product, components
        self.before = self._get_places()
        lines = self.env["stock.move.line"].search([], order="id desc", limit=1)
        self.last_line = lines.id or 0
        self.orders = self._create_order(product, quantity)
        self.unbuilt = 0.0

    def _go(self, drawn):
        for name, number, quantity in drawn:
            try:
                with self.env.cr.savepoint():
                    getattr(self, f"_step_{name}")(number, quantity)
            except UserError as error:
                self.assertRegex(str(error), REASONS.get(name, "never"))
            self._check()

    # --- Steps ---

    def _pick(self, number, states=("confirmed", "progress", "to_close")):
        orders = self.orders.filtered(lambda order: order.state in states)
        return orders[number % len(orders)] if orders else orders

    def _report(self, order, quantity, **values):
        left = order._get_backflush_remaining() if order else 0
        if left:
            quantity = min(max(1, quantity), left)
            return order.backflush_post(
                quantity, **self._name(order, quantity), **values
            )
        return None

    def _name(self, order, quantity):
        return {}

    def _step_report(self, number, quantity):
        self._report(self._pick(number), quantity)

    def _step_backorder(self, number, quantity):
        result = self._report(self._pick(number), quantity, remainder="backorder")
        if result and result["backorder"]:
            self.orders |= self.orders.browse(result["backorder"]["id"])

    def _step_batch(self, number, quantity):
        order = self._pick(number)
        left = order._get_backflush_remaining() if order else 0
        if left:
            quantity = min(max(1, quantity), left)
            report = {"production_id": order.id, "quantity": quantity}
            [answer] = order.browse().backflush_post_batch(
                [{**report, **self._name(order, quantity)}]
            )
            self.assertTrue(answer["ok"], answer)

    def _step_work(self, number, quantity):
        order = self._pick(number)
        work = order.workorder_ids.filtered(
            lambda w: w.state not in ("done", "cancel") and w.qty_remaining > 0
        )
        if work:
            work = work[number % len(work)]
            quantity = min(max(1, quantity), work.qty_remaining)
            order.backflush_post(quantity, workorder_id=work.id)

    def _step_scrap(self, number, quantity):
        """One unit fails as well, and a component is spoilt beside it."""
        order = self._pick(number)
        left = order._get_backflush_remaining() if order else 0
        if left > 1:
            spoilt = self.components[number % len(self.components)]
            self._report(
                order,
                min(quantity, left - 1),
                scrap=[{"quantity": 1}],
                damaged=[{"product_id": spoilt.id, "quantity": 0.5}],
            )

    def _step_start(self, number, _quantity):
        order = self._pick(number, ("confirmed",))
        if order:
            order.action_start()

    def _get_postings(self):
        return self.orders.backflush_ids.filtered(
            lambda posting: not posting.reverses_id and posting.state != "reversed"
        ).sorted("id")

    def _step_correct(self, number, quantity):
        postings = self._get_postings()
        if postings:
            posting = postings[number % len(postings)]
            left = max(0, posting.quantity_left - 1)
            posting.backflush_correct(min(quantity, left))

    def _step_unbuild(self, number, quantity):
        order = self._pick(number, ("done",))
        made = order._get_backflush_main_moves() if order else []
        left = sum(
            quantity for move in made for _line, quantity in self._get_left(move)
        )
        quantity = min(max(1, quantity), left)
        if quantity:
            self._unbuild(order, quantity)

    def _get_left(self, move):
        return move._get_backflush_left_lines() if move.state == "done" else []

    def _unbuild(self, order, quantity):
        self.env["mrp.unbuild"].with_user(self.worker).create(
            {
                "mo_id": order.id,
                "product_id": self.product.id,
                "product_qty": quantity,
                "product_uom_id": order.product_uom_id.id,
            }
        ).action_unbuild()
        self.unbuilt += quantity

    def _step_cancel(self, number, quantity):
        # Seldom, so that something is left to go on with.
        order = self._pick(number)
        if order and quantity < 3 and len(self.orders) > 1:
            order.action_cancel()

    def _step_retry(self, number, _quantity):
        """A program sends its correction again."""
        postings = self._get_postings()
        if postings:
            posting = postings[number % len(postings)]
            left = posting.quantity_left
            values = {
                "quantity": max(0, left - 1),
                "reference": f"C{posting.id}-{left}",
            }
            first = posting.backflush_correct(**values)
            again = posting.backflush_correct(**values)
            self.assertEqual(again, {**first, "replayed": True})

    # --- What is always so ---

    def _get_places(self):
        """What is in stock of all of it, and in production."""
        products = [product.id for product in (self.product, *self.components)]
        quants = self.env["stock.quant"].search([("product_id", "in", products)])
        places = defaultdict(float)
        for quant in quants:
            key = quant.product_id, quant.location_id, quant.lot_id, quant.owner_id
            places[key] += quant.quantity
        return {key: round(q, 6) for key, q in places.items() if round(q, 6)}

    def _check(self):
        self._check_moves()
        for order in self.orders:
            finished = order.backflush_ids.finished_move_ids.filtered(
                lambda move: move.product_id == self.product
            )
            net = sum(
                move.quantity if move.production_id else -move.quantity
                for move in finished
            )
            self.assertAlmostEqual(order.qty_produced, net)
            postings = order.backflush_ids
            counted = sum(postings.mapped("produced_qty"))
            self.assertAlmostEqual(order.qty_produced, counted)
        self._check_components()

    def _check_moves(self):
        """Stock is what the moves made of it."""
        places = defaultdict(float, self.before)
        products = [product.id for product in (self.product, *self.components)]
        lines = self.env["stock.move.line"].search(
            [
                ("id", ">", self.last_line),
                ("product_id", "in", products),
                ("state", "=", "done"),
            ]
        )
        for line in lines:
            for place, sign in ((line.location_id, -1), (line.location_dest_id, 1)):
                key = line.product_id, place, line.lot_id, line.owner_id
                places[key] += sign * line.quantity_product_uom
        places = {key: round(q, 6) for key, q in places.items() if round(q, 6)}
        self.assertEqual(places, self._get_places())

    def _check_components(self):
        """What is expected is the target of what is left, within a step."""
        made = sum(self.orders.mapped("qty_produced"))
        made += sum(self.orders.mapped("backflush_scrapped_qty"))
        groups = self.orders.move_raw_ids.grouped(lambda m: m._get_backflush_root())
        for root, moves in groups.items():
            if root.backflush_method == "completion":
                self._check_target(root, moves, made)

    def _check_target(self, root, moves, made):
        rule = root._get_backflush_rule()
        count = float(made > 0) if rule.per_order else made
        target = rule.ratio * count * (1 + rule.scrap / 100)
        expected = sum(
            move._get_backflush_left_expected()
            for move in moves
            if move.state == "done"
        )
        step = rule.rounding.step or 0.01
        self.assertLess(abs(expected - target), step + 1e-9, root.product_id.name)

    # --- In the end ---

    def _undo(self):
        """Take all of it back; what was unbuilt has come back already."""
        while postings := self._get_postings()[::-1]:
            errors = [self._correct_to_nothing(posting) for posting in postings]
            self._check_moves()
            if all(errors):
                break
        for posting in postings:
            lowest = self._correct_to_nothing(posting)["lowest"]
            self.assertLessEqual(lowest, self.unbuilt)
            if lowest < posting.quantity_left:
                posting.backflush_correct(lowest)
        self.assertEqual(self._get_places(), self.before)
        self.assertFalse(any(self.orders.mapped("backflush_scrapped_qty")))
        self.assertSameValue()

    def assertSameValue(self):
        """What the stock is worth: for those who value it."""

    def _correct_to_nothing(self, posting):
        """Correct a posting; where it is refused, what the refusal says."""
        try:
            with self.env.cr.savepoint():
                posting.backflush_correct(0)
        except UserError as error:
            return error.backflush_details
        return None

    def _finish(self):
        for order in self.orders:
            if order.state not in ("done", "cancel"):
                left = order._get_backflush_remaining()
                if left:
                    order.backflush_post(**self._name(order, left))
                else:
                    order.button_mark_done()
                self.assertEqual(order.state, "done")
        self._check()


@tagged("post_install", "-at_install")
class TestCorrectionInvariants(CorrectedCase):
    def _fill_stock(self, components):
        """Small lots, of two owners, so that a component takes several."""
        owner = self.env["res.partner"].create({"name": "Owner"})
        for component in components:
            lots = [self.env["stock.lot"]] * 3
            if component.tracking == "lot":
                lots = self.env["stock.lot"].create(
                    [{"name": name, "product_id": component.id} for name in "ABC"]
                )
            self._add_stock(component, 7.5, lot_id=lots[0])
            self._add_stock(component, 40, lot_id=lots[1], owner_id=owner)
            self._add_stock(component, 900000, lot_id=lots[2])

    def _draw(self, recipe, bom_quantity, drawn):
        product, components = self._create_recipe(recipe, bom_quantity)
        product.bom_ids.consumption = "flexible"
        self._fill_stock(components)
        self._begin(product, 9, components)
        self._go(drawn)

    @settled
    @given(lines, amounts, steps)
    def test_all_comes_back(self, recipe, bom_quantity, drawn):
        self._draw(recipe, bom_quantity, drawn)
        self._undo()

    @settled
    @given(lines, amounts, steps)
    def test_in_the_end_as_if_reported_right(self, recipe, bom_quantity, drawn):
        self._draw(recipe, bom_quantity, drawn)
        self._finish()


@tagged("post_install", "-at_install")
class TestCorrectedSerials(CorrectedCase):
    """Serial numbers are made, consumed, taken back and made again."""

    def _step_scrap(self, number, quantity):
        # What is spoilt of them has to be named.
        self._step_report(number, quantity)

    def _name(self, order, quantity):
        """Serial numbers that are neither in stock nor of this order: taken back."""
        names = [f"P{number}" for number in range(30)]
        quants = self.env["stock.quant"].search(
            [("product_id", "=", self.product.id), ("quantity", ">", 0)]
        )
        used = (quants.lot_id | order.lot_producing_ids).mapped("name")
        names = [name for name in names if name not in used]
        return {"lot_names": names[: int(quantity)]}

    def _draw(self, drawn):
        motor = self._create_product("Motor", tracking="serial")
        oil = self._create_product("Oil", tracking="lot")
        pump = self._create_product("Pump", tracking="serial")
        self._create_bom(pump, [(motor, 1), (oil, 0.3)])
        for number in range(9):
            self._create_lot(motor, f"M{number}", 1)
        self._create_lot(oil, "A", 1)
        self._create_lot(oil, "B", 100)
        self.env.company.backflush_serial_auto = True
        self._begin(pump, 6, [motor, oil])
        self._go(drawn)

    def _unbuild(self, order, quantity):
        for _number in range(int(min(quantity, 2))):
            lots = self.env["stock.lot"]
            for move in order._get_backflush_main_moves():
                lots = lots.union(*(line.lot_id for line, _q in self._get_left(move)))
            self.env["mrp.unbuild"].with_user(self.worker).create(
                {
                    "mo_id": order.id,
                    "product_id": self.product.id,
                    "product_qty": 1,
                    "lot_id": lots[:1].id,
                }
            ).action_unbuild()
            self.unbuilt += 1

    @settled
    @given(steps)
    def test_all_comes_back(self, drawn):
        self._draw(drawn)
        self._undo()

    @settled
    @given(steps)
    def test_in_the_end_as_if_reported_right(self, drawn):
        self._draw(drawn)
        self._finish()
