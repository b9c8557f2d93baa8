from odoo import models

from ..companies import find_mixed_companies
from ..lookups import get_lookups
from ..switches import is_switched_off


class StockMove(models.Model):
    """What is asked once for the moves of all orders, see ``lookups``."""

    _name = "stock.move"
    _inherit = ["stock.move", "mrp.backflush.written"]

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
        each: 32 of the 120 queries that an order of ten components costs. It searches
        again for each component whose demand changes.
        """
        kinds = self._get_backflush_rule_kinds(*args, **kwargs)
        rules = get_lookups(self.env).rules
        first_by_kind = {}
        for move, kind in kinds.items():
            if kind not in rules:
                first_by_kind.setdefault(kind, move)
        searching = self.browse().union(*first_by_kind.values())
        searching = self.filtered(lambda m: m in searching or m not in kinds)
        res = super(StockMove, searching)._adjust_procure_method(*args, **kwargs)
        for kind, first in first_by_kind.items():
            rules[kind] = {
                "rule_id": first.rule_id.id,
                "procure_method": first.procure_method,
            }
        for move, kind in kinds.items():
            for name, value in rules[kind].items():
                known = move[name].id if name == "rule_id" else move[name]
                if known != value:
                    move[name] = value
        return res

    def _get_backflush_rule_kinds(self, *args, **kwargs):
        """What the rule of a component depends on, besides the rules themselves.

        :return: ``{move: plain values}``; components of one kind find the same rule.
            Empty where another addon extends the search, which then takes place for
            each move
        """
        backflushed = self._filter_backflush_all()
        if not backflushed or is_switched_off(
            "Looking up rules for components of one kind",
            (self, "_adjust_procure_method", "stock"),
            (self.env["stock.rule"], "_search_rule", "stock"),
        ):
            return {}
        products = backflushed.product_id
        if len(products) == 1:
            # Odoo splits one component after the other: read the routes of all.
            recipe = backflushed.raw_material_production_id.bom_id.bom_line_ids
            products = products.with_prefetch((*recipe.product_id._ids, products.id))
        routes = {p: (p.route_ids | p.categ_id.total_route_ids)._ids for p in products}
        asked = (self.env.uid, self.env.su, self.env.companies._ids, args)
        asked += (tuple(sorted(kwargs.items())),)
        kinds = {}
        for move in backflushed:
            warehouse = move.warehouse_id or move.picking_type_id.warehouse_id
            packaging = move.packaging_uom_id
            kinds[move] = (
                asked,
                routes[move.product_id],
                (packaging.id, packaging.package_type_id.route_ids._ids),
                (move.location_id.id, move.location_id.parent_path),
                move.location_dest_id.id,
                (warehouse.id, warehouse.route_ids._ids),
                move.rule_id.id,
            )
        return kinds

    def _set_references(self, *args, **kwargs):
        """Leave out the moves of orders without a reference: each is written none."""
        backflushed = self._filter_backflush_together("_set_references")
        idle = backflushed.filtered(
            lambda move: (
                not (
                    move.picking_id
                    or (
                        move.raw_material_production_id or move.production_id
                    ).reference_ids
                )
            )
        )
        return super(StockMove, self - idle)._set_references(*args, **kwargs)

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
        self._find_backflush_kits()
        kits = get_lookups(self.env).kits
        return self.filtered(lambda move: kits[move.company_id.id, move.product_id.id])

    def _find_backflush_kits(self):
        """Search the kits among the products of these moves, unless they are known."""
        kits = get_lookups(self.env).kits
        for company, moves in self.grouped("company_id").items():
            unknown = moves.product_id.filtered(
                lambda product, own=company: (own.id, product.id) not in kits
            )
            boms = self.env["mrp.bom"].sudo()
            found = boms._bom_find(unknown, company_id=company.id, bom_type="phantom")
            kits.update({(company.id, p.id): bool(found.get(p)) for p in unknown})
            plain = unknown.filtered(
                lambda product, found=found: not found.get(product)
            )
            plain.with_company(company)._remember_backflush_no_kits()

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
