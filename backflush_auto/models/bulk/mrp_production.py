from odoo import Command, api, fields, models
from odoo.tools.misc import formatLang


class MrpProduction(models.Model):
    """Bulk components: on the bill of materials for information, and no component here.

    Glue, oil or screws from an open bin: nothing of them is planned, reserved or moved.
    """

    _inherit = "mrp.production"

    backflush_bulk = fields.Text(
        "Bulk Components",
        compute="_compute_backflush_bulk",
        compute_sudo=True,
        help="What production takes from open stock, according to the current bill of "
        "materials. It is neither planned nor deducted.",
    )

    @api.depends(
        "backflush",
        "bom_id.bom_line_ids.backflush_method",
        "bom_id.bom_line_ids.product_qty",
        "product_id",
        "product_qty",
        "product_uom_id",
    )
    def _compute_backflush_bulk(self):
        for order in self:
            order.backflush_bulk = order.backflush and "\n".join(
                order._describe_backflush_bulk(line, data)
                for line, data in order._get_backflush_bulk()
            )

    def _describe_backflush_bulk(self, line, data):
        quantity = self._prepare_backflush_snapshot(line, data)["product_uom_qty"]
        return self.env._(
            "%(quantity)s %(unit)s %(product)s",
            quantity=formatLang(self.env, quantity, dp="Product Unit"),
            unit=line.product_uom_id.name,
            product=line.product_id.display_name,
        )

    def _get_backflush_bulk(self):
        """The bulk lines of the bill of materials, exploded for this order.

        :return: list of ``(mrp.bom.line, what the explosion says of it)``
        """
        self.ensure_one()
        bom = self.bom_id
        if not bom or not self.product_qty:
            return []
        quantity = self.product_uom_id._compute_quantity(
            self.product_qty, bom.product_uom_id, round=False
        )
        lines = bom.explode(
            self.product_id,
            quantity / bom.product_qty,
            picking_type=bom.picking_type_id,
            never_attribute_values=self.never_product_template_attribute_value_ids,
        )[1]
        return [(line, data) for line, data in lines if line._is_backflush_bulk(data)]

    def _drop_backflush_bulk(self):
        """Take bulk components from open orders that are now backflushed."""
        dropped = self.env["stock.move"]
        for order in self.filtered(lambda o: o.backflush and o.state != "draft"):
            lines = [line for line, _data in order._get_backflush_bulk()]
            dropped |= order.move_raw_ids._filter_backflush_open().filtered(
                lambda move, lines=lines: move.bom_line_id in lines
            )
        dropped.with_context(skip_mo_check=True)._action_cancel()
        dropped.unlink()

    def _restore_backflush_bulk(self):
        """Give open orders that are not backflushed any more Odoo's components."""
        for order in self.filtered(lambda o: not o.backflush and o.state != "draft"):
            lines = {line.id for line, _data in order._get_backflush_bulk()}
            lines -= set(order.move_raw_ids.bom_line_id.ids)
            order.move_raw_ids = [
                Command.create(values)
                for values in order._get_moves_raw_values()
                if values["bom_line_id"] in lines
            ]
