"""Open orders that deduct something else than their bill of materials says now."""

from collections import defaultdict
from dataclasses import dataclass, field
from math import isclose

OPEN_STATES = ("confirmed", "progress", "to_close")


@dataclass(slots=True)
class Demand:
    """What an order consumes for one line of a bill of materials.

    A kit that is on several lines brings each of its lines several times.
    """

    ratio: float = 0.0
    rules: set = field(default_factory=set)

    def add(self, ratio, *rule):
        """Add a component: its ratio in the unit of the line, its method and rule."""
        self.ratio += ratio
        self.rules.add(rule)

    def is_like(self, other):
        """Whether the same quantity leaves stock at the same time."""
        if not isclose(self.ratio, other.ratio, rel_tol=1e-6, abs_tol=1e-9):
            return False
        return self.rules == other.rules or not self.ratio


class OpenOrders:
    """The open orders of bills of materials, compared with what these say now.

    A difference counts only if the bill of materials changed after the order was
    created: otherwise somebody edited the order.

    :param boms: ``mrp.bom``
    :param components: list of ``Component``
    """

    def __init__(self, boms, components):
        self.env = boms.env
        self.by_bom = defaultdict(list)
        for component in components:
            self.by_bom[component.bom].append(component)
        self.orders = self._find_older(boms)

    def find_differing(self, bom):
        """The orders that deduct something else, and the products they differ in.

        :return: ``{order: products}``
        """
        found = {
            order: self._find_differing_products(order)
            for order in self.orders.get(bom, ())
        }
        return {order: products for order, products in found.items() if products}

    def _find_older(self, boms):
        """The open orders created before the last change of their bill of materials.

        :return: ``{bom: orders}``
        """
        changed = {bom: self._get_change(bom) for bom in boms}
        orders = self.env["mrp.production"].search_fetch(
            [
                ("bom_id", "in", boms.ids),
                ("backflush", "=", True),
                ("state", "in", OPEN_STATES),
            ],
            ["name", "bom_id", "product_id", "create_date", "is_outdated_bom"],
        )
        older = orders.filtered(
            lambda o: o.is_outdated_bom or o.create_date <= changed[o.bom_id]
        )
        return older.grouped("bom_id")

    def _get_change(self, bom):
        """When the bill of materials, its lines or its kits were last changed."""
        sources = [bom, *bom.bom_line_ids]
        for component in self.by_bom[bom]:
            sources += [*component.boms, component.line, *component.parents]
        return max(source.write_date for source in sources)

    def _find_differing_products(self, order):
        now, then = self._get_demands(order), self._get_demands_of_moves(order)
        lines = {
            line
            for line in now.keys() | then.keys()
            if not now.get(line, Demand()).is_like(then.get(line, Demand()))
        }
        removed = self._find_removed(order)
        return self.env["product.product"].union(
            *(line.product_id for line in lines), removed.product_id
        )

    def _get_demands(self, order):
        """What the order would consume now: ``{line: Demand}``."""
        demands = defaultdict(Demand)
        for component in self.by_bom[order.bom_id]:
            is_moved = component.product.type == "consu" and component.method != "bulk"
            if is_moved and component.is_for(order):
                demands[component.line].add(
                    component.get_ratio(),
                    component.method,
                    *_get_rule_key(component.rule),
                )
        return demands

    def _get_demands_of_moves(self, order):
        """What the order remembers: ``{line: Demand}``."""
        demands = defaultdict(Demand)
        for move in order.move_raw_ids:
            line = move.bom_line_id
            is_whole = not move.backflush_origin_id
            if line and is_whole and move.backflush_method != "bulk":
                ratio = move.product_uom._compute_quantity(
                    move.backflush_ratio, line.product_uom_id, round=False
                )
                demands[line].add(ratio, move.backflush_method, *_get_rule_key(move))
        return demands

    def _find_removed(self, order):
        """Components whose line was removed from the bill of materials."""
        return order.move_raw_ids.filtered(
            lambda move: (
                not move.bom_line_id
                and not move.backflush_added
                and move.state not in ("done", "cancel")
                and not move.backflush_deferred
            )
        )


def _get_rule_key(rule):
    return (
        rule["backflush_basis"] or "unit",
        round(rule["backflush_scrap"], 4),
        round(rule["backflush_rounding"], 6),
        rule["backflush_rounding_method"] or "half-up",
    )
