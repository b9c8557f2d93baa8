"""The leash of negative stock: how far below zero a posting may take it."""

from ..engine.allocation import BLOCK, DEFER, NEGATIVE


class Leash:
    """What the limits of products make of the policy ``negative``.

    :param env: the environment of the posting
    """

    def __init__(self, env):
        self.env = env

    def put_on(self, demands):
        """Limit how far these demands go below zero.

        What has been negative for too long goes below no more: it is owed, or refused
        where it cannot be owed.

        :param demands: list of :class:`.Demand`, changed in place
        :return: whether one is limited
        """
        demands = [
            demand
            for demand in demands
            if demand.policy == NEGATIVE and demand.places is not None
        ]
        overdue = self._find_overdue(demands)
        for demand in demands:
            product = demand.key.product_id.sudo()
            limit = product._get_backflush_leash("backflush_negative_limit")
            if (product, demand.key.company_id) in overdue:
                demand.policy = DEFER if demand.owes else BLOCK
            elif limit:
                demand.leash = limit
        return any(d.policy != NEGATIVE or d.leash is not None for d in demands)

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
