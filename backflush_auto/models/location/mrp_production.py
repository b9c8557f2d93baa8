from odoo import models


class MrpProduction(models.Model):
    """Where an order takes its components from."""

    _inherit = "mrp.production"

    def _prepare_backflush_location(self, line, data):
        """Values of a new component: its point of use, where there is one.

        :param line: ``mrp.bom.line`` of the component
        :param data: what the explosion of the bill of materials says of it
        """
        point = self._get_backflush_point_of_use(line, data)
        location = point or self.location_src_id
        warehouse = location.warehouse_id or self.location_src_id.warehouse_id
        return {
            "backflush_location_id": point.id,
            "location_id": location.id,
            "warehouse_id": warehouse.id,
        }

    def _get_backflush_point_of_use(self, line, data):
        """What the draft of the order has, else line, kit line, work center.

        A subcontractor takes components from its own location only.
        """
        drafted = self._get_backflush_drafted(line)
        if drafted:
            return drafted[:1].backflush_location_id
        if self.bom_id.type == "subcontract":
            return self.env["stock.location"]
        return line._get_backflush_location(data["backflush_parent_lines"])
