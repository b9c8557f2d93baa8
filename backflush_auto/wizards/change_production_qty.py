from odoo import models


class ChangeProductionQty(models.TransientModel):
    """Changes the quantity of an order."""

    _inherit = "change.production.qty"

    def change_prod_qty(self, *args, **kwargs):
        orders = self.mo_id.filtered(lambda o: o.backflush and o.backflush_scrapped_qty)
        rates = orders._get_backflush_yield_rates()
        res = super().change_prod_qty(*args, **kwargs)
        orders._plan_backflush_resized(rates)
        return res
