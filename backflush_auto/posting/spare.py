"""What is reserved, and may be taken where nothing else is free."""


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
        self.taking = moves.browse(d.key.id for d in demands if not d.keeps)

    def find(self, move, total):
        """What a component may take.

        :param total: reported on its order, in the order's unit
        :return: list of :class:`.Claim`
        """
        return self._find_unneeded(move, total) + [
            claim
            for other in move._find_backflush_fellows() - self.taking
            for claim in other._get_backflush_excess(0.0)
        ]

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
