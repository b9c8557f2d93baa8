import json

from odoo import api, fields, models

from odoo.addons.backflush_auto.context import as_called
from odoo.addons.backflush_auto.errors import refuse

from ..submitting import get_vals, look_up

# What the dialog has fields for.
SHOWN = ("quantity", "lot_names", "production_id", "production", "reference")


class MrpBackflushSubmittedCorrection(models.TransientModel):
    """What a person makes of a report that was refused."""

    _name = "mrp.backflush.submitted.correction"
    _description = "Correction of a Refused Report"

    submitted_id = fields.Many2one(
        "mrp.backflush.submitted", required=True, readonly=True, ondelete="cascade"
    )
    message = fields.Text("Reason", compute="_compute_message")
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        compute="_compute_values",
        compute_sudo=False,
        store=True,
        readonly=False,
        domain="[('backflush', '=', True), ('state', 'not in', ('done', 'cancel'))]",
        help="Empty where the report makes its own order.",
    )
    quantity = fields.Float(
        compute="_compute_values",
        compute_sudo=False,
        store=True,
        readonly=False,
        digits="Product Unit",
        help="Good units, in the unit of the order; 0 is all that remains.",
    )
    lot_names = fields.Text(
        "Lot/Serial Numbers",
        compute="_compute_values",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Of the finished product, one on each line.",
    )
    others = fields.Text(
        "Other Values",
        compute="_compute_values",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="The rest of the report as a JSON object: components, remainder, scrap …",
    )

    @api.depends("submitted_id")
    def _compute_message(self):
        self.submitted_id.check_access("read")
        for dialog in self:
            dialog.message = dialog.submitted_id.message

    @api.depends("submitted_id")
    def _compute_values(self):
        # A program may name any report, and another company's is none of its business.
        self.submitted_id.check_access("read")
        for dialog in self:
            submitted = dialog.submitted_id
            values = submitted.correction or submitted.values or {}
            others = {key: values[key] for key in values if key not in SHOWN}
            dialog.production_id = submitted.production_id
            dialog.quantity = values.get("quantity", 0.0)
            dialog.lot_names = "\n".join(values.get("lot_names", ()))
            dialog.others = json.dumps(others, indent=2, ensure_ascii=False)

    def action_send(self):
        """Have a job post the corrected report, with the rights of this user."""
        self.ensure_one()
        self.check_access("write")
        submitted = as_called(self.submitted_id)
        submitted._check_refused()
        values = self._read_values(submitted)
        [item] = look_up(submitted.env, [values])
        if item.error:
            raise item.error
        if item.company_id != submitted.company_id.id:
            raise refuse(
                self.env._("The order belongs to another company than the report.")
            )
        submitted._send_again({**get_vals(item), "correction": values})
        return {"type": "ir.actions.act_window_close"}

    def _read_values(self, submitted):
        """The report as it is corrected, plain values."""
        try:
            others = json.loads(self.others or "{}")
        except ValueError as error:
            raise refuse(
                self.env._("Other Values are no JSON: %(problem)s", problem=error)
            ) from error
        if not isinstance(others, dict) or not others.keys().isdisjoint(SHOWN):
            raise refuse(
                self.env._(
                    "Other Values: an object without %(names)s.", names=", ".join(SHOWN)
                )
            )
        names = (name.strip() for name in (self.lot_names or "").splitlines())
        values = {
            **others,
            "quantity": self.quantity,
            "lot_names": [name for name in names if name],
            "reference": submitted.reference,
        }
        if self.production_id:
            values["production_id"] = self.production_id.id
        return values
