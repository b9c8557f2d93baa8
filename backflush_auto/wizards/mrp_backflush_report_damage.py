from odoo import api, fields, models

from ..finite import FiniteFloat


class MrpBackflushReportDamage(models.TransientModel):
    """What was spoilt of one component, beside what was built in."""

    _name = "mrp.backflush.report.damage"
    _description = "Report Production: Damaged Component"

    report_id = fields.Many2one(
        "mrp.backflush.report", required=True, index=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product",
        "Component",
        required=True,
        domain="[('id', 'in', parent.damageable_ids)]",
    )
    has_tracking = fields.Selection(related="product_id.tracking")
    quantity = FiniteFloat(
        "Damaged",
        digits="Product Unit",
        help="What was spoilt beside what was built in. It leaves stock, and is not "
        "consumed.",
    )
    product_uom_id = fields.Many2one(
        "uom.uom", "Unit", compute="_compute_product_uom_id"
    )
    lot_id = fields.Many2one(
        "stock.lot",
        "Lot/Serial Number",
        domain="[('product_id', '=', product_id)]",
        help="The lot that was spoilt. Left empty, it is taken as any component is.",
    )
    reason_id = fields.Many2one("stock.scrap.reason.tag", help="Why it was spoilt.")
    short_qty = FiniteFloat(
        "Short",
        digits="Product Unit",
        compute="_compute_taken",
        help="What is missing in stock, or is there but has no serial numbers chosen.",
    )
    lots = fields.Char(
        compute="_compute_taken",
        help="The lots or serial numbers that would be taken.",
    )

    @api.depends("product_id", "report_id.production_id")
    def _compute_product_uom_id(self):
        for line in self:
            order = line.report_id.production_id
            move = order._find_backflush_damageable(line.product_id._origin)
            line.product_uom_id = move.product_uom or line.product_id.uom_id

    @api.depends("report_id.preview", "product_id", "quantity")
    def _compute_taken(self):
        for report, lines in self.grouped("report_id").items():
            told = (report.preview or {}).get("damaged", ())
            by_line = dict(zip(report._get_damage(), told, strict=False))
            for line in lines:
                parts = by_line.get(line, ())
                line.short_qty = sum(part["shortage"] for part in parts)
                taken = [lot["name"] for part in parts for lot in part["lots"]]
                line.lots = ", ".join(taken)

    @api.onchange("product_id")
    def _onchange_product_id(self):
        self.lot_id = False
        if self.has_tracking == "serial":
            self.quantity = 1.0

    def _prepare_entry(self):
        """The entry of what was spoilt in the report."""
        lots = []
        if self.lot_id:
            lots = [{"name": self.lot_id.name, "quantity": self.quantity}]
        return {
            "product_id": self.product_id._origin.id,
            "quantity": self.quantity,
            "lots": lots,
            "reason": self.reason_id.name or "",
        }
