from odoo import Command, api, fields, models
from odoo.tools import formatLang

from ..context import as_called
from ..errors import REFUSALS, check_one
from ..finite import FiniteFloat
from ..reporting.correcting import Correcting, check_correction


class MrpBackflushCorrection(models.TransientModel):
    """The question *it was really*: what moves where is shown before it is posted."""

    _name = "mrp.backflush.correction"
    _description = "Correct a Report"

    posting_id = fields.Many2one(
        "mrp.backflush", "Backflush", required=True, readonly=True, ondelete="cascade"
    )
    production_id = fields.Many2one(related="posting_id.production_id")
    product_id = fields.Many2one(related="posting_id.product_id")
    product_uom_id = fields.Many2one(related="posting_id.product_uom_id")
    reported_qty = FiniteFloat(
        "You Reported",
        related="posting_id.quantity_left",
        help="What the report counts now, earlier corrections included.",
    )
    quantity = FiniteFloat(
        "It Was Really",
        digits="Product Unit",
        help="What was really produced. 0 takes all of it back.",
    )
    reason = fields.Char(
        help="Why the report was wrong, for those who read the record."
    )
    takes_time = fields.Boolean(
        "Time Goes as Well",
        help="The time of the work orders comes down in proportion. Otherwise it stays "
        "with the order.",
    )
    has_workorders = fields.Boolean(compute="_compute_has_workorders")
    has_lots = fields.Boolean(compute="_compute_has_workorders")
    is_ready = fields.Boolean(compute="_compute_summary")
    outcome = fields.Json(compute="_compute_outcome")
    summary = fields.Char(compute="_compute_summary")
    problem = fields.Text(compute="_compute_summary")
    line_ids = fields.One2many(
        "mrp.backflush.correction.line", "correction_id", "Products", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        dialogs = super().create(vals_list)
        for dialog in dialogs:
            moves = dialog._make_correction().get_moves()
            dialog.line_ids = [Command.create({"move_id": move.id}) for move in moves]
        return dialogs

    @api.depends("posting_id", "line_ids")
    def _compute_has_workorders(self):
        for dialog in self:
            dialog.has_workorders = bool(dialog.production_id.workorder_ids)
            products = dialog.line_ids.product_id
            dialog.has_lots = any(p.tracking != "none" for p in products)

    @api.depends("posting_id", "quantity", "reason")
    def _compute_outcome(self):
        for dialog in self:
            outcome = {"summary": "", "problem": "", "moves": {}}
            if dialog._is_unchanged():
                dialog.outcome = outcome
                continue
            try:
                posting = dialog.posting_id._origin
                posting._check_backflush_correctable(dialog.quantity)
                correction = dialog._make_correction()
                outcome["summary"] = dialog._describe(correction)
                outcome["moves"] = correction.describe()
                check_correction(correction, dialog.reason)
            except REFUSALS as error:
                outcome["problem"] = str(error)
            dialog.outcome = outcome

    @api.depends("outcome")
    def _compute_summary(self):
        for dialog in self:
            dialog.summary = dialog.outcome["summary"]
            dialog.problem = dialog.outcome["problem"]
            dialog.is_ready = bool(dialog.summary and not dialog.problem)

    def _is_unchanged(self):
        """Whether nothing is entered yet: the dialog opens with what was reported."""
        unit, reported = self.product_uom_id, self.reported_qty
        return bool(unit and reported and not unit.compare(self.quantity, reported))

    def _make_correction(self):
        posting = self.posting_id._origin
        order = posting.production_id
        return order._make_backflush_correction(
            posting, self.quantity, takes_time=self.takes_time
        )

    def _describe(self, correction):
        """One sentence of what moves where.

        :param correction: :class:`..posting.correction.Correction`
        """
        back = formatLang(self.env, correction.back, dp="Product Unit")
        values = {
            "back": back,
            "unit": correction.unit.name,
            "product": self.product_id.display_name,
            "order": self.production_id.name,
        }
        if correction.is_of_product:
            return self.env._(
                "%(back)s %(unit)s of %(product)s leave stock, and what was consumed "
                "for them comes back to where it was. %(order)s has them to make "
                "again.",
                **values,
            )
        return self.env._(
            "What was consumed for %(back)s %(unit)s of %(product)s comes back to "
            "where it was. %(order)s takes it again when it is reported.",
            **values,
        )

    def action_correct(self):
        """Post the correction.

        :return: an action that confirms it and closes the dialog
        :raises UserError: where it is refused; nothing is moved then
        """
        check_one(self)
        self = as_called(self)
        correcting = Correcting(self.env, "mrp.backflush.correction.action_correct")
        result = correcting.correct(
            self.posting_id,
            self.quantity,
            self.reason or "",
            takes_time=self.takes_time,
        )
        message = self.env._(
            "%(correction)s: %(posting)s counts %(left)s %(unit)s now.",
            correction=result["name"],
            posting=result["corrects"]["name"],
            left=formatLang(self.env, result["quantity_left"], dp="Product Unit"),
            unit=self.product_uom_id.name,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class MrpBackflushCorrectionLine(models.TransientModel):
    """What a correction does with one component, or product."""

    _name = "mrp.backflush.correction.line"
    _description = "Correct a Report: Line"

    correction_id = fields.Many2one(
        "mrp.backflush.correction", required=True, index=True, ondelete="cascade"
    )
    move_id = fields.Many2one("stock.move", required=True, ondelete="cascade")
    product_id = fields.Many2one(related="move_id.product_id")
    product_uom_id = fields.Many2one(related="move_id.product_uom")
    moved_qty = FiniteFloat(
        "Moved", digits="Product Unit", compute="_compute_quantities"
    )
    back_qty = FiniteFloat(
        "Reversed",
        digits="Product Unit",
        compute="_compute_quantities",
        help="What is moved to where it was before the report.",
    )
    stays_qty = FiniteFloat(
        "Stays",
        digits="Product Unit",
        compute="_compute_quantities",
        help="What was entered beyond the expected quantity stays, unless all of the "
        "report is taken back.",
    )
    lots = fields.Char("Lots/Serial Numbers", compute="_compute_quantities")

    @api.depends("correction_id.outcome", "move_id")
    def _compute_quantities(self):
        for line in self:
            moves = line.correction_id.outcome["moves"]
            values = moves.get(str(line.move_id.id), {})
            line.moved_qty = values.get(
                "moved", line.move_id._get_backflush_left_consumed()
            )
            line.back_qty = values.get("back", 0.0)
            line.stays_qty = line.moved_qty - line.back_qty
            line.lots = values.get("lots", "")
