from odoo import fields, models

from ...errors import check_one
from ...reporting.rpc import is_clicked


class MrpWorkorder(models.Model):
    """What a person reports at a work order."""

    _inherit = "mrp.workorder"

    backflush = fields.Boolean(
        related="production_id.backflush", string="Backflush of the Order"
    )

    def action_backflush_report(self):
        """Open the dialog "Report Production" for what was done here.

        :raises UserError: where nothing can be reported on here
        """
        check_one(self)
        self._check_backflush_open()
        action = self.production_id.action_backflush_report()
        action["context"]["default_workorder_id"] = self.id
        return action

    def action_backflush_scrap(self):
        """Open the dialog "Report Production" for units that failed here.

        :raises UserError: where nothing can be reported on here
        """
        check_one(self)
        self._check_backflush_open()
        action = self.production_id.action_backflush_report()
        action["context"].update(
            default_quantity=0.0,
            default_quantity_entered=True,
            default_workorder_id=self.id,
            default_scrap_workorder_id=self.id,
        )
        return action

    def _ask_backflush_unfinished(self):
        """Ask a person who finishes a work order of which not all is done.

        :return: action of the dialog; None where nobody is asked
        """
        if len(self) != 1 or not self.backflush or self.state in ("done", "cancel"):
            return None
        if not is_clicked("mrp.workorder.button_finish"):
            return None
        done = self._get_backflush_finish_quantity()
        rest = self._get_backflush_remaining() + self.qty_produced - done
        if self.product_uom_id.compare(rest, 0.0) <= 0:
            return None
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_finish_action"
        )
        action["context"] = {
            "default_workorder_id": self.id,
            "default_quantity": done,
            "default_rest": rest,
        }
        return action

    def _get_backflush_finish_quantity(self):
        """What is done here once it is finished, in the order's unit."""
        order = self.production_id
        if order._filter_backflush_posted():
            entered = order._compare_backflush_to_posted()
            good = order.qty_producing if entered else order._get_backflush_to_make()
            return max(self.qty_produced, self._get_backflush_own_quantity(good))
        return self.qty_produced or self.qty_producing or self.qty_production
