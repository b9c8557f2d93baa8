from odoo import api, fields, models

from ..finite import FiniteFloat, FiniteProduct


class MrpBackflushReportComponent(models.TransientModel):
    """What the posting would take of one component, and what a person says instead."""

    _name = "mrp.backflush.report.component"
    _description = "Report Production: Component"

    report_id = fields.Many2one(
        "mrp.backflush.report", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id", string="Component")
    product_uom_id = fields.Many2one(related="move_id.product_uom", string="Unit")
    has_tracking = fields.Selection(related="move_id.has_tracking")
    location_id = fields.Many2one(related="move_id.location_id", string="Location")
    method = fields.Selection(related="move_id.backflush_method")
    expected_qty = FiniteFloat(
        "Expected",
        digits="Product Unit",
        compute="_compute_expected",
        help="What this posting should consume: the recipe times all that is reported "
        "then, minus what was dealt with before.",
    )
    free_qty = FiniteFloat(
        "Free",
        digits="Product Unit",
        compute="_compute_expected",
        help="In stock at the location for this order, what it has reserved included.",
    )
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
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Built In",
        domain="[('product_id', '=', product_id)]",
        help="The lots or serial numbers that were really built in. Left empty, those "
        "that stand under Lots are taken.",
    )
    formula = fields.Char(
        compute="_compute_expected", help="How the expected quantity is calculated."
    )
    recorded = fields.Boolean(
        compute="_compute_expected",
        help="The quantity was entered on the order before.",
    )
    usual_qty = FiniteFloat(
        digits="Product Unit",
        compute="_compute_expected",
        help="What is consumed unless a person enters something else here.",
    )
    entered_qty = FiniteProduct(
        "Entered",
        digits="Product Unit",
        compute="_compute_entered_qty",
        store=True,
        readonly=False,
        help="What was really consumed. Change it where it differs from the expected "
        "quantity; clear it to undo the change. A manual component is not consumed "
        "unless a quantity is entered.",
    )
    changed = fields.Boolean(help="Another quantity was entered here.")

    @api.depends("report_id.preview", "move_id")
    def _compute_expected(self):
        for report, components in self.grouped("report_id").items():
            by_move = report._get_component_values()
            for component in components:
                # What was posted since the dialog was opened is shown no more.
                values = by_move.get(component.move_id.id, {})
                component.expected_qty = values.get("expected", 0.0)
                component.free_qty = values.get("free", 0.0)
                component.formula = values.get("formula", "")
                move = component.move_id
                component.recorded = bool(values) and move._is_backflush_recorded()
                component.usual_qty = component._get_usual_qty()

    @api.depends(
        "report_id.preview",
        "report_id.component_ids.changed",
        "report_id.component_ids.entered_qty",
        "lot_ids",
        "move_id",
    )
    def _compute_taken(self):
        for report, components in self.grouped("report_id").items():
            shown = report.component_ids | components
            by_move = report._get_component_values(shown._get_entered())
            for component in components:
                values = by_move.get(component.move_id.id, {})
                short, unchosen = values.get("lacking", (0.0, 0.0))
                component.short_qty = short + unchosen
                component.lots = component._describe_lots(
                    values.get("lots", ()), unchosen
                )
                if component.lot_ids:
                    component._take_lots()

    @api.depends("usual_qty", "changed")
    def _compute_entered_qty(self):
        for component in self:
            component.entered_qty = (
                component.entered_qty if component.changed else component.usual_qty
            )

    @api.onchange("entered_qty")
    def _onchange_entered_qty(self):
        self.changed = bool(
            self.product_uom_id.compare(self.entered_qty, self.usual_qty)
        )

    @api.onchange("lot_ids")
    def _onchange_lot_ids(self):
        if self.has_tracking == "serial" and self.lot_ids:
            self.entered_qty = self.product_id.uom_id._compute_quantity(
                len(self.lot_ids), self.product_uom_id
            )
            self._onchange_entered_qty()

    def _take_lots(self):
        """Say what is taken of the lots that were chosen, and what they lack."""
        lots, shares = self._get_chosen_lots(), self._share_lots()
        self.lots = self._describe_lots(shares, 0.0)
        short = sum(
            max(0.0, share["quantity"] - self._get_free_qty(lot))
            for lot, share in zip(lots, shares, strict=True)
        )
        self.short_qty = self.product_uom_id.round(short)

    def _get_chosen_lots(self):
        """The lots that were chosen, the oldest first."""
        return self.lot_ids.sorted(lambda lot: lot._origin.id)

    def _share_lots(self):
        """What is taken of each lot that was chosen: of the last one, all the rest.

        :return: list of ``{"name", "quantity"}``, in the component's unit
        """
        left, shares, lots = self.entered_qty, [], self._get_chosen_lots()
        for lot in lots:
            is_last = lot == lots[-1]
            part = left if is_last else min(left, self._get_free_qty(lot))
            left -= part
            shares.append({"name": lot.name, "quantity": part})
        return shares

    def _get_free_qty(self, lot):
        """What this component may take of a lot, in its unit."""
        move, lot = self.move_id, lot._origin
        free = self.env["stock.quant"]._get_available_quantity(
            move.product_id, move.location_id, lot_id=lot
        )
        own = move.move_line_ids.filtered(lambda line: line.lot_id == lot)
        free += sum(own.mapped("quantity_product_uom"))
        unit = move.product_id.uom_id
        return unit._compute_quantity(max(0.0, free), self.product_uom_id, round=False)

    def _get_entered(self):
        """What a person has changed.

        :return: ``{move: quantity in the component's unit}``
        """
        changed = self.filtered("changed").grouped("move_id")
        return {
            move: sum(components.mapped("entered_qty"))
            for move, components in changed.items()
        }

    def _get_usual_qty(self):
        if self.recorded:
            return self.move_id._get_picked_quantity()
        return 0.0 if self.method == "manual" else self.expected_qty

    def _describe_lots(self, lots, unchosen):
        texts = [
            f"{lot['name']} ({self.report_id._format(lot['quantity'])})" for lot in lots
        ]
        if self.has_tracking == "serial":
            texts = [lot["name"] for lot in lots]
        if unchosen:
            texts.append(
                self.env._(
                    "%(count)s to be chosen", count=self.report_id._format(unchosen)
                )
            )
        return ", ".join(texts)

    def _prepare_entry(self):
        """The entry of a changed component in the report."""
        entry = {"move_id": self.move_id.id, "quantity": self.entered_qty}
        if self.lot_ids:
            entry["lots"] = self._share_lots()
        return entry
