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
        "unless the line of the bill of materials says otherwise. At completion: by "
        "itself, when production is reported. Manual: only what a person records. "
        "Empty: at completion.",
    )
