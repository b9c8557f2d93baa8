from odoo import api, models
from odoo.exceptions import UserError

from ...context import get_private
from .guards import get_changed

# The fields that record what a done order has produced.
CLOSED_FIELDS = {
    "product_id",
    "product_qty",
    "product_uom_id",
    "qty_producing",
    "lot_producing_ids",
    "state",
    "company_id",
    "bom_id",
    "location_src_id",
    "location_dest_id",
}


class MrpProduction(models.Model):
    """What an order has produced cannot be changed once it is done."""

    _inherit = "mrp.production"

    @api.model
    def _get_backflush_recorded_fields(self):
        """The names of the fields that only a posting, or a split, writes."""
        return {
            "backflush_prior_qty",
            "backflush_recipe",
            "backflush_scrapped_qty",
            "backflush_corrected_qty",
            "backflush_corrected",
        }

    def _check_backflush_closed(self, vals):
        """Refuse to change what an order has produced once it is done.

        :param vals: about to be written
        :raises UserError: where they change it
        """
        if CLOSED_FIELDS.isdisjoint(vals) or get_private(self.env, "record"):
            return
        closed = self.filtered(lambda order: order.backflush and order.state == "done")
        changed = closed and get_changed(closed, CLOSED_FIELDS, vals)
        if changed:
            raise UserError(
                self.env._(
                    "%(orders)s: what was produced is recorded and cannot be changed. "
                    "Correct the report of what was not produced, and report what was "
                    "produced in addition on another order. (%(fields)s)",
                    orders=", ".join(closed.mapped("name")),
                    fields=", ".join(sorted(changed)),
                )
            )

    def action_view_backflushes(self):
        """Open the postings of these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_action"
        )
        action["domain"] = [("production_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.depends("backflush_ids")
    def _compute_backflush_count(self):
        counts = dict(
            self.env["mrp.backflush"]._read_group(
                [("production_id", "in", self.ids)], ["production_id"], ["__count"]
            )
        )
        for order in self:
            order.backflush_count = counts.get(order._origin, 0)
