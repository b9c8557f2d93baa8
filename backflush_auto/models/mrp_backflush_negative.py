from odoo import api, fields, models
from odoo.exceptions import UserError

from ..finite import FiniteFloat


class MrpBackflushNegative(models.Model):
    """For how long stock was negative, where a product limits that, and by what."""

    _name = "mrp.backflush.negative"
    _description = "Negative Stock"
    _order = "cleared_date desc, date, id"
    _rec_name = "product_id"

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True
    )
    location_id = fields.Many2one("stock.location", required=True, readonly=True)
    date = fields.Datetime(
        "Negative Since", required=True, readonly=True, help="When it went below zero."
    )
    move_id = fields.Many2one(
        "stock.move",
        "Causing Move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What took it below zero. Empty: somebody edited the stock.",
    )
    cleared_date = fields.Datetime(
        "Cleared On",
        readonly=True,
        help="When it was negative no more. Empty: it still is.",
    )
    cleared_move_id = fields.Many2one(
        "stock.move",
        "Clearing Move",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="What brought the stock for it. Empty: somebody edited the stock.",
    )
    reference = fields.Char(related="move_id.reference", string="Caused By")
    cleared_reference = fields.Char(
        related="cleared_move_id.reference", string="Cleared By"
    )
    hours = fields.Float(
        compute="_compute_hours",
        help="For how long it was negative, or has been until now.",
    )
    quantity = FiniteFloat(
        "On Hand",
        digits="Product Unit",
        compute="_compute_quantity",
        help="What stock has of it there now, in the unit of the product.",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id")
    activity_id = fields.Many2one("mail.activity", readonly=True, ondelete="set null")

    _open_idx = models.UniqueIndex(
        "(product_id, location_id) WHERE cleared_date IS NULL",
        "A product is negative in a location only once.",
    )

    @api.depends("date", "cleared_date")
    def _compute_hours(self):
        now = fields.Datetime.now()
        for one in self:
            lasted = (one.cleared_date or now) - one.date
            one.hours = lasted.total_seconds() / 3600

    @api.depends_context("uid")
    def _compute_quantity(self):
        on_hand = self.sudo()._read_on_hand(self.product_id)
        for one in self:
            one.quantity = on_hand.get((one.product_id, one.location_id), 0.0)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("How long stock was negative is a record, it is not deleted.")
        )
