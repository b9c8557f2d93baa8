from odoo import models
from odoo.exceptions import UserError

from ...context import get_private, with_private
from ...errors import refuse
from ...texts import format_quantity


class MrpProduction(models.Model):
    """Parts: production is posted, and the order stays open for what remains.

    The private key ``keep_open`` holds the ids of the orders that a posting
    leaves open. As in Odoo, ``qty_producing`` counts all that was ever reported on the
    order, ``qty_produced`` what is posted; so do the serial numbers of the order.
    """

    _inherit = "mrp.production"

    def _filter_backflush_staying_open(self):
        order_ids = get_private(self.env, "keep_open", ())
        return self.filtered(lambda o: o.backflush and o.id in order_ids)

    def _filter_backflush_unfinished(self):
        """The orders of which something remains once what is entered is posted."""
        return self.filtered(
            lambda order: (
                order.product_uom_id.compare(
                    order.qty_producing, order._get_backflush_to_make()
                )
                < 0
            )
        )

    def _filter_backflush_posted(self):
        """The open orders of which a part is posted."""
        return self.filtered(
            lambda order: (
                order.backflush
                and order.state not in ("done", "cancel")
                and order._get_backflush_done_moves()
            )
        )

    def _filter_backflush_parted(self):
        """The orders that were posted several times."""
        return self.filtered(
            lambda order: order.backflush and len(order._get_backflush_done_moves()) > 1
        )

    def _show_backflush_produce(self):
        """Let *Produce All* report what remains, where nothing was entered since."""
        for order in self:
            if not order.product_uom_id.compare(
                order.qty_producing, order.qty_produced
            ):
                order.show_produce_all = True
                order.show_produce = False

    def _filter_backflush_going_on(self):
        """The orders in progress that stay so, because their product is to come.

        Odoo looks at all the components of all their parts to see that, several times
        in a posting.
        """
        return self.filtered(
            lambda order: (
                order.backflush
                and order.state == "progress"
                and not order.workorder_ids
                and any(
                    move.state not in ("done", "cancel")
                    for move in order.move_finished_ids
                )
            )
        )._filter_backflush_unfinished()

    # --- What is reported ---

    def _report_backflush_rest(self):
        """Where nothing was entered since the last posting, report what remains."""
        for order in (
            self._filter_backflush_posted() - self._filter_backflush_staying_open()
        ):
            if order.qty_producing and order._compare_backflush_to_posted():
                continue
            to_make = order._get_backflush_to_make()
            order.qty_producing = max(to_make, order.qty_produced)
            order._set_qty_producing(False)

    def _fill_backflush_byproducts(self):
        """By-products for what is reported, where it was written and not entered.

        Until something is entered, Odoo lets them have all that the order is to make.
        """
        for order in self.filtered("qty_producing"):
            now = order.qty_producing - order.qty_produced
            for move in order.move_byproduct_ids.filtered(
                lambda move: (
                    move.state not in ("done", "cancel")
                    and not move.picked
                    and move.quantity in (0, move.product_uom_qty)
                )
            ):
                quantity = move._round_backflush_to_stock(now * move.unit_factor)
                if move.product_uom.compare(quantity, move.quantity):
                    move._set_quantity_done(quantity)

    def _compare_backflush_to_posted(self):
        """1 where more was entered than was posted, 0 where as much.

        :raises UserError: where less is entered than was posted
        """
        self.ensure_one()
        comparison = self.product_uom_id.compare(self.qty_producing, self.qty_produced)
        if comparison < 0:
            raise UserError(
                self.env._(
                    "%(entered)s %(unit)s of %(order)s cannot be reported: %(posted)s "
                    "are already posted. Enter everything that was produced on the "
                    "order, including what is posted.",
                    order=self.name,
                    entered=format_quantity(self.env, self.qty_producing),
                    posted=format_quantity(self.env, self.qty_produced),
                    unit=self.product_uom_id.name,
                )
            )
        return comparison

    def _check_backflush_part(self):
        """Refuse to post a part of nothing.

        :raises UserError: where nothing was entered since the last posting
        """
        for order in self:
            entered = order._compare_backflush_to_posted()
            if not entered and not order._has_backflush_scrap():
                raise UserError(
                    self.env._(
                        "Nothing is reported on %(order)s: enter a quantity.",
                        order=order.name,
                    )
                )

    def _check_backflush_units(self, reported):
        """Refuse what stock cannot hold of finished goods and by-products.

        :param reported: ``{order: quantity}`` in the order's unit
        :raises UserError: where it cannot
        """
        byproducts = self.move_byproduct_ids
        byproducts.filtered(
            lambda move: move.state not in ("done", "cancel")
        )._check_backflush_entries()
        for order in self:
            unit, product = order.product_uom_id, order.product_id
            rounding = self.env["stock.move"]._make_backflush_rounding(
                0.0, "HALF-UP", product, unit
            )
            quantity = reported[order]
            if not rounding.stock and unit.compare(quantity, rounding.apply(quantity)):
                raise refuse(
                    self.env._(
                        "%(quantity)s %(unit)s of %(product)s cannot be reported on "
                        "%(order)s: it is kept in %(stock_unit)s, so that stock can "
                        "hold multiples of %(step)s %(unit)s only.",
                        quantity=format_quantity(self.env, quantity),
                        unit=unit.name,
                        product=product.display_name,
                        order=order.name,
                        stock_unit=product.uom_id.name,
                        step=format_quantity(self.env, rounding.step),
                    ),
                    field="quantity",
                )

    def _filter_backflush_lacking_serials(self):
        """The orders posted in part for whose rest serial numbers are missing."""
        return self._filter_backflush_posted().filtered(
            lambda order: (
                order.product_tracking == "serial"
                and len(order.lot_producing_ids) < order.qty_producing
            )
        )

    def _ask_backflush_serials(self):
        """Ask for the serial numbers that are missing, which Odoo does for one order.

        :raises UserError: that names the orders, where there are several
        """
        if len(self) == 1:
            return self.action_generate_serial()
        raise UserError(
            self.env._(
                "Serial numbers are missing for what remains of %(orders)s: generate "
                "them on each order.",
                orders=", ".join(self.mapped("name")),
            )
        )

    def _get_backflush_settled_orders(self, vals):
        """The orders whose produced quantity is that of their parts.

        Odoo would set each part of a done order to the quantity of all of it, also
        where that is the quantity it has.

        :param vals: about to be written
        """
        if "qty_producing" not in vals:
            return self.browse()
        return self._filter_backflush_parted().filtered(lambda o: o.state == "done")

    # --- Around Odoo's posting ---

    def _set_backflush_finished_lots(self):
        """Give the finished goods their serial numbers, but those posted already."""
        for order in self.filtered(lambda o: o.product_tracking == "serial"):
            finished = order._get_backflush_main_moves()
            posted = finished.filtered(
                lambda move: move.state == "done"
            )._get_backflush_left_lots()
            for move in finished.filtered(lambda m: m.state not in ("done", "cancel")):
                move.lot_ids = order.lot_producing_ids - posted

    def _get_backflush_main_moves(self):
        """The moves of the product itself, by-products left out."""
        return self.move_finished_ids._filter_backflush_main()

    def _get_backflush_done_moves(self):
        """The moves of the product that were posted."""
        return self._get_backflush_main_moves().filtered(lambda m: m.state == "done")

    def _get_backflush_produced_shares(self):
        """How much of each order is produced once this posting is done.

        :return: ``{order id: share, 1 where the order closes}``
        """
        staying = self._filter_backflush_staying_open()
        return {
            order.id: order._get_backflush_share() if order in staying else 1.0
            for order in self
        }

    def _get_backflush_share(self):
        """How much of this order's good units is reported, 0 to 1."""
        to_make = self._get_backflush_to_make()
        return min(1.0, self.qty_producing / to_make) if to_make else 1.0

    def _carry_on_backflush(self, postings):
        """Leave finished goods and work orders ready for the next posting.

        :param postings: ``mrp.backflush`` records of what was posted just now
        """
        shares = self._get_backflush_produced_shares()
        for order in self:
            order.workorder_ids._carry_on_backflush(shares[order.id])
            done = order.move_finished_ids.filtered(lambda move: move.state == "done")
            (order.move_finished_ids - done).picked = False
            done.filtered(lambda m: m.sudo().backflush_id in postings)._trigger_assign()

    # --- Splits of orders that are posted in part ---

    def _mend_backflush_split(self, orders):
        """Keep what is posted on its order, although Odoo splits that as well.

        :param orders: each order of ``self``, followed by those split from it
        """
        keep = {"do_not_unreserve": True, "no_procurement": True}
        posted = self.browse()
        for split in with_private(orders, keep_ratio=True).with_context(**keep):
            if split in self:
                posted = split._filter_backflush_posted()
                split._mend_backflush_components()
                posted._mend_backflush_finished()
            elif posted:
                split._join_backflush_finished()
            if posted.backflush_corrected:
                # What came back is planned a second time, to be made again.
                split._open_backflush_finished_rest()

    def _plan_backflush_split_finished(self, orders, rates):
        """Let orders of which some failed share what is still to come of them.

        :param orders: each order of ``self``, followed by those split from it
        :param rates: of those of which some failed, see
            :meth:`_get_backflush_yield_rates`
        """
        own = {}
        for split in orders:
            if split in self:
                own = {key: rate for key, rate in rates.items() if key[0] == split}
            split._plan_backflush_finished(own)

    def _mend_backflush_components(self):
        """Restore the demand of consumed components that Odoo reduced in a split."""
        consumed = self.filtered("backflush").move_raw_ids
        for move in consumed.filtered(lambda move: move.state == "done"):
            move.product_uom_qty = move.quantity

    def _mend_backflush_finished(self):
        """Give back to what is finished the demand that Odoo took from it."""
        for key, moves in self._group_backflush_finished().items():
            planned = sum(moves.mapped("product_uom_qty"))
            done = moves.filtered(lambda move: move.state == "done")
            for move in done:
                move.product_uom_qty = move.quantity
            for move in (moves - done)[:1]:
                rest = planned - sum(done.mapped("quantity"))
                if self._is_backflush_main(*key):
                    # Odoo rounds what it takes from each part.
                    rest = self._get_backflush_to_come()
                move.product_uom_qty = max(0.0, move.product_uom.round(rest))

    def _join_backflush_finished(self):
        """Make one move again of what Odoo copied from a part and its rest."""
        for key, moves in self._group_backflush_finished().items():
            planned = sum(moves.mapped("product_uom_qty"))
            if self._is_backflush_main(*key):
                planned = self._get_backflush_to_come()
            (moves - moves[-1]).with_context(skip_mo_check=True)._action_cancel()
            (moves - moves[-1]).unlink()
            moves[-1].product_uom_qty = planned

    def _is_backflush_main(self, product, byproduct):
        """Whether this is the product of the order, by the key of a group of it."""
        return product == self.product_id and not byproduct

    def _group_backflush_finished(self):
        """The moves of each product and by-product, cancelled ones left out.

        :return: ``{(product, line of the BoM): moves}``
        """
        moves = self.move_finished_ids.filtered(lambda move: move.state != "cancel")
        return moves.grouped(lambda move: (move.product_id, move.byproduct_id))

    # --- Completion of some, parts of others ---

    def _mark_done_backflush_parts(self, parts, *args, **kwargs):
        """Post the parts of orders that stay open, and close the others.

        :param parts: those of these orders that stay open
        :return: as ``button_mark_done``
        """
        (self & parts)._check_backflush_part()
        result = self.pre_button_mark_done()
        if result is not True:
            return result
        (self & parts).with_context(no_procurement=True)._post_inventory()
        rest = with_private(self - parts, keep_open=None)
        return rest.button_mark_done(*args, **kwargs) if rest else True
