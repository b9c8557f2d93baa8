"""What stays of components once a report is corrected: the engine's target again."""

from functools import cached_property

from ..engine.correction import divide_kept
from ..engine.due import get_due, get_good


class Kept:
    """What of the components of an order stays where one of its reports is corrected.

    :param correction: :class:`.Correction`
    """

    def __init__(self, correction):
        self.correction = correction
        self.order = correction.order

    @cached_property
    def _family(self):
        """The order, and all that were split from the same one."""
        return self.order._get_backflush_family()

    def decide(self, moves):
        """What stays of the expected quantity of each component.

        Of a posting that is taken back whole, and that none came after, nothing stays.

        :param moves: the components of the posting that is corrected
        :return: ``{move: quantity in its unit}``; with those of earlier postings of
            which something comes back as well
        """
        own = self.correction.posting
        others = self._find_others()
        if self.correction.is_whole and not any(one.id > own.id for one in others):
            kept = dict.fromkeys(moves, 0.0)
        else:
            kept = {}
            for count, covered, members in self._group_by_count(moves):
                kept |= self._divide(count, covered, members)
        return {**kept, **self._sweep(moves, kept, bool(others))}

    def _divide(self, count, covered, members):
        """Divide what stays of one component among its moves.

        :param count: :class:`.Count` of it
        :param covered: what was dealt with of it in all, in its unit
        :param members: list of its moves
        :return: ``{move: quantity in its unit}``
        """
        parts = [move._get_backflush_left_expected() for move in members]
        target = self._get_target(count, members[0])
        return dict(zip(members, divide_kept(target, covered, parts), strict=True))

    def _sweep(self, moves, kept, has_others):
        """What stays of what earlier corrections left, as later postings needed it.

        What is taken once for the order stays until nothing of the order is left.

        :param moves: the components of the posting that is corrected
        :param kept: what stays of them
        :param has_others: whether something of other postings stays
        :return: ``{move: quantity in its unit}``, where that is less than before
        """
        if not any(self._family.mapped("backflush_corrected")):
            return {}
        swept, left = {}, self._find_left(moves)
        if self.correction.is_whole and not has_others:
            # What is taken at the start would stay for the plan of the order.
            return dict.fromkeys(left, 0.0)
        for count, covered, members in self._group_by_count(left):
            root = members[0]._get_backflush_root()
            covered -= sum(
                move._get_backflush_left_expected() - kept[move]
                for move in moves
                if move._get_backflush_root() == root
            )
            for move, stays in self._divide(count, covered, members).items():
                if move.product_uom.compare(stays, move._get_backflush_left_expected()):
                    swept[move] = stays
        return swept

    def _find_left(self, moves):
        """What is left of postings that are reversed."""
        return self._family.move_raw_ids.filtered(
            lambda move: (
                move not in moves
                and move.state == "done"
                and move.sudo().backflush_id.state == "reversed"
                and move.product_uom.compare(move._get_backflush_left_expected(), 0) > 0
            )
        )

    def _group_by_count(self, moves):
        """The components that are counted together, with what is covered of them.

        :return: list of ``(Count, quantity, list of moves)``
        """
        groups = {}
        counts = moves._get_backflush_counts()
        for move in moves:
            count = counts[move]
            if id(count) not in groups:
                # A count leaves out the component that it was made for.
                covered = sum(count.covered.values())
                covered += move._get_backflush_covering_qty(move.product_uom)
                groups[id(count)] = (count, covered, [])
            groups[id(count)][-1].append(move)
        return list(groups.values())

    def _get_target(self, count, move):
        """The target of a component for all that is left after the correction.

        :param count: :class:`.Count` of it
        """
        units = 0.0
        for key, counted in count.units.items():
            own = move.browse(key) if isinstance(key, int) else move.browse()
            if own.raw_material_production_id == self.order:
                counted = self.order._get_backflush_units(self._count_after(own))
            units += counted
        return move._get_backflush_rule().target(units)

    def _count_after(self, move):
        """What a component is due for after the correction, in the order's unit."""
        correction = self.correction
        method = move._get_backflush_due_method()
        operation = move.workorder_id.id
        made = get_due(correction.made, correction.failures, operation)
        if correction.posting.trigger == "start":
            return max(made, correction.quantity)
        if method == "start":
            good = get_good(self.order.product_qty, correction.failures)
            return max(made, get_due(good, correction.failures, operation))
        if method == "operation" and move.workorder_id:
            return max([made, *self._count_reached(move.workorder_id)])
        return made

    def _count_reached(self, workorder):
        """How many units have reached a work order, by what is reported after it."""
        correction = self.correction
        for later in self.order.workorder_ids:
            if workorder in later._get_backflush_preceding():
                before = later.qty_produced
                back = before - correction.workorders.get(later, before)
                reached = later._get_backflush_reached(
                    workorder.id, correction.failures
                )
                yield reached - back

    def _find_others(self):
        """The other reports, on any order of the split, of which something stays."""
        return self._family.sudo().backflush_ids.filtered(
            lambda posting: (
                posting != self.correction.posting
                and not posting.reverses_id
                and posting.state != "reversed"
            )
        )
