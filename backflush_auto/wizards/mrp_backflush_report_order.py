from odoo import api, fields, models
from odoo.exceptions import UserError

from ..finite import FiniteFloat


class MrpBackflushReportOrder(models.TransientModel):
    """One of several orders that are reported together."""

    _name = "mrp.backflush.report.order"
    _description = "Report Production: Order"

    report_id = fields.Many2one(
        "mrp.backflush.report", required=True, index=True, ondelete="cascade"
    )
    production_id = fields.Many2one(
        "mrp.production", "Order", required=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="production_id.company_id")
    product_id = fields.Many2one(related="production_id.product_id")
    product_tracking = fields.Selection(related="production_id.product_tracking")
    product_uom_id = fields.Many2one(related="production_id.product_uom_id")
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
        help="The most of this order that the components in stock suffice for, were it "
        "reported alone.",
    )
    quantity = FiniteFloat(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        readonly=False,
        help="What was produced and is to be posted now. What was posted before does "
        "not count.",
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
    short = fields.Char(
        compute="_compute_short",
        help="The components that stock does not cover, after the orders above have "
        "taken theirs.",
    )

    @api.depends("production_id")
    def _compute_quantities(self):
        orders = self.production_id
        preview = orders._make_backflush_preview(dict.fromkeys(orders, 0.0))
        for line in self:
            line.remaining_qty = line.production_id._get_backflush_remaining()
            line.most_qty = preview.get_max_quantity(line.production_id)

    @api.depends("production_id")
    def _compute_quantity(self):
        for line in self:
            line.quantity = line.production_id._get_backflush_dialog_quantity()

    @api.depends("production_id")
    def _compute_lot_id(self):
        for line in self:
            is_lot = line.product_tracking == "lot"
            line.lot_id = line.production_id.lot_producing_ids[:1] if is_lot else False

    @api.depends("report_id.order_ids.quantity", "production_id")
    def _compute_short(self):
        for report, lines in self.grouped("report_id").items():
            short = report._get_order_preview().get_short_products()
            for line in lines:
                products = short.get(line.production_id, self.env["product.product"])
                line.short = ", ".join(products.mapped("display_name"))

    def _check_quantities(self):
        """Refuse orders of which nothing is reported.

        :raises UserError: that names them
        """
        idle = self.filtered(
            lambda line: line.product_uom_id.compare(line.quantity, 0.0) <= 0
        )
        if idle or not self:
            raise UserError(
                self.env._(
                    "Enter the quantity that was produced of each order, or take the "
                    "order from the list: %(orders)s.",
                    orders=", ".join(idle.production_id.mapped("name")),
                )
            )

    def _prepare_report(self, remainder):
        """The report of this order, as ``mrp.production.backflush_post`` takes it.

        :param remainder: what becomes of the quantity that is not produced yet
        """
        return {
            "production_id": self.production_id.id,
            "quantity": self.quantity,
            "lot_names": self.lot_id.mapped("name"),
            "remainder": remainder,
        }
