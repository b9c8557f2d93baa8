from collections import defaultdict

from odoo import models

from ...context import with_private


class MrpProduction(models.Model):
    """Orders that were split from one: they share its count and its reservation."""

    _inherit = "mrp.production"

    # --- What becomes of the others ---

    def _get_backflush_split_orders(self):
        """The open orders that were split from the same ones as these, themselves left
        out."""
        moves = self.move_raw_ids.filtered(
            lambda move: move.backflush_ratio and move._may_backflush_be_split()
        )
        if not moves:
            return self.browse()
        return moves._get_backflush_relatives().raw_material_production_id - self

    def _plan_backflush_others(self, released=None):
        """Plan again the orders that were split from the same ones as these.

        What these have reported, or will not report any more, changes what is left for
        the others.

        :param released: what these had reserved and do not need any more; see
            :meth:`_get_backflush_reservations`
        """
        others = self._get_backflush_split_orders()
        if others:
            reservations = others._get_backflush_reservations()
            for root, lines in (released or {}).items():
                reservations[root] += lines
            moves = others.move_raw_ids._filter_backflush_open()
            # What all of them need together was procured for them before.
            keep = {"do_not_unreserve": True, "no_procurement": True}
            moves.with_context(**keep)._plan_backflush()
            others._distribute_backflush_reservations(reservations)

    # --- Merges ---

    def _get_backflush_lineage(self):
        """The components of these orders, by what makes them.

        :return: ``{(line of the BoM, product, turn): components}``
        """
        found = defaultdict(self.env["stock.move"].browse)
        for order in self:
            turns = defaultdict(int)
            for move in order.move_raw_ids.sorted("id"):
                if move.backflush_origin_id or move.state == "cancel":
                    continue
                key = move.bom_line_id, move.product_id
                turns[key] += 1
                found[(*key, turns[key])] |= move
        return found

    def _plan_backflush_merged(self, lineage, prior, reserves):
        """Plan what orders were merged into, if it is backflushed.

        :param reserves: whether something was reserved for one of those orders
        """
        for order in self:
            order._join_backflush_lineage(lineage, prior)
            order._plan_backflush_others()
            if reserves:
                order.action_assign()

    def _join_backflush_lineage(self, lineage, prior):
        """Let a merged order carry on the count of the orders that it replaces.

        :param lineage: of those orders; see :meth:`_get_backflush_lineage`
        :param prior: quantity of the orders that those were split from
        """
        for key, move in self._get_backflush_lineage().items():
            ancestors = lineage[key].filtered(lambda m: m._may_backflush_be_split())
            if ancestors:
                move._join_backflush_roots(ancestors)
        with_private(self.sudo(), record=True).backflush_prior_qty = prior
        self.move_raw_ids._filter_backflush_open()._plan_backflush()

    def _get_backflush_merged_prior(self):
        """The quantity before the first of these orders, of each that was split."""
        prior = 0.0
        groups = self.grouped(lambda order: order.production_group_id or order)
        for orders in groups.values():
            first = min(orders, key=lambda order: order.backflush_prior_qty)
            prior += first._get_backflush_units(first.backflush_prior_qty)
        return prior

    def _get_backflush_shared_groups(self):
        """The groups in which these orders have others, not merged with them.

        :return: list of ``(values of the group, its orders)``
        """
        groups = self.production_group_id.filtered(
            lambda group: any((group.production_ids - self).mapped("backflush"))
        )
        return [(group.copy_data()[0], group.production_ids) for group in groups]

    def _restore_backflush_groups(self, groups):
        """Group the orders again that were split from one.

        Odoo deletes the groups of merged orders, and fails to split, or to make a
        backorder of, an order that has been in one. The merged orders are in the new
        group as well: no other may get their numbers.

        :param groups: before the merge; see :meth:`_get_backflush_shared_groups`
        """
        for vals, orders in groups:
            group = self.env["mrp.production.group"].create(vals)
            orders.production_group_id = group
            others = orders - self
            (others.move_raw_ids | others.move_finished_ids).production_group_id = group
