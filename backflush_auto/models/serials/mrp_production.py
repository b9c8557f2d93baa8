from contextlib import contextmanager

from odoo import models

from ...context import with_private
from ...errors import refuse
from ...texts import format_quantity


class MrpProduction(models.Model):
    """Serial numbers: each is one piece, and is made or consumed once."""

    _inherit = "mrp.production"

    def _search_backflush_open(self):
        """All the open orders that Odoo alone has to complete without this addon."""
        return self.search(
            [
                ("state", "not in", ("done", "cancel")),
                "|",
                ("backflush", "=", True),
                ("backflush_ids", "!=", False),
            ]
        )

    def _filter_backflush_serials_posted(self):
        """The open orders that have made or consumed serial numbers."""
        return self.filtered(
            lambda order: (
                order.state not in ("draft", "done", "cancel")
                and any(
                    move.state == "done" and move.has_tracking == "serial"
                    for move in order.move_raw_ids | order.move_finished_ids
                )
            )
        )

    @contextmanager
    def _hide_backflush_consumed(self):
        """Let this order have only the components that are still to consume.

        In memory, for as long as the block lasts.
        """
        self.ensure_one()
        field, moves = self._fields["move_raw_ids"], self.move_raw_ids
        opened = moves.filtered(lambda move: move.state != "done")
        field._update_cache(self, opened._ids)
        try:
            yield
        finally:
            field._update_cache(self, moves._ids)

    def _convert_backflush_prior(self):
        """Count what came before in pieces.

        Odoo is about to convert the orders of serial-numbered goods to these.
        """
        for order in self.filtered(lambda o: o.product_tracking == "serial"):
            prior = order._get_backflush_units(order.backflush_prior_qty)
            with_private(order, record=True).backflush_prior_qty = prior

    def _check_backflush_serials_posted(self):
        """Refuse to leave orders to Odoo that it could not complete alone.

        It would take the serial numbers of earlier postings for used twice.

        :raises UserError: that names the orders and says what to do first
        """
        orders = self._filter_backflush_serials_posted()
        if orders:
            raise refuse(
                self.env._(
                    "Backflushing cannot be switched off for %(orders)s: serial "
                    "numbers are already posted on each while a quantity remains, and "
                    "Odoo alone cannot complete such an order. First report all that "
                    "remains, or let it become a backorder.",
                    orders=", ".join(orders.mapped("name")),
                ),
                "state",
            )

    def _check_backflush_pieces(self):
        """Refuse orders of serial-numbered goods for parts of a piece."""
        for order in self.filtered("backflush"):
            problem = order._get_backflush_piece_problem(order.product_qty)
            if problem:
                raise problem

    def _get_backflush_piece_problem(self, quantity):
        """Why a quantity of this order is no whole number of pieces.

        :param quantity: in the order's unit
        :return: an exception; None where the product has no serial numbers, or all is
            well
        """
        self.ensure_one()
        if self.product_tracking != "serial":
            return None
        pieces, unit = self._get_backflush_units(quantity), self.product_id.uom_id
        if not unit.compare(pieces, round(pieces)):
            return None
        return refuse(
            self.env._(
                "quantity: %(quantity)s %(unit)s of %(product)s on %(order)s: it has "
                "serial numbers and is made in whole pieces.",
                quantity=format_quantity(self.env, quantity),
                unit=self.product_uom_id.name,
                product=self.product_id.display_name,
                order=self.name,
            ),
            field="quantity",
        )

    def _leave_out_backflush_posted(self, lots):
        """Tell the serial numbers of earlier parts, which stay named on the order.

        Those that a correction took back are free again.

        :param lots: named on these orders
        :return: ``(the other lots, done move lines of the finished goods)``
        """
        done = self.move_finished_ids.filtered(lambda move: move.state == "done")
        return lots - done._get_backflush_left_lots(), done.move_line_ids
