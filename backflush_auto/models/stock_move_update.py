from odoo import models

from ..context import get_private


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """What an update of the bill of materials leaves on an order that has consumed.

    Odoo takes each move for a component of its own and would mend or remove the one
    that is done, and not its rest. The private key ``settled_ids`` holds what is done
    and what the bill of materials still has: such components stay as they are, and are
    planned anew afterwards.
    """

    _inherit = "stock.move"

    def write(self, vals):
        return super(StockMove, self._filter_backflush_unsettled()).write(vals)

    def unlink(self):
        return super(StockMove, self._filter_backflush_unsettled()).unlink()

    def _action_cancel(self, *args, **kwargs):
        return super(StockMove, self._filter_backflush_unsettled())._action_cancel(
            *args, **kwargs
        )

    def _filter_backflush_unsettled(self):
        settled = get_private(self.env, "settled_ids")
        return self.filtered(lambda m: m.id not in settled) if settled else self

    def _follow_backflush_line(self, values):
        """Take over unit and operation of the line of the bill of materials."""
        self.ensure_one()
        if self.product_uom.id != values["product_uom"]:
            self.product_uom = values["product_uom"]
        if self.operation_id.id != values["operation_id"]:
            self.operation_id = values["operation_id"]
            self.workorder_id = self.raw_material_production_id.workorder_ids.filtered(
                lambda workorder: workorder.operation_id == self.operation_id
            )
