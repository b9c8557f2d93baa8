from odoo import fields, models

from ..finite import FiniteFloat

BACKFLUSH_METHODS = [
    ("completion", "At completion"),
    ("operation", "At its operation"),
    ("start", "At the start"),
    ("manual", "Manual"),
    ("bulk", "Bulk"),
]


class ProductTemplate(models.Model):
    _name = "product.template"
    _inherit = ["product.template", "mrp.backflush.leash"]

    backflush_method = fields.Selection(
        BACKFLUSH_METHODS,
        help="When this product is consumed as a component of a backflushed order, "
        "unless the line of the bill of materials says otherwise.\n"
        "At completion: by itself, when production is reported.\n"
        "At its operation: when the work order of its operation is finished, for the "
        "quantity reported there; without an operation, at completion.\n"
        "At the start: the whole planned quantity, when the order starts.\n"
        "Manual: only what a person records.\n"
        "Bulk: for information only, nothing is moved or demanded.\n"
        "Empty: at completion.",
    )
    backflush_tolerance_up = FiniteFloat(
        "Tolerance Up (%)",
        help="How much more than its target can be consumed of this product, in per "
        "cent, all reports of an order together. Beyond it, a strict bill of materials "
        "refuses the report, and one with a warning asks. 0: not checked.",
    )
    backflush_tolerance_down = FiniteFloat(
        "Tolerance Down (%)",
        help="How much less than its target can be consumed of this product, in per "
        "cent, once an order is complete. Beyond it, a strict bill of materials "
        "refuses the report, and one with a warning asks. 0: not checked.",
    )

    _backflush_tolerance_positive = models.Constraint(
        "CHECK (backflush_tolerance_up >= 0 AND backflush_tolerance_down >= 0)",
        "A tolerance cannot be negative.",
    )
