from odoo import models

from ..companies import find_mixed_companies
from ..lookups import get_lookups
from ..switches import is_switched_off


class StockMove(models.Model):
    """What is asked once for the moves of all orders, see ``lookups``."""

    _inherit = "stock.move"

    def _filter_backflush_moved(self):
        """The moves of backflushed orders, and those that corrections take back."""
        return self._filter_backflush_all() | self.filtered("backflush_id")

    def _filter_backflush_together(self, method):
        """The moves that are left out of a method, or go to it together.

        :param method: its name; none are where another addon extends it
        """
        backflushed = self._filter_backflush_moved()
        way = f"{method} of many components"
        if backflushed and is_switched_off(way, (self, method, "stock", "mrp")):
            return self.browse()
        return backflushed

    def _adjust_procure_method(self, *args, **kwargs):
        """Let Odoo find the rule of one component of each kind; the others follow it.

        Odoo searches for each component, for each location up to the top, and writes
        each: 32 of the 120 queries that an order of ten components costs.
        """
        first_by_move = self._group_backflush_by_rule()
        searching = self.filtered(lambda move: first_by_move.get(move, move) == move)
        res = super(StockMove, searching)._adjust_procure_method(*args, **kwargs)
        for move, first in first_by_move.items():
            for name in ("rule_id", "procure_method"):
                if move[name] != first[name]:
                    move[name] = first[name]
        return res

    def _group_backflush_by_rule(self):
        """The components that must find the same rule.

        :return: ``{move: the first of its kind}``; empty where another addon extends
            the search, which then takes place for each move
        """
        backflushed = self._filter_backflush_all()
        if not backflushed or is_switched_off(
            "Looking up rules for components of one kind",
            (self, "_adjust_procure_method", "stock"),
            (self.env["stock.rule"], "_search_rule", "stock"),
        ):
            return {}
        routes = {
            p: p.route_ids | p.categ_id.total_route_ids for p in backflushed.product_id
        }
        first_by_kind = {}
        return {
            move: first_by_kind.setdefault(
                (
                    routes[move.product_id],
                    move.packaging_uom_id,
                    move.location_id,
                    move.location_dest_id,
                    move.warehouse_id or move.picking_type_id.warehouse_id,
                    move.rule_id,
                ),
                move,
            )
            for move in backflushed
        }

    def _check_company(self, *args, **kwargs):
        backflushed = self._filter_backflush_together("_check_company")
        moves = self - backflushed + find_mixed_companies(backflushed, *args, **kwargs)
        return super(StockMove, moves)._check_company(*args, **kwargs)

    def _push_apply(self, *args, **kwargs):
        """Leave out what nothing pushes on, without asking for each move."""
        backflushed = self._filter_backflush_together("_push_apply")
        return super(
            StockMove, self - backflushed + backflushed._filter_backflush_pushed()
        )._push_apply(*args, **kwargs)

    def _filter_backflush_pushed(self):
        """The moves that others wait for, or that a rule may push on."""
        lookups = get_lookups(self.env)
        if lookups.pushing is None:
            rules = self.env["stock.rule"].sudo()
            rules = rules.search([("action", "in", ("push", "pull_push"))])
            lookups.pushing = set(rules.location_src_id.ids)
        pushed = {
            place
            for place in self.location_dest_id
            if not lookups.pushing.isdisjoint(
                map(int, place.parent_path.split("/")[:-1])
            )
        }
        return self.filtered(
            lambda move: move.move_dest_ids or move.location_dest_id in pushed
        )

    def action_explode(self, *args, **kwargs):
        """Search the kits among all components at once: a query for each, else."""
        backflushed = self._filter_backflush_together("action_explode")
        plain = backflushed - backflushed._filter_backflush_kits()
        rest = self - plain
        return plain | (
            super(StockMove, rest).action_explode(*args, **kwargs) if rest else rest
        )

    def _filter_backflush_kits(self):
        kits = self.env["product.product"]
        for company, moves in self.grouped("company_id").items():
            boms = self.env["mrp.bom"].sudo()
            found = boms._bom_find(
                moves.product_id, company_id=company.id, bom_type="phantom"
            )
            kits |= kits.union(*(product for product, bom in found.items() if bom))
        return self.filtered(lambda move: move.product_id in kits)

    def _trigger_scheduler(self, *args, **kwargs):
        """Ask for reordering rules once, not for each component."""
        backflushed = self._filter_backflush_together("_trigger_scheduler")
        moves = self - backflushed + backflushed._filter_backflush_watched()
        return super(StockMove, moves)._trigger_scheduler(*args, **kwargs)

    def _update_orderpoints(self, *args, **kwargs):
        """Leave out what no reordering rule watches, without asking again."""
        backflushed = self._filter_backflush_together("_update_orderpoints")
        moves = self - backflushed + backflushed._filter_backflush_watched()
        return super(StockMove, moves)._update_orderpoints(*args, **kwargs)

    def _filter_backflush_watched(self):
        """The moves of products that some reordering rule watches."""
        watched = get_lookups(self.env).watched
        if any(move.product_id.id not in watched for move in self):
            orders = self.raw_material_production_id | self.production_id
            unknown = (self | orders.move_raw_ids | orders.move_finished_ids).product_id
            rules = self.env["stock.warehouse.orderpoint"].sudo()
            rules = rules.with_context(active_test=False)
            found = rules.search([("product_id", "in", unknown.ids)]).product_id
            watched.update({product.id: product in found for product in unknown})
        return self.filtered(lambda move: watched[move.product_id.id])
