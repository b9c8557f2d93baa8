from odoo import models


class MrpWorkorder(models.Model):
    """Work orders as the terminal shows them."""

    _inherit = "mrp.workorder"

    def _get_backflush_card(self, open_work):
        """This work order in plain values.

        :param open_work: all of its order that are to be done
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        return {
            "id": self.id,
            "name": self.name,
            "workcenter_id": self.workcenter_id.id,
            "workcenter": self.workcenter_id.name,
            "state": self.state,
            "state_name": states[self.state],
            "working": self.is_user_working,
            "last": self == open_work[-1:],
            "qty_remaining": self._get_backflush_remaining(),
        }
