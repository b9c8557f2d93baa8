"""Why a correction cannot be posted."""

from ..texts import format_quantity


class Problems:
    """What speaks against a correction.

    :param correction: :class:`.Correction`
    """

    def __init__(self, correction):
        self.correction = correction
        self.env = correction.env
        self.posting = correction.posting
        self.order = correction.order
        self.unit = correction.unit

    def find(self):
        """Find all that speaks against the correction.

        :return: ``(list of messages, the lowest quantity that it can be corrected
            to)``; both are empty where nothing speaks against it
        """
        goods = self.correction.goods
        problems = [
            self._find_needed_later(),
            self._find_failed_later(),
            *map(goods.find_gone, goods.moves),
        ]
        problems = [problem for problem in problems if problem]
        lowest = max((lowest for _message, lowest in problems), default=0.0)
        return [message for message, _lowest in problems], lowest

    def _find_needed_later(self):
        """What other postings of the order count upon of an early one."""
        if self.correction.is_of_product:
            return None
        needed = self.order._get_backflush_needed_quantity(self.posting)
        if self.unit.compare(self.correction.quantity, needed) >= 0:
            return None
        return (
            self.env._(
                "%(needed)s %(unit)s of %(order)s are reported as well, and need what "
                "this posting took: correct those reports first.",
                needed=format_quantity(self.env, needed),
                unit=self.unit.name,
                order=self.order.name,
            ),
            needed,
        )

    def _find_failed_later(self):
        """Which reports of the order took components for what failed in this one."""
        failed = self.correction.scraps.filtered("backflush_qty")
        if self.correction.is_of_product or not failed:
            return None
        later = self.order.sudo().backflush_ids.filtered(
            lambda other: (
                other.id > self.posting.id
                and other.trigger == "completion"
                and other.state != "reversed"
                and other.move_ids.filtered("raw_material_production_id")
            )
        )
        if not later:
            return None
        return (
            self.env._(
                "%(postings)s took components for what failed: correct them first.",
                postings=", ".join(later.sorted("id").mapped("name")),
            ),
            # What failed stays, unless nothing of the report stays.
            min(self.unit.rounding, self.posting.quantity_left),
        )
