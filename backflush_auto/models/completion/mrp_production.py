from odoo import models
from odoo.fields import Domain

from ...context import get_private, with_private, without_defaults
from ...reporting.locks import lock_postings


class MrpProduction(models.Model):
    """What is reported on a backflushed order, and completes it."""

    _inherit = "mrp.production"

    def _forget_backflush_defaults(self):
        """The same orders; without a caller's defaults, where one is backflushed."""
        return without_defaults(self) if any(self.mapped("backflush")) else self

    def _withdraw_backflush_entries(self):
        """Forget what was recorded once and withdrawn since: Odoo would pick it."""
        moves = self.move_raw_ids._filter_backflush_open()
        moves.filtered(lambda move: not move.picked)._withdraw_backflush_entry()

    def _post_backflush_by_company(self, *args, **kwargs):
        """Let Odoo post the orders of each company in that company."""
        for company, orders in self.grouped("company_id").items():
            orders.with_company(company)._post_inventory(*args, **kwargs)
        return True

    def _filter_backflush_quantity_known(self):
        """Leave out the orders for which Odoo is about to ask for serial numbers."""
        return self.filtered(
            lambda order: (
                order.product_tracking != "serial"
                or order.lot_producing_ids
                or order.product_qty == 1
            )
        )

    def _get_backflush_reported(self, default_all=False):
        """The quantity that is reported now on each order, in its unit.

        :param default_all: where nothing was entered since the last posting, all that
            remains
        :return: ``{order: quantity}``
        """
        reported = {}
        for order in self:
            quantity = order._get_backflush_entered()
            if default_all and not quantity and order.product_uom_id:
                quantity = order._get_backflush_remaining()
            reported[order] = quantity
        return reported

    def _get_backflush_entered(self):
        """What was entered on this order since its last posting, in its unit."""
        self.ensure_one()
        entered = self.qty_producing - self.qty_produced
        unit = self.product_uom_id
        return max(0.0, unit.round(entered) if unit else entered)

    def _get_backflush_totals(self, reported=None):
        """The quantity that is reported on each order so far, in its unit.

        :param reported: ``{order: quantity}`` of this posting, where it is not what was
            entered
        :return: ``{order: quantity}``
        """
        reported = self._get_backflush_reported() if reported is None else reported
        return {order: order.qty_produced + reported[order] for order in self}

    def _prepare_backflush_vals(self, quantity):
        """Values of the record of a posting.

        :param quantity: the reported quantity, in the order's unit
        """
        self.ensure_one()
        return {
            "company_id": self.company_id.id,
            "production_id": self.id,
            "product_id": self.product_id.id,
            "quantity": quantity,
            "product_uom_id": self.product_uom_id.id,
            "user_id": self.env.user.id,
            **get_private(self.env, "identities", {}).get(self.id, {}),
        }

    def _get_backflush_finished_moves(self):
        """The finished goods and by-products that no posting has recorded yet."""
        return self.move_finished_ids.filtered(
            lambda move: move.state == "done" and not move.backflush_id
        )

    def _get_backflush_remaining(self):
        """The quantity that can still be reported on this order, in its unit."""
        self.ensure_one()
        if self.state in ("done", "cancel"):
            return 0.0
        return self._get_backflush_to_come()

    # --- What is still to come ---

    def _get_backflush_to_come(self, pending=True):
        """The good units that are still to come of this order, in its unit.

        :param pending: see :meth:`_get_backflush_to_make`
        """
        self.ensure_one()
        to_come = self._get_backflush_to_make(pending) - self.qty_produced
        unit = self.product_uom_id
        return max(0.0, unit.round(to_come) if unit else to_come)

    def _get_backflush_yield_rates(self):
        """What each good unit still to come brings of the by-products.

        :return: ``{(order, product, line of the BoM): quantity in the move's unit}``
        """
        rates = {}
        for order in self:
            to_come = order._get_backflush_to_come(pending=False)
            for (product, line), moves in order._group_backflush_finished().items():
                opened = moves.filtered(lambda move: move.state != "done")
                planned = sum(opened.mapped("product_uom_qty"))
                rates[order, product, line] = (
                    planned / to_come
                    if to_come
                    else order._get_backflush_recipe_yield(line, moves[:1])
                )
        return rates

    def _get_backflush_recipe_yield(self, byproduct, move):
        """What a good unit of this order brings by its bill of materials.

        :param byproduct: ``mrp.bom.byproduct``; empty for the product of the order
        :param move: of it, in whose unit the quantity is
        """
        if not byproduct:
            return float(self._is_backflush_main(move.product_id, byproduct))
        bom = byproduct.bom_id
        brings = byproduct.product_uom_id._compute_quantity(
            byproduct.product_qty, move.product_uom, round=False
        )
        made = bom.product_uom_id._compute_quantity(
            bom.product_qty, self.product_uom_id, round=False
        )
        return brings / made if made else 0.0

    def _plan_backflush_finished(self, rates):
        """Let what is still to come be what these orders will make.

        What failed does not come, and forecasts count upon the rest only.

        :param rates: see :meth:`_get_backflush_yield_rates`, of these orders or of the
            one that they were split from
        """
        by_product = {key[1:]: rate for key, rate in rates.items()}
        for order in with_private(self, keep_ratio=True).with_context(
            no_procurement=True, do_not_unreserve=True
        ):
            to_come = order._get_backflush_to_come()
            for key, moves in order._group_backflush_finished().items():
                opened = moves.filtered(lambda move: move.state != "done")
                if opened and key in by_product:
                    planned = to_come * by_product[key]
                    if order._is_backflush_main(*key):
                        planned = to_come
                    opened[1:].product_uom_qty = 0.0
                    opened[0].product_uom_qty = opened[0].product_uom.round(planned)

    def _join_backflush_goods(self):
        """Let each order make what it is to make by one move.

        Where more of it is ordered for another move, Odoo adds a move for what is more,
        and then lets each of them have all that is reported.

        :return: these orders
        """
        for order in self:
            first, *others = order.move_finished_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )._filter_backflush_main().sorted("id") or [None]
            for move in others:
                first.product_uom_qty += move.product_uom._compute_quantity(
                    move.product_uom_qty, first.product_uom, round=False
                )
                first.move_dest_ids |= move.move_dest_ids
                move.move_dest_ids = False
                move._action_cancel()
        return self

    def _get_backflush_products(self):
        """All the products that a posting of these orders moves.

        The moves themselves, a thousand of an order in many parts, are not read: that
        begins when nobody else posts their products.
        """
        consumed = Domain("raw_material_production_id", "in", self.ids)
        made = Domain("production_id", "in", self.ids)
        [[products]] = self.env["stock.move"]._read_group(
            consumed | made, aggregates=["product_id:recordset"]
        )
        return self.product_id | products

    def _lock_backflush_postings(self, method):
        """Wait for other postings of the products of these orders.

        :param method: of orders that a request can begin with
        """
        if get_private(self.env, "locked"):
            return
        entries = [f"mrp.production.{method}"]
        lock_postings(self.env, entries, self._get_backflush_products())

    def _check_backflush_before_question(self):
        orders = self.filtered("backflush")._filter_backflush_quantity_known()
        if orders:
            reported = orders._get_backflush_reported(default_all=True)
            orders._make_backflush_posting(reported).check()

    def _enter_backflush_rest(self):
        """Enter all that remains where nothing was entered.

        One write for all orders of the same quantity; Odoo writes, and works out what
        follows from it, order by order.
        """
        orders = self.filtered(
            lambda order: (
                not order.qty_producing
                and (order.product_tracking == "none" or order.lot_producing_ids)
                and order._auto_production_checks()
            )
        )
        for rest, group in orders.grouped(
            lambda order: order._get_backflush_to_make() - order.qty_produced
        ).items():
            group.qty_producing = rest
            for order in group:
                order._set_qty_producing()
