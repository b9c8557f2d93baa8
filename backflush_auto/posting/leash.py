"""The leash of negative stock: how far below zero a posting may take it."""

from dataclasses import replace

from ..engine.allocation import BLOCK, DEFER, NEGATIVE, allocate


class Leash:
    """What the limits of products make of the policy ``negative``.

    :param env: the environment of the posting
    """

    def __init__(self, env):
        self.env = env

    def put_on(self, demands):
        """Limit how far these demands go below zero.

        What has been negative for too long goes below no more, and what may not be
        negative never does: it is owed, or refused where it cannot be owed.

        :param demands: list of :class:`.Demand`, changed in place
        :return: the same
        """
        kept = [
            demand
            for demand in demands
            if demand.policy == NEGATIVE and demand.places is not None
        ]
        overdue = self._find_overdue(kept)
        for demand in kept:
            product = demand.key.product_id.sudo()
            limit = product._get_backflush_leash("backflush_negative_limit")
            is_overdue = (product, demand.key.company_id) in overdue
            if is_overdue or not product._can_backflush_be_negative(
                demand.key.location_id
            ):
                demand.policy = DEFER if demand.owes else BLOCK
            elif limit:
                demand.leash = limit
        return demands

    def find_owed(self, allocations, stock):
        """What components would owe that a preview looks at as if they could not.

        :param allocations: list of :class:`.Allocation`
        :param stock: :class:`.Stock`
        :return: ``{move: quantity in the product's unit}``
        """
        demands = [
            replace(allocation.demand, policy=NEGATIVE)
            for allocation in allocations
            if allocation.demand.key.raw_material_production_id.backflush_shortage
            == NEGATIVE
        ]
        self.put_on(demands)
        if all(d.policy == NEGATIVE and d.leash is None for d in demands):
            return {}
        owed = allocate(demands, stock)
        return {a.demand.key: a.deferred + a.unchosen for a in owed}

    def _find_overdue(self, demands):
        """The products that have been negative for too long.

        :return: ``{(product.product, res.company)}``
        """
        negative = self.env["mrp.backflush.negative"].sudo()
        moves = self.env["stock.move"].union(*(demand.key for demand in demands))
        overdue = set()
        for company, group in moves.grouped("company_id").items():
            found = negative._find_overdue(group.product_id, company)
            overdue |= {(product, company) for product in found}
        return overdue
