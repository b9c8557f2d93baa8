"""By-products, lots that were named, and what unbuilding a part gives back."""

from collections import defaultdict

from .checks import SMALL, Checks
from .family import exact


class PartRules(Checks):
    """Of what belongs to single orders and reports."""

    RULES = (
        "_byproducts_follow_the_product",
        "_named_lots_are_taken",
        "_part_of_it_comes_back",
        "_rest_is_to_come",
        "_scrapped_is_not_taken_back",
    )

    def _byproducts_follow_the_product(self, event, before, after):
        if not self.world.spec["byproduct"]:
            return
        for family in self.oracle.all():
            if family.yielded:
                continue
            made = 0.0
            for move in after.stock_move.values():
                if move.production_id in family.orders and move.byproduct_id:
                    made += (move.state == "done") * move.quantity
                origin = after.stock_move.get(move.origin_returned_move_id)
                if (
                    move.backflush_id
                    and origin
                    and origin.production_id in family.orders
                    and origin.byproduct_id
                ):
                    made -= move.quantity
            postings = len(family.orders) + sum(
                row.production_id in family.orders
                for row in after.mrp_backflush.values()
            )
            produced = float(self.oracle.produced(family.orders, after))
            should = 2 * produced / float(self.world.spec["bom_quantity"])
            self._expect(
                "by-products follow the product",
                abs(made - should) < 0.011 * postings,
                "family %s made %s, and %s of the by-product, not %s",
                *(sorted(family.orders), produced, made, should),
            )

    def _named_lots_are_taken(self, event, before, after):
        if event.refused or event.idle or event.kind != "report":
            return
        for order, by_line in event.named.items():
            for line, named in by_line.items():
                taken = defaultdict(float)
                for row in after.stock_move_line.values():
                    move = after.stock_move.get(row.move_id)
                    if (
                        move
                        and move.bom_line_id == line
                        and move.raw_material_production_id == order
                        and row.state == "done"
                        and not self._was_done(row.move_id, before)
                    ):
                        lot = self.world.setup["stock.lot"].browse(row.lot_id)
                        unit = self._unit(move)
                        taken[lot.name] += row.quantity_product_uom / unit
                self._expect(
                    "lots that are named are taken",
                    {name: round(q, 4) for name, q in taken.items()}
                    == {name: round(q, 4) for name, q in named.items()},
                    "%s: named %s, taken %s",
                    *(self._slot(line), named, dict(taken)),
                )

    def _part_of_it_comes_back(self, event, before, after):
        """Of one posting, each component comes back in the share that is unbuilt."""
        if event.kind != "unbuild" or event.refused:
            return
        [order] = event.orders
        row = after.mrp_production[order]
        postings = [
            posting
            for posting in after.mrp_backflush.values()
            if posting.production_id == order
        ]
        if not row.backflush or [p.trigger for p in postings] != ["completion"]:
            return
        if self.oracle.failures({order}, after):
            return
        unbuilds = {n for n, u in after.mrp_unbuild.items() if u.mo_id == order}
        unbuilt = sum(exact(after.mrp_unbuild[n].product_qty) for n in unbuilds)
        unbuilt *= self.oracle.factors[row.product_uom_id]
        share = float(unbuilt / self.oracle.produced({order}, after))
        if share > 1:
            return
        consumed, returned = defaultdict(float), defaultdict(float)
        slack = defaultdict(float)
        for line in after.stock_move_line.values():
            move = after.stock_move.get(line.move_id)
            if not move or line.state != "done":
                continue
            if move.raw_material_production_id == order and not move.scrap_id:
                consumed[line.product_id] += line.quantity_product_uom
            elif move.unbuild_id in unbuilds:
                returned[line.product_id] += line.quantity_product_uom
        for move in after.stock_move.values():
            if move.raw_material_production_id == order:
                slack[move.product_id] += 0.011 * max(1, self._unit(move))
                if move.product_id in self.serials:
                    slack[move.product_id] += 0.51
        for product, quantity in consumed.items():
            self._expect(
                "what is unbuilt in part comes back in part",
                abs(returned[product] - quantity * share) < slack[product] + SMALL,
                "product %s: consumed %s, %s of the order unbuilt, %s back",
                *(product, quantity, share, returned[product]),
            )

    def _rest_is_to_come(self, event, before, after):
        """Of an open order, what is planned to come is what it has yet to make."""
        for order, row in after.mrp_production.items():
            if (
                row.state not in ("confirmed", "progress", "to_close")
                or row.product_id != self.oracle.product
                or not row.backflush
            ):
                continue
            factor = self.oracle.factors[row.product_uom_id]
            rest = exact(row.product_qty) * factor - self.oracle.closing(order, after)
            rest = max(0, rest - self.oracle.produced({order}, after))
            to_come = sum(
                exact(move.product_uom_qty) * exact(self._unit(move))
                for move in after.stock_move.values()
                if move.production_id == order
                and move.product_id == self.oracle.product
                and move.state not in ("done", "cancel")
            )
            self._expect(
                "what is to be made is to come",
                abs(to_come - rest) < SMALL,
                "order %s: %s to be made, %s to come",
                *(order, float(rest), float(to_come)),
            )

    def _scrapped_is_not_taken_back(self, event, before, after):
        """A correction takes nothing back that was scrapped since."""
        scrapped = defaultdict(float)
        for line in after.stock_move_line.values():
            move = after.stock_move.get(line.move_id)
            if move and move.production_id and line.product_id == self.oracle.product:
                scrapped[move.production_id] += line.backflush_scrapped_qty or 0.0
        for order, quantity in scrapped.items():
            made = float(self.oracle.produced({order}, after))
            self._expect(
                "what was scrapped is not taken back",
                quantity <= made + SMALL,
                "order %s has made %s, of which %s were scrapped",
                *(order, made, quantity),
            )
