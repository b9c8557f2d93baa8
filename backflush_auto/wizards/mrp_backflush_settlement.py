from odoo import api, fields, models
from odoo.exceptions import UserError

from ..context import as_called
from ..errors import check_one
from ..texts import format_quantity


class MrpBackflushSettlement(models.TransientModel):
    """Asks what a person decides about debts that are not paid by themselves."""

    _name = "mrp.backflush.settlement"
    _description = "Settle Deferred Consumption"

    exception_ids = fields.Many2many("mrp.backflush.exception", readonly=True)
    decision = fields.Selection(
        [
            ("take", "Take from…"),
            ("not_consumed", "Not consumed after all"),
            ("issued", "Issued otherwise"),
        ],
        required=True,
        readonly=True,
    )
    summary = fields.Text(compute="_compute_summary")
    product_ids = fields.Many2many("product.product", compute="_compute_summary")
    tracked = fields.Boolean(compute="_compute_summary")
    location_id = fields.Many2one(
        "stock.location",
        domain="[('usage', '=', 'internal')]",
        help="Where the material was really taken from. Empty: where it is owed.",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Lots and Serial Numbers",
        domain="[('product_id', 'in', product_ids)]",
        help="What was really taken. Empty: by the removal strategy.",
    )
    reason = fields.Char(help="Why, for those who read the record.")

    @api.depends("exception_ids")
    def _compute_summary(self):
        for dialog in self:
            debts = dialog.exception_ids
            dialog.product_ids = debts.product_id
            dialog.tracked = any(p.tracking != "none" for p in debts.product_id)
            dialog.summary = "\n".join(
                self.env._(
                    "%(order)s: %(quantity)s %(unit)s of %(product)s. %(suggestion)s",
                    order=debt.production_id.name,
                    quantity=format_quantity(self.env, debt.quantity),
                    unit=debt.product_uom_id.name,
                    product=debt.product_id.display_name,
                    suggestion=debt.suggestion or "",
                )
                for debt in debts
            )

    def action_decide(self):
        """Do what was decided.

        :raises UserError: where something is missing, or nothing can be taken
        """
        check_one(self)
        self = as_called(self)
        if self.decision != "take":
            self.exception_ids.backflush_cancel(
                self.reason or "", self.decision == "issued"
            )
        elif self._has_backflush_source():
            self.location_id.check_access("read")
            self.lot_ids.check_access("read")
            self.exception_ids._take_from(self.location_id, self.lot_ids)
        else:
            raise UserError(self.env._("Choose a location, or lots."))
        return {"type": "ir.actions.act_window_close"}

    def _has_backflush_source(self):
        """Whether stock that the debts may be paid from is named.

        A program need not keep to what the form lets people choose.
        """
        place = self.location_id
        is_own = place.company_id <= self.exception_ids.company_id
        if place and not (place.usage == "internal" and is_own):
            return False
        return bool(place or self.lot_ids)
