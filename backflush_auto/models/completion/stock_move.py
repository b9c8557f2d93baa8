from odoo import models

from ...engine.allocation import BLOCK, Demand


class StockMove(models.Model):
    """What a component of a backflushed order is, plans and consumes."""

    _inherit = "stock.move"

    # --- Which moves ---

    def _filter_backflush(self):
        """The components of backflushed orders among these moves."""
        return self.filtered(
            lambda move: (
                move.raw_material_production_id.backflush
                and move.location_dest_id.usage != "inventory"
            )
        )

    def _filter_backflush_all(self):
        """The moves of backflushed orders: components, finished goods, by-products."""
        return self.filtered(
            lambda move: (
                move.raw_material_production_id.backflush
                or move.production_id.backflush
            )
        )

    def _filter_backflush_open(self):
        return self.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and not move.backflush_deferred
            )
        )._filter_backflush()

    def _filter_backflush_at_start(self):
        """The components that are taken when their order starts."""
        return self.filtered(lambda move: move.backflush_method == "start")

    def _filter_backflush_at(self, workorders):
        """The components that are taken when work is done at these work orders.

        A manual one is taken where a person has recorded it.
        """
        return self.filtered(
            lambda move: (
                move.workorder_id in workorders
                and (
                    move.backflush_method == "operation"
                    or move.backflush_method == "manual"
                    and move._is_backflush_recorded()
                )
            )
        )

    def _filter_backflush_interim(self):
        """The components that left stock before their order was complete."""
        interim = self.sudo().backflush_id.filtered(
            lambda posting: posting.trigger in ("operation", "start")
        )
        return self.filtered(lambda move: move.backflush_id in interim)

    def _is_backflush_recorded(self):
        """Whether a person has entered what this component consumed."""
        self.ensure_one()
        return self.picked and bool(self.move_line_ids or self.manual_consumption)

    def _may_backflush_differ(self):
        """Whether something else may be consumed than the expected quantity."""
        self.ensure_one()
        return (
            self.backflush_method == "manual"
            or self.backflush_added
            or self._is_backflush_recorded()
        )

    def _should_reserve_backflush(self):
        """Whether Odoo reserves this component before it is posted."""
        self.ensure_one()
        return (
            self.backflush_method == "manual"
            or self.has_tracking == "serial"
            or self.procure_method == "make_to_order"
            or bool(self.move_orig_ids)
            or self.company_id.backflush_reserve
            or self._should_bypass_reservation()
        )

    # --- What a person enters ---

    def _is_backflush_outdated(self):
        """Whether a person entered it while something else was expected."""
        self.ensure_one()
        compare = self.product_uom.compare
        return bool(
            self.backflush_entered_due_qty
            and self._is_backflush_recorded()
            and compare(self.backflush_due_qty, self.backflush_entered_due_qty)
            and compare(self.backflush_due_qty, self._get_picked_quantity())
        )

    def _record_backflush_entry(self):
        """Mark the quantity of these components as a person's own: it wins."""
        for move in self:
            if not (move.manual_consumption and move.picked):
                move.update({"manual_consumption": True, "picked": True})

    def _withdraw_backflush_entry(self):
        """Withdraw a person's entries on these components."""
        self.filtered("manual_consumption").manual_consumption = False

    # --- What a posting consumes ---

    def _get_backflush_rule(self):
        """The rule of the engine for this component."""
        self.ensure_one()
        values = self._get_backflush_recipe_entry() or self
        return self._make_backflush_rule(
            values["backflush_ratio"], values, self.product_id, self.product_uom
        )

    def _get_backflush_surplus(self, rule):
        """The quantity issued for this component beyond the need of its order.

        :param rule: of the part of it that has not left
        :return: quantity in the component's unit
        """
        self.ensure_one()
        left = self._get_backflush_parts().filtered(lambda m: m.state == "done")
        covered = self.backflush_prior_covered_qty + sum(
            move._get_backflush_covering_qty(self.product_uom) for move in left
        )
        order = self.raw_material_production_id
        planned = order._get_backflush_planned(rule, self.workorder_id)
        return max(0.0, covered - planned)

    def _get_backflush_origin(self):
        """The component that this move is a part of.

        While a person types, a move is not the record that its parts refer to.
        """
        return self.backflush_origin_id._origin or self._origin or self

    def _sort_backflush(self):
        """The components as the order lists them, parts of one where it stands."""
        return self.sorted(
            lambda move: (move.sequence, move._get_backflush_origin().id, move.id)
        )

    def _sort_backflush_by_location(self):
        """Who can take from a shelf only comes before who can take from all stock."""
        return self.sorted(
            lambda move: move.location_id.parent_path.count("/"), reverse=True
        )

    def _get_backflush_product_qty(self, quantity):
        """Convert a quantity of this component to its product's unit, as stock does."""
        return self.product_uom._compute_quantity(
            quantity, self.product_id.uom_id, rounding_method="HALF-UP"
        )

    def _get_backflush_covering_qty(self, unit):
        """What this move covers of its component's target, in the given unit.

        What corrections took back of it covers nothing any more.
        """
        entry = self._get_backflush_recipe_entry()
        is_expected = bool(
            self.backflush_id and not (entry and self._is_backflush_edited(entry))
        )
        consumed = self.quantity + self.backflush_deferred_qty
        consumed += self.backflush_issued_qty
        covering = self._convert_backflush_covering_qty(
            self.backflush_expected_qty if is_expected else consumed, unit
        )
        for back in self._get_backflush_returns():
            covering -= back._convert_backflush_covering_qty(
                -back.backflush_expected_qty if is_expected else back.quantity, unit
            )
        return covering

    def _convert_backflush_covering_qty(self, quantity, unit):
        """Convert what this move covers, as exactly as stock knows it.

        :param quantity: in the move's unit
        :param unit: to convert it to
        """
        own, stock_unit = self.product_uom, self.product_id.uom_id
        if own == stock_unit:
            return own._compute_quantity(quantity, unit, round=False)
        if not own.compare(
            quantity, self.quantity
        ) and not self._has_backflush_common_unit(self.product_id, own):
            # The lines know to more decimals what was expected, and is consumed.
            held = sum(self.move_line_ids.mapped("quantity_product_uom"))
        else:
            held = self._get_backflush_product_qty(quantity)
        return stock_unit._compute_quantity(held, unit, round=False)

    def _get_backflush_expected(self, totals, counts=None, together=False):
        """What a posting should consume of each of these components.

        :param totals: ``{order: quantity}`` reported so far, this posting included, in
            the order's unit
        :param counts: what is counted so far, where it is known; see
            :meth:`_get_backflush_counts`
        :param together: the orders are posted one after the other; else each as if it
            were the only one
        :return: ``{move: quantity in the move's unit}``; the source is
            :meth:`.Count.take`
        """
        counts = counts or self._get_backflush_counts()
        going_on, result = {}, {}
        for move in self:
            order = move.raw_material_production_id
            scope = id(counts[move]), None if together else order
            if scope not in going_on:
                going_on[scope] = counts[move].clone()
            result[move] = going_on[scope].take(
                move._get_backflush_rule(),
                move._get_backflush_key(),
                move._get_backflush_due_units(totals[order]),
            )
        return result

    def _get_backflush_target(self, total, count):
        """What this component should have consumed in total on its order.

        :param total: reported so far, in the order's unit
        :param count: :class:`.Count` of it
        :return: quantity in the component's unit
        """
        return count.get_target(
            self._get_backflush_rule(),
            self._get_backflush_key(),
            self._get_backflush_due_units(total),
        )

    def _get_backflush_due_units(self, total):
        """The quantity that this component is due for, in the product's unit.

        :param total: reported so far, in the order's unit
        """
        order = self.raw_material_production_id
        return order._get_backflush_units(self._get_backflush_count(total))

    def _get_backflush_count(self, total):
        """The quantity that this component is due for: from the start, the plan.

        What failed once it had reached the component's operation counts as well.

        :param total: reported so far, in the order's unit
        """
        self.ensure_one()
        order = self.raw_material_production_id
        due = order._get_backflush_due(total, self.workorder_id)
        if self._get_backflush_due_method() == "start":
            return max(due, order._get_backflush_planned_due(self.workorder_id))
        return max(due, self._get_backflush_failing_count())

    # --- Where it is taken from ---

    def _prepare_backflush_demand(self, expected):
        """What this component asks of the allocation, in the product's unit.

        :param expected: what the posting should consume, in the move's unit
        """
        self.ensure_one()
        recorded = self._is_backflush_recorded()
        lines = self.move_line_ids
        entered = lines.filtered("picked") if recorded else lines
        claims = [line._prepare_backflush_claim() for line in entered]
        return Demand(
            key=self,
            product_id=self.product_id.id,
            location_id=self.location_id.id,
            quantity=sum(claim.quantity for claim in claims)
            if recorded
            else self._get_backflush_product_qty(expected),
            places=None if self._should_bypass_reservation() else [],
            claims=claims,
            replaced=[line._prepare_backflush_claim() for line in lines - entered],
            recorded=recorded,
            policy=self.raw_material_production_id.backflush_shortage or BLOCK,
            tracked=self.has_tracking != "none",
            choose_lots=self._should_choose_backflush_lots(),
        )

    def _should_choose_backflush_lots(self):
        """Whether lots may be taken that nobody reserved or named."""
        self.ensure_one()
        return self.has_tracking != "serial" or self.company_id.backflush_serial_auto

    def _prepare_backflush_line_vals(self, take, quant=None):
        """Values of the stock move line that takes what the allocation gave.

        :param take: :class:`.Take`
        :param quant: ``stock.quant`` that it takes from, where other addons have a say
            in it: what they set holds
        """
        self.ensure_one()
        place = {
            "location_id": take.place.location_id,
            "lot_id": take.place.lot_id or False,
            "package_id": take.place.package_id or False,
            "owner_id": take.place.owner_id or False,
        }
        taken = {"picked": True}
        if take.place.lot_id:
            taken["backflush_lot_source"] = "assumed"
        if not self._has_backflush_common_unit(self.product_id, self.product_uom):
            taken["quantity"] = take.quantity
            taken["product_uom_id"] = self.product_id.uom_id.id
        if quant is None:
            vals = self._prepare_move_line_vals(quantity=take.quantity)
            return {**vals, **place, **taken}
        vals = self._prepare_move_line_vals(
            quantity=take.quantity, reserved_quant=quant
        )
        if not quant:
            vals.pop("location_id", None)
        return {**place, **vals, **taken}
