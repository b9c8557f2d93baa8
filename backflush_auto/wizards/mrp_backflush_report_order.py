from odoo import api, fields, models
from odoo.exceptions import UserError


class MrpBackflushReportOrder(models.TransientModel):
    """One of several orders that are reported together."""

    _name = "mrp.backflush.report.order"
    _inherit = "mrp.backflush.report.mixin"
    _description = "Report Production: Order"

    report_id = fields.Many2one(
        "mrp.backflush.report", required=True, index=True, ondelete="cascade"
    )
    production_id = fields.Many2one(string="Order", required=True, ondelete="cascade")
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
            order = line.production_id
            most = preview.get_max_quantity(order)
            line.most_qty = order._floor_backflush_covered(most)

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
                    "Enter the quantity that was produced of each order, or remove the "
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
