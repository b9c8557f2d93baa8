from odoo import models


class ReportMrpReportBomStructure(models.AbstractModel):
    """The overview of a backflushed BoM shows what its orders plan."""

    _inherit = "report.mrp.report_bom_structure"

    def _get_bom_data(
        self,
        bom,
        warehouse,
        product=False,
        line_qty=False,
        bom_line=False,
        *args,
        **kwargs,
    ):
        if bom_line:
            line_qty = self._get_backflush_line_quantity(bom_line, line_qty)
        if bom.type != "phantom":
            self = self.with_context(backflush_overview=bom.backflush)
        return super()._get_bom_data(
            bom, warehouse, product, line_qty, bom_line, *args, **kwargs
        )

    def _get_component_data(
        self, parent_bom, parent_product, warehouse, bom_line, line_quantity, *args
    ):
        return super()._get_component_data(
            parent_bom,
            parent_product,
            warehouse,
            bom_line,
            self._get_backflush_line_quantity(bom_line, line_quantity),
            *args,
        )

    def _get_backflush_line_quantity(self, bom_line, quantity):
        if self.env.context.get("backflush_overview"):
            return bom_line._get_backflush_target(quantity)
        return quantity
