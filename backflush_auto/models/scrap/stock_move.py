from odoo import models


class StockMove(models.Model):
    """What a component is due for where some of its order failed."""

    _inherit = "stock.move"

    def _prepare_backflush_damage_vals(self, take, tags, workorder):
        """Values of the record of what was spoilt of this component.

        :param take: :class:`.Take`
        :param tags: ``stock.scrap.reason.tag``
        :param workorder: that is reported at; None where it is the order
        """
        order = self.raw_material_production_id
        return {
            "company_id": order.company_id.id,
            "origin": order.name,
            "production_id": order.id,
            "workorder_id": workorder.id if workorder else False,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_id.uom_id.id,
            "scrap_qty": take.quantity,
            "location_id": take.place.location_id,
            "lot_id": take.place.lot_id or False,
            "package_id": take.place.package_id or False,
            "owner_id": take.place.owner_id or False,
            "scrap_reason_tag_ids": tags.ids,
        }

    def _compute_backflush_unit_factor(self):
        """Relate what is planned to the good units to come, where some failed.

        Odoo relates it to all that is not produced.
        """
        for move in self:
            order = move.raw_material_production_id or move.production_id
            if order.backflush_scrapped_qty:
                to_come = order._get_backflush_to_come(pending=False)
                move.unit_factor = move.product_uom_qty / (to_come or 1.0)

    def _get_backflush_planned_units(self, ordered=None):
        """The quantity that this component is due for once its order is complete.

        :param ordered: quantity of the order, where it is about to change
        :return: in the unit of the finished product
        """
        self.ensure_one()
        order = self.raw_material_production_id
        planned = order._get_backflush_planned_due(self.workorder_id, ordered)
        return order._get_backflush_units(planned)
