from odoo import fields, models

BACKFLUSH_METHODS = [
    ("completion", "At completion"),
    ("operation", "At its operation"),
    ("start", "At the start"),
    ("manual", "Manual"),
    ("bulk", "Bulk"),
]


class ProductTemplate(models.Model):
    _inherit = "product.template"

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
