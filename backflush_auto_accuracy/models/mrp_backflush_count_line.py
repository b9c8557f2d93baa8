from odoo import fields, models


class MrpBackflushCountLine(models.Model):
    _name = "mrp.backflush.count.line"
    _description = "Expected Between Two Counts"
    _order = "expected_qty desc, id"
    _rec_name = "bom_line_id"

    count_id = fields.Many2one(
        "mrp.backflush.count",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    bom_line_id = fields.Many2one(
        "mrp.bom.line",
        "BoM Line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Empty: components that were added to an order by hand.",
    )
    bom_id = fields.Many2one(related="bom_line_id.bom_id")
    expected_qty = fields.Float(
        "Expected",
        readonly=True,
        help="By the postings between the counts, through this line.",
    )
    wrong_qty = fields.Float(
        "Used Beyond It",
        readonly=True,
        help="What was used beyond what this line expects, as far as the counts have "
        "shown by now that it is wrong.",
    )
