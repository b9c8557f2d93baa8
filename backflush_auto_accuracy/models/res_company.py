from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    backflush_count_sd = fields.Float(
        "Usual Error of a Count",
        default=1.5,
        help="By how much a careful count is off, as a standard deviation, in the unit "
        "of the component. Differences of this size explain nothing.",
    )
    backflush_process_sd = fields.Float(
        "Usual Spread of Consumption",
        default=0.6,
        help="By how much consumption spreads around its mean between two counts, as a "
        "standard deviation in % of what was expected.",
    )

    backflush_proposal_value = fields.Monetary(
        "Least Worth a Year",
        currency_field="currency_id",
        help="Corrections of bills of materials that are worth less in a year are not "
        "proposed. Zero: all are.",
    )

    _backflush_count_sd_positive = models.Constraint(
        "CHECK (backflush_count_sd > 0 AND backflush_process_sd >= 0)",
        "The usual error of a count must be above zero, and the spread of consumption "
        "not below.",
    )
