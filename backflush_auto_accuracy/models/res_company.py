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

    backflush_by_person = fields.Boolean(
        "Figures by Person",
        help="The analyses of backflushing say who reported, and can be grouped by it. "
        "Where it is off they know no person; the postings themselves keep who made "
        "them. Ask those concerned, and what your law says, before it is switched on.",
    )
    backflush_class_a = fields.Float(
        "Class A (%)",
        default=80.0,
        help="The components that make up this part of the value used in a year, the "
        "greatest first, are of class A.",
    )
    backflush_class_b = fields.Float(
        "Classes A and B (%)",
        default=95.0,
        help="Those that follow, up to this part, are of class B, the others of C.",
    )
    backflush_right_a = fields.Float(
        "Allowed of A (%)",
        default=0.2,
        help="The record of a component of class A is right where a count differs from "
        "it by no more than this, or by twice the usual error of a count.",
    )
    backflush_right_b = fields.Float("Allowed of B (%)", default=1.0)
    backflush_right_c = fields.Float("Allowed of C (%)", default=5.0)
    backflush_right_bom = fields.Float(
        "A Bill of Materials Is Right From (%)",
        default=98.0,
        help="A bill of materials is right where no line of it is known to be wrong by "
        "more than what is left to 100 %.",
    )

    _backflush_accuracy_percent = models.Constraint(
        "CHECK (backflush_class_a BETWEEN 0 AND backflush_class_b"
        " AND backflush_class_b <= 100 AND backflush_right_a >= 0"
        " AND backflush_right_b >= 0 AND backflush_right_c >= 0"
        " AND backflush_right_bom BETWEEN 0 AND 100)",
        "The limits of accuracy are percentages, and class B begins where A ends.",
    )
    _backflush_count_sd_positive = models.Constraint(
        "CHECK (backflush_count_sd > 0 AND backflush_process_sd >= 0)",
        "The usual error of a count must be above zero, and the spread of consumption "
        "not below.",
    )
