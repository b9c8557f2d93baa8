from collections import defaultdict

from odoo import fields, models


class MrpProduction(models.Model):
    """What is reserved for the orders of a split."""

    _inherit = "mrp.production"

    def _get_backflush_reservations(self):
        """What the components of these orders have reserved, entries left out.

        :return: ``{key of the component: list of (values of a line, quantity in the
            product's unit)}``
        """
        reservations = defaultdict(list)
        for move in self.move_raw_ids._filter_backflush_open():
            for line in move.move_line_ids:
                vals = line._prepare_backflush_rest_vals(0.0)
                if vals:
                    root = move._get_backflush_root().id
                    reservations[root].append((vals, vals["quantity"]))
        return reservations

    def _reserve_backflush_backorders(self):
        """Reserve for backorders what is due by its date, once these are posted.

        Odoo does it before the posting, and after it for what is reserved at
        confirmation.
        """
        moves = self._get_backflush_split_orders().move_raw_ids
        moves.filtered(
            lambda move: (
                move.state in ("confirmed", "partially_available")
                and move.picking_type_id.reservation_method != "at_confirm"
                and move.reservation_date
                and move.reservation_date <= fields.Date.today()
            )
        )._action_assign()

    def _distribute_backflush_reservations(self, reservations):
        """Give each component of these orders, one after the other, what it needs.

        Odoo shares a reservation in proportion to the orders; but not all components
        are proportional to them, and a serial number cannot be divided.

        :param reservations: what was reserved before; see
            :meth:`_get_backflush_reservations`
        """
        moves = self.move_raw_ids._filter_backflush_open()
        moves = moves.filtered(lambda move: not move.picked)
        by_root = moves.grouped(lambda move: move._get_backflush_root().id)
        changed, vals_list = moves.browse(), []
        for root, held in reservations.items():
            lines_by_move = by_root.get(root, moves.browse())._divide_backflush(held)
            for move, lines in lines_by_move.items():
                if not move._is_backflush_reserved_as(lines):
                    changed |= move
                    vals_list += [dict(vals, move_id=move.id) for vals in lines]
        if changed:
            changed.move_line_ids.unlink()
            changed.move_line_ids._create_backflush_reserved(vals_list)
            changed._recompute_state()
