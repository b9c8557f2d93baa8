from odoo import models


class MrpWorkorder(models.Model):
    """The components of a work order that moves to another work center."""

    _inherit = "mrp.workorder"

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

    def _find_backflush_followers(self, vals):
        """The components that follow work orders to another work center.

        :param vals: about to be written
        :return: ``{work order: components}``
        """
        if "workcenter_id" not in vals:
            return {}
        return {workorder: workorder._get_backflush_followers() for workorder in self}

    def _relocate_backflush_followers(self, followers):
        """Take components where the work center of their work order has them now.

        :param followers: see :meth:`_find_backflush_followers`
        """
        for workorder, components in followers.items():
            location = workorder.workcenter_id.backflush_location_id
            components.write({"backflush_location_id": location.id})
