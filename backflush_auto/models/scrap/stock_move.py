from odoo import models

from ...context import get_private


class StockMove(models.Model):
    """What a component is due for where some failed, and what was scrapped later."""

    _inherit = "stock.move"

    def _compute_backflush_unit_factor(self):
        """Relate what is planned to the good units to come, where some failed.

        Odoo relates it to all that is not produced.
        """
        for move in self:
            order = move.raw_material_production_id or move.production_id
            if order.backflush_scrapped_qty:
                to_come = order._get_backflush_to_come(pending=False)
                if to_come or not move.production_id:
                    move.unit_factor = move.product_uom_qty / (to_come or 1.0)
                else:
                    line = move.byproduct_id
                    move.unit_factor = order._get_backflush_recipe_yield(line, move)

    def _get_backflush_planned_units(self, ordered=None):
        """The quantity that this component is due for once its order is complete.

        :param ordered: quantity of the order, where it is about to change
        :return: in the unit of the finished product
        """
        self.ensure_one()
        order = self.raw_material_production_id
        planned = order._get_backflush_planned_due(self.workorder_id, ordered)
        return order._get_backflush_units(planned)

    def _get_backflush_reached_count(self, pending=False):
        """How many units have reached this component's operation.

        It is what is reported at its work orders, or at those that come after them.

        :param pending: whether what is about to be posted as failed counts
        :return: in the order's unit
        """
        order = self.raw_material_production_id
        failures = order._get_backflush_failures(pending)
        return max(
            (
                workorder._get_backflush_reached(self.workorder_id._origin.id, failures)
                for workorder in order.workorder_ids
                if self.workorder_id in workorder._get_backflush_preceding()
            ),
            default=0.0,
        )

    def _get_backflush_failing_count(self):
        """How many units have reached the operation where more are about to fail.

        They come on top of what was reported there, also where the report is on the
        order.

        :return: in the order's unit; zero where nothing is about to fail
        """
        order = self.raw_material_production_id
        is_at_operation = self._get_backflush_due_method() == "operation"
        if not (is_at_operation and order._get_backflush_scrapped()):
            return 0.0
        return self._get_backflush_reached_count(pending=True)

    def _get_backflush_damaged(self):
        """What a report says was spoilt of this component, as long as it is not posted.

        :return: quantity in the component's unit
        """
        self.ensure_one()
        damaged = get_private(self.env, "damaged", {})
        entries = damaged.get(self.raw_material_production_id._origin.id, ())
        return sum(entry.quantity for entry in entries if entry.move == self)

    # --- What was made, and scrapped afterwards ---

    def _scrap_backflush_made(self, scrapped):
        """Record on the lines of what was made which of it was scrapped.

        :param scrapped: ``stock.move.line`` to the scrap location
        :return: those of these moves that had made it, the first of them first
        """
        wanted, taken = scrapped.quantity_product_uom, self.browse()
        key = (scrapped.lot_id, scrapped.owner_id, scrapped.location_id)
        for is_same_place in (True, False):
            for move in self:
                for line, left in move._get_backflush_left_lines(scrapped=True):
                    part = min(left, wanted)
                    if part > 0 and line._is_backflush_undone_by(key, is_same_place):
                        line.backflush_scrapped_qty += part
                        wanted -= part
                        taken |= move
        return taken
