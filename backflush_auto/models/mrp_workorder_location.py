from odoo import models


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class MrpWorkorder(models.Model):
    """The components of a work order that moves to another work center."""

    _inherit = "mrp.workorder"

    def write(self, vals):
        if "workcenter_id" not in vals:
            return super().write(vals)
        followers = {order: order._get_backflush_followers() for order in self}
        res = super().write(vals)
        for order, components in followers.items():
            location = order.workcenter_id.backflush_location_id
            components.write({"backflush_location_id": location.id})
        return res

    def _get_backflush_followers(self):
        """The components that are taken where the work center has them.

        Those whose line, or a person on the order, names another place stay there, and
        so do those that are recorded or brought by a transfer already.
        """
        self.ensure_one()
        location = self.workcenter_id.backflush_location_id
        return self.production_id.move_raw_ids._filter_backflush_open().filtered(
            lambda move: (
                move.operation_id
                and move.operation_id == self.operation_id
                and move.backflush_location_id == location
                and not move.bom_line_id.backflush_location_id
                and not move._is_backflush_location_settled()
            )
        )
