from odoo import api, fields, models

from .line_sentence import LineSentence


class MrpBomLine(models.Model):
    """The consumption rule of a line, in words."""

    _inherit = "mrp.bom.line"

    backflush_summary = fields.Text(
        "In Words",
        compute="_compute_backflush_summary",
        help="What this line means for an order, by an example.",
    )

    @api.depends_context("lang")
    @api.depends(
        "product_id.backflush_method",
        "product_id.type",
        "product_qty",
        "product_uom_id",
        "operation_id.workcenter_id.backflush_location_id",
        "backflush_method",
        "backflush_basis",
        "backflush_scrap",
        "backflush_rounding",
        "backflush_rounding_method",
        "backflush_location_id",
        "bom_id.type",
        "bom_id.product_id",
        "bom_id.product_tmpl_id",
        "bom_id.product_qty",
        "bom_id.product_uom_id",
    )
    def _compute_backflush_summary(self):
        for line in self:
            line.backflush_summary = (
                LineSentence(line).get_text() if line.product_id else False
            )

    def _get_backflush_effective_method(self):
        """The method where no kit around this line has one of its own.

        Odoo takes goods for components, and services for information.
        """
        self.ensure_one()
        if self.product_id.type != "consu":
            return "bulk"
        method = self._get_backflush_method(self.browse()) or "completion"
        if method == "operation" and not self.operation_id:
            return "completion"
        return method
