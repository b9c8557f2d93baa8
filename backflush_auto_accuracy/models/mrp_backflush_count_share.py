from odoo import fields, models


class MrpBackflushCountShare(models.Model):
    _name = "mrp.backflush.count.share"
    _description = "Share of a Posting in a Count Difference"
    _order = "count_id desc, backflush_id"
    _rec_name = "backflush_id"

    count_id = fields.Many2one(
        "mrp.backflush.count",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="count_id.company_id", store=True)
    backflush_id = fields.Many2one(
        "mrp.backflush", required=True, readonly=True, index=True, ondelete="cascade"
    )
    production_id = fields.Many2one(related="backflush_id.production_id")
    quantity = fields.Float(
        readonly=True,
        help="The part of the difference that falls to this posting, in proportion to "
        "what was expected of it.",
    )
    expected_qty = fields.Float(
        "Expected", readonly=True, help="What the posting expected of the component."
    )
    workcenter_id = fields.Many2one(
        "mrp.workcenter",
        "Work Center",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Where the component was to be used.",
    )
