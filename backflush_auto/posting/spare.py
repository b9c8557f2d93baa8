"""What is reserved, and may be taken where nothing else is free."""


def retain(demands, orders):
    """Keep for orders what they hold and do not take yet.

    :param demands: list of :class:`.Demand` of components, changed in place
    :param orders: ``mrp.production`` recordset that a posting leaves open
    """
    for demand in demands:
        demand.retains = demand.key.raw_material_production_id in orders


class Spare:
    """What others than a component have reserved and can do without.

    Orders that were split from one may use what the others do not need: what is taken
    once for all of them, for instance. And an order may use what it holds for
    components that a posting leaves alone.

    :param moves: the components of the posting
    :param demands: list of their :class:`.Demand`
    :param counts: ``{component: .Count}``
    """

    def __init__(self, moves, demands, counts):
        self.moves = moves
        self.counts = counts
        self.holders = {
            demand.key: demand.key._find_backflush_holders(counts[demand.key])
            for demand in demands
            if demand.places is not None and counts[demand.key].is_shared()
        }
        self.taking = {d.key: d for d in demands if not d.keeps}

    def find(self, move, total):
        """What a component may take.

        :param total: reported on its order, in the order's unit
        :return: list of :class:`.Claim`
        """
        return self._find_unneeded(move, total) + self.find_retained(move)

    def find_retained(self, move):
        """What the order of a component holds for others, and does not take now.

        :return: list of :class:`.Claim`
        """
        claims = []
        for other in move._find_backflush_fellows():
            if demand := self.taking.get(other):
                claims += demand.get_retained()
            else:
                claims += other._get_backflush_excess(0.0)
        return claims

    def _find_unneeded(self, move, total):
        """What orders split from the same one will not need once that is reported."""
        holders = self.holders.get(move)
        if not holders:
            return []
        after = self.counts[move].clone()
        rule, units = move._get_backflush_rule(), move._get_backflush_due_units(total)
        after.take(rule, move._get_backflush_key(), units)
        spare = []
        for other in holders - self.moves:
            plan = after.plan(rule, other._get_backflush_key())
            need = other._get_backflush_product_qty(plan)
            spare += other._get_backflush_excess(need)
        return spare
