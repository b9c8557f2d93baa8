from odoo import fields, models


class MrpBomLine(models.Model):
    """Where a component is taken from."""

    _name = "mrp.bom.line"
    _inherit = ["mrp.bom.line", "mrp.backflush.location"]

    backflush_location_id = fields.Many2one(
        help="The point of use: where a backflushed order takes this component from, "
        "with the locations below it. Empty: the location of the work center of its "
        "operation, else the components location of the order.",
    )

    def _get_backflush_location(self, parent_lines):
        """The point of use of this component: of its line, of the kits around it, or of
        the work center of the operation.

        :param parent_lines: the kit lines around it, from the inside out
        :return: ``stock.location``; empty where the order decides
        """
        self.ensure_one()
        lines = self + parent_lines
        work_centers = lines.operation_id.workcenter_id
        return (lines.backflush_location_id + work_centers.backflush_location_id)[:1]
