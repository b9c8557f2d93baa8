from odoo import Command, api, fields, models

from ..context import with_private


class MrpProductionBackorderLine(models.TransientModel):
    _inherit = "mrp.production.backorder.line"

    backflush = fields.Boolean(related="mrp_production_id.backflush")
    backflush_keep_open = fields.Boolean(
        "Keep Open",
        help="Post what is produced now and leave the order in progress, to be "
        "reported on again.",
    )

    @api.onchange("backflush_keep_open")
    def _onchange_backflush_keep_open(self):
        if self.backflush_keep_open:
            self.to_backorder = False

    @api.onchange("to_backorder")
    def _onchange_to_backorder(self):
        if self.to_backorder:
            self.backflush_keep_open = False


class MrpProductionBackorder(models.TransientModel):
    _inherit = "mrp.production.backorder"

    backflush_show_keep_open = fields.Boolean(
        compute="_compute_backflush_show_keep_open"
    )

    @api.model
    def default_get(self, *args, **kwargs):
        values = super().default_get(*args, **kwargs)
        self._propose_backflush_keep_open(
            values.get("mrp_production_backorder_line_ids") or ()
        )
        return values

    @api.depends("mrp_production_backorder_line_ids.backflush")
    def _compute_backflush_show_keep_open(self):
        for wizard in self:
            lines = wizard.mrp_production_backorder_line_ids
            wizard.backflush_show_keep_open = any(lines.mapped("backflush"))

    @api.model
    def _propose_backflush_keep_open(self, lines):
        """Propose for each of several orders what the button proposes for a single one.

        :param lines: commands that create the lines
        """
        proposed = [line[2] for line in lines if line[0] == Command.CREATE]
        if len(proposed) < 2:
            return
        order_ids = [values["mrp_production_id"] for values in proposed]
        orders = self.env["mrp.production"].browse(order_ids)
        for order, values in zip(orders, proposed, strict=True):
            if order.backflush:
                values.update(to_backorder=False, backflush_keep_open=True)

    def action_backorder(self, *args, **kwargs):
        kept = self.mrp_production_backorder_line_ids.filtered("backflush_keep_open")
        if kept:
            kept.to_backorder = False
            self = with_private(self, keep_open=kept.mrp_production_id._ids)
        return super().action_backorder(*args, **kwargs)

    def action_backflush_keep_open(self):
        """Post what is produced and leave the backflushed orders in progress."""
        self.mrp_production_backorder_line_ids.filtered(
            "backflush"
        ).backflush_keep_open = True
        return self.action_backorder()
