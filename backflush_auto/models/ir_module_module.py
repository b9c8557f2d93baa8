from odoo import models


class IrModuleModule(models.Model):
    _inherit = "ir.module.module"

    def button_uninstall(self, *args, **kwargs):
        res = super().button_uninstall(*args, **kwargs)
        names = (self + self.downstream_dependencies()).mapped("name")
        # Without Odoo's manufacturing there are no orders left to be completed.
        if "backflush_auto" in names and "mrp" not in names:
            orders = self.env["mrp.production"].sudo()
            orders._search_backflush_open()._check_backflush_serials_posted()
        return res
