from odoo import models

from odoo.addons.backflush_auto.errors import check_one


class MrpWorkcenter(models.Model):
    _inherit = "mrp.workcenter"

    def action_backflush_terminal(self):
        """Open the terminal of this work center.

        :return: the client action
        """
        check_one(self)
        return self.env["mrp.production"]._get_backflush_terminal_action(
            "workcenter_id", self.id
        )
