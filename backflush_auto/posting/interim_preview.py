"""A preview of a report at a work order."""

from .preview import Preview


class OperationPreview(Preview):
    """What a report at a work order would take.

    :param workorder: ``mrp.workorder`` of a backflushed order
    :param quantity: of good units, in the order's unit
    :param entered: see :class:`.Preview`
    """

    def __init__(self, workorder, quantity, entered=None):
        self.workorder = workorder
        order = workorder.production_id
        super().__init__(order, {order: quantity}, entered)

    def _get_totals(self, reported):
        before = self.workorder._get_backflush_total()
        return {order: before + quantity for order, quantity in reported.items()}

    def _find_moves(self):
        return self.workorder._get_backflush_due_moves().with_env(self.env)

    def get_remaining(self, order=None):
        return self.workorder._get_backflush_remaining()
