from odoo import api, fields, models
from odoo.exceptions import UserError

from ..finite import FiniteFloat


class MrpBackflushException(models.Model):
    _name = "mrp.backflush.exception"
    _description = "Deferred Consumption"
    _order = "date, id"
    _rec_name = "product_id"
    _check_company_auto = True

    company_id = fields.Many2one("res.company", required=True, readonly=True)
    move_id = fields.Many2one(
        "stock.move",
        "Component",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        help="The move that is owed: stock that comes completes it.",
    )
    backflush_id = fields.Many2one(
        "mrp.backflush",
        "Posting",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    production_id = fields.Many2one(
        "mrp.production",
        "Manufacturing Order",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    product_id = fields.Many2one("product.product", required=True, readonly=True)
    location_id = fields.Many2one(
        "stock.location",
        "Taken From",
        required=True,
        readonly=True,
        help="Stock that comes here, or to a location below, pays the debt.",
    )
    lot_ids = fields.Many2many(
        "stock.lot",
        string="Named Lots",
        readonly=True,
        help="What was named when production was reported: nothing else pays the debt.",
    )
    quantity = FiniteFloat(
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        aggregator=None,
        help="What is still owed, in the unit of the component.",
    )
    product_uom_id = fields.Many2one(related="move_id.product_uom")
    product_qty = FiniteFloat(
        "Owed",
        digits="Product Unit",
        compute="_compute_quantity",
        store=True,
        help="What is still owed, in the unit of the product.",
    )
    unit_cost = FiniteFloat(
        digits=0,
        readonly=True,
        aggregator=None,
        groups="mrp.group_mrp_manager",
        help="What one unit of the product cost when production was reported.",
    )
    value = fields.Monetary(
        compute="_compute_value",
        store=True,
        groups="mrp.group_mrp_manager",
        help="What is still owed, at the cost of the day it was consumed.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    cause = fields.Selection(
        [
            ("short", "Not in Stock"),
            ("lot", "No Lot"),
            ("serial", "Serial Number Unknown"),
            ("reserved", "Reserved Elsewhere"),
            ("location", "In Another Location"),
            ("error", "Error"),
        ],
        required=True,
        readonly=True,
    )
    tries = fields.Integer(readonly=True, aggregator=None)
    last_error = fields.Char(readonly=True)
    retry_date = fields.Datetime(
        readonly=True, help="An error occurred: it is tried again from then on."
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    age = fields.Integer(
        "Age (days)",
        compute="_compute_age",
        aggregator=None,
        help="For how many days it has been owed.",
    )
    user_id = fields.Many2one("res.users", "Reported By", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Settled"), ("cancelled", "Cancelled")],
        compute="_compute_quantity",
        store=True,
        readonly=True,
    )
    cancel_reason = fields.Char("Reason", readonly=True)
    issued = fields.Boolean(
        "Issued Otherwise",
        readonly=True,
        help="Another document has taken it from stock.",
    )

    _waiting_idx = models.Index("(product_id, date, id) WHERE state = 'waiting'")

    @api.depends("move_id.state", "move_id.product_uom_qty")
    def _compute_quantity(self):
        states = {"done": "done", "cancel": "cancelled"}
        for debt in self:
            move = debt.move_id
            debt.state = states.get(move.state, "waiting")
            is_owed = debt.state == "waiting"
            debt.quantity = is_owed and move.product_uom_qty
            debt.product_qty = is_owed and move.product_qty

    @api.depends("product_qty", "unit_cost")
    def _compute_value(self):
        for debt in self:
            debt.value = debt.product_qty * debt.unit_cost

    @api.depends("date")
    def _compute_age(self):
        now = fields.Datetime.now()
        for debt in self:
            debt.age = (now - debt.date).days

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Deferred consumption is a record and cannot be deleted.")
        )
