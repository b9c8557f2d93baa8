from odoo import api, models

from ..batch import forget_batch


class MrpBackflushAsked(models.AbstractModel):
    """A rule whose answers ``batch`` keeps: where one changes, all are forgotten."""

    _name = "mrp.backflush.asked"
    _description = "Rule That Backflushed Orders Ask About"

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        forget_batch(self.env)
        return records

    def write(self, vals):
        res = super().write(vals)
        forget_batch(self.env)
        return res

    def unlink(self):
        res = super().unlink()
        forget_batch(self.env)
        return res


class StockRule(models.Model):
    _name = "stock.rule"
    _inherit = ["stock.rule", "mrp.backflush.asked"]


class StockWarehouseOrderpoint(models.Model):
    _name = "stock.warehouse.orderpoint"
    _inherit = ["stock.warehouse.orderpoint", "mrp.backflush.asked"]
