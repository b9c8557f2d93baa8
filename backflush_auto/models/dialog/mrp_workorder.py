from odoo import fields, models

from ...errors import check_one


class MrpWorkorder(models.Model):
    """What failed at a work order, reported by a person."""

    _inherit = "mrp.workorder"

    backflush = fields.Boolean(
        related="production_id.backflush", string="Backflush of the Order"
    )

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
