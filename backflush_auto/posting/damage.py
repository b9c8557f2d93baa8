"""What was spoilt beside what was built in: it leaves stock, and is not consumed."""

from dataclasses import replace

from ..context import get_private
from ..engine.allocation import BLOCK, NEGATIVE, Demand


class Damage:
    """The damaged components of the orders of a posting.

    They are taken like any component: what the order has reserved beyond its need comes
    first, then what is free; never what another order has reserved.

    :param orders: ``mrp.production`` recordset
    """

    def __init__(self, orders):
        self.entries = []
        self.demands = []
        self.allocations = []
        for order in orders:
            self.entries += get_private(orders.env, "damaged", {}).get(order.id, ())

    @property
    def names_lots(self):
        """Whether a report says which lot was spoilt."""
        return any(entry.lots for entry in self.entries)

    def claim(self, demands):
        """Share what the orders have reserved between what they consume and damage.

        :param demands: list of :class:`.Demand` of the components
        :return: the same, without what is left to damage
        """
        by_move = {demand.key: demand for demand in demands}
        for entry in self.entries:
            for lot, quantity in entry.get_parts():
                component = by_move.get(entry.move)
                demand = self._make_demand(entry, lot, quantity)
                if component and not (component.recorded or component.keeps):
                    kept, demand.claims = _divide(component, quantity, lot)
                    by_move[entry.move] = replace(component, claims=kept)
                else:
                    excess = _find_excess(entry.move)
                    demand.spare = [c for c in excess if _is_of(c.place, lot)]
                self.demands.append(demand)
        return [by_move[demand.key] for demand in demands]

    def add_spare(self, spare):
        """Let what is damaged be taken of what its order holds for others.

        :param spare: :class:`.Spare` of the posting
        """
        for demand, lot in zip(self.demands, self._get_lots(), strict=True):
            retained = spare.find_retained(demand.key)
            demand.spare += [claim for claim in retained if _is_of(claim.place, lot)]

    def _get_lots(self):
        """The lot that each demand names; None where it names none."""
        return [lot for entry in self.entries for lot, _quantity in entry.get_parts()]

    def _make_demand(self, entry, lot, quantity):
        move = entry.move
        return Demand(
            key=move,
            product_id=move.product_id.id,
            location_id=move.location_id.id,
            quantity=move._get_backflush_product_qty(quantity),
            places=None if move._should_bypass_reservation() else [],
            policy=_get_policy(move),
            owes=False,
            tracked=move.has_tracking != "none",
            choose_lots=bool(lot) or move._should_choose_backflush_lots(),
        )

    def restrict(self):
        """Leave each named lot to its demand, once it is read where the lots lie."""
        for demand, lot in zip(self.demands, self._get_lots(), strict=True):
            if lot and demand.places is not None:
                places = {*demand.places, *(claim.place for claim in demand.claims)}
                demand.limits = {
                    place: demand.quantity for place in places if _is_of(place, lot)
                }

    def get_quantity(self, move):
        """What is damaged of a component, in the product's unit."""
        return sum(d.quantity for d in self.demands if d.key == move)

    def get_short(self, move):
        """What is not free of what is damaged of a component, likewise."""
        return sum(a.short for a in self.allocations if a.demand.key == move)

    def get_taken(self, line):
        """What is damaged of what a line of a component has reserved.

        :param line: ``stock.move.line``
        :return: in the product's unit
        """
        return sum(
            take.quantity
            for allocation in self.allocations
            for take in allocation.takes
            if take.line_id == line.id
        )

    def scrap(self, workorders):
        """Move what is damaged to the scrap location.

        :param workorders: ``{order: mrp.workorder}`` that is reported at; may be empty
        :return: ``{order: stock.scrap}``
        """
        scraps = {}
        entries = [entry for entry in self.entries for _part in entry.get_parts()]
        for entry, allocation in zip(entries, self.allocations, strict=True):
            order = entry.move.raw_material_production_id
            scraps_of_odoo = order.env["stock.scrap"]
            vals_list = [
                scraps_of_odoo._prepare_backflush_damaged_vals(
                    entry.move, take, entry.tags, workorders.get(order)
                )
                for take in allocation.takes
            ]
            made = scraps_of_odoo._post_backflush(vals_list)
            scraps[order] = scraps.get(order, made) | made
        for order in scraps:
            get_private(order.env, "damaged").pop(order.id, None)
        return scraps


def _divide(component, quantity, lot):
    """Divide the claims of a component with what is damaged of it.

    :param quantity: damaged, in the component's unit
    :param lot: named, may be empty
    :return: ``(claims that it keeps, claims of what is damaged)``
    """
    wanted = component.key._get_backflush_product_qty(quantity)
    # A lot that is named goes before the component's need; else what exceeds it.
    held = sum(claim.quantity for claim in component.claims)
    spare = wanted if lot else max(0.0, held - component.quantity)
    kept, given = [], []
    for claim in reversed(component.claims):
        part = 0.0
        if _is_of(claim.place, lot) and claim.place.lot_id >= 0:
            part = min(wanted, spare, claim.quantity)
        wanted, spare = wanted - part, spare - part
        if part > 0:
            given.append(claim._replace(quantity=part))
        if claim.quantity - part > 0:
            kept.append(claim._replace(quantity=claim.quantity - part))
    return kept[::-1], given


def _find_excess(move):
    """What an order has reserved for a component that takes nothing of it now.

    What a person has entered, or what has left, is for nobody else.
    """
    if move.state == "done" or move._is_backflush_recorded():
        return []
    return move._get_backflush_excess(0.0)


def _get_policy(move):
    """What is damaged is there: it is never owed."""
    policy = move.raw_material_production_id.backflush_shortage
    return NEGATIVE if policy == NEGATIVE else BLOCK


def _is_of(place, lot):
    return not lot or place.lot_id == lot.id
