from odoo import api, fields, models

from ..finite import FiniteFloat


class MrpBackflushReportMixin(models.AbstractModel):
    """What is reported on one order, in the dialog or on a line of its list."""

    _name = "mrp.backflush.report.mixin"
    _description = "Report Production"

    production_id = fields.Many2one("mrp.production", "Manufacturing Order")
    company_id = fields.Many2one(related="production_id.company_id")
    product_id = fields.Many2one(related="production_id.product_id")
    product_tracking = fields.Selection(related="production_id.product_tracking")
    product_uom_id = fields.Many2one(related="production_id.product_uom_id")
    quantity = FiniteFloat(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="What was produced and is to be posted now. What was posted before does "
        "not count.",
    )
    remaining_qty = FiniteFloat(
        "Remaining",
        digits="Product Unit",
        compute="_compute_quantities",
        help="What can still be reported on the order.",
    )
    most_qty = FiniteFloat(
        "Stock Covers",
        digits="Product Unit",
        compute="_compute_quantities",
        help="The largest quantity of this order that the components in stock cover, "
        "if it is reported alone.",
    )
    lot_id = fields.Many2one(
        "stock.lot",
        compute="_compute_lot_id",
        store=True,
        readonly=False,
        domain="[('product_id', '=', product_id), "
        "('company_id', 'in', [company_id, False])]",
        help="The lot of what is reported now. Left empty, the order's lot is taken, "
        "or a new one is made.",
    )

    @api.depends("production_id")
    def _compute_quantity(self):
        for report in self:
            order = report.production_id
            report.quantity = order._get_backflush_dialog_quantity() if order else 0.0

    @api.depends("production_id")
    def _compute_quantities(self):
        """What remains of each order, and the most that stock covers of it."""
        raise NotImplementedError

    @api.depends("production_id")
    def _compute_lot_id(self):
        for report in self:
            order = report.production_id
            is_lot = order.product_tracking == "lot"
            report.lot_id = order.lot_producing_ids[:1] if is_lot else False
