from odoo import fields, models


class MrpWorkcenter(models.Model):
    _name = "mrp.workcenter"
    _inherit = ["mrp.workcenter", "mrp.backflush.location"]

    backflush_location_id = fields.Many2one(
        string="Take Components From",
        help="Where backflushed orders take the components of the operations of this "
        "work center from, with the locations below it, unless the line of the bill of "
        "materials names another. Empty: the components location of the order.",
    )
