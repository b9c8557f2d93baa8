from odoo import models


class MrpProduction(models.Model):
    """Components that leave stock before the order is complete."""

    _inherit = "mrp.production"

    def _filter_backflush_interim(self):
        """The orders in work that may have components to be taken before completion."""
        return self.filtered(
            lambda order: (
                order.backflush
                and order.state not in ("draft", "done", "cancel")
                and order.move_raw_ids.filtered(
                    lambda move: move.backflush_method in ("operation", "start")
                )
            )
        )

    def _post_backflush_start(self):
        """Consume what is due at the start of these orders and not consumed yet."""
        orders = self._filter_backflush_interim()
        moves = orders.move_raw_ids._filter_backflush_open()
        due = moves._filter_backflush_at_start().filtered("product_uom_qty")
        if due:
            due.raw_material_production_id._make_backflush_start_posting().post()

    def _link_backflush_interim(self):
        """Link the finished goods of a posting to the components issued before it.

        Nobody knows which of them it went into: all may contain it.
        """
        for order in self:
            lines = order.move_raw_ids._filter_backflush_interim().move_line_ids
            if lines:
                for made in order._get_backflush_finished_moves().move_line_ids:
                    made.consume_line_ids |= lines
