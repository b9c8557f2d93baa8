from odoo import fields, models

SHORTAGE_POLICIES = [
    ("block", "Refuse the production"),
    ("negative", "Post into negative stock"),
    ("defer", "Post, and take what is missing when it comes"),
]


class ResCompany(models.Model):
    _inherit = "res.company"

    backflush_default = fields.Boolean(
        string="Backflush New Bills of Materials",
        help="New bills of materials start with backflushing switched on. Existing "
        "ones are not changed.",
    )
    backflush_shortage = fields.Selection(
        SHORTAGE_POLICIES,
        string="Component Shortage",
        default="block",
        required=True,
        help="What new bills of materials do when production is reported and a "
        "component is short: refuse the production and say what is missing, post it "
        "all the same and leave the stock negative, or post it and take what is "
        "missing when it comes.",
    )
    backflush_reserve = fields.Boolean(
        string="Reserve Backflushed Components",
        help="Reserve components at the confirmation of the order, as Odoo does. "
        "Without it backflushing decides when production is reported which stock is "
        "taken; “Check availability” still reserves by hand.",
    )
    backflush_serial_auto = fields.Boolean(
        string="Choose Serial Numbers",
        help="Take serial-numbered components by the removal strategy. Without it "
        "serial numbers are taken only when they are reserved or entered on the order.",
    )
    backflush_over_completion = fields.Float(
        string="Over-Completion (%)",
        default=10.0,
        help="What new bills of materials allow to be reported beyond the quantity of "
        "an order, in per cent of it; 0: any quantity.",
    )
    backflush_correct_hours = fields.Float(
        string="Own Reports Can Be Corrected For",
        default=24.0,
        help="For how many hours people can correct what they have reported "
        "themselves. Managers can correct any report at any time; 0 leaves it to them.",
    )
