from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import groupby


class MrpBackflush(models.Model):
    _name = "mrp.backflush"
    _description = "Backflush"
    _order = "date desc, id desc"
    _check_company_auto = True

    name = fields.Char("Reference", required=True, readonly=True, index="trigram")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
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
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, index=True
    )
    trigger = fields.Selection(
        [("completion", "Completion")],
        required=True,
        readonly=True,
        default="completion",
        help="What made the components leave stock.",
    )
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    user_id = fields.Many2one(
        "res.users", "Reported By", readonly=True, default=lambda self: self.env.user
    )
    quantity = fields.Float(
        "Reported Quantity", digits="Product Unit", required=True, readonly=True
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", required=True, readonly=True)
    state = fields.Selection(
        [("posted", "Posted"), ("reversed", "Reversed")],
        required=True,
        readonly=True,
        default="posted",
    )
    move_ids = fields.One2many(
        "stock.move",
        "backflush_id",
        "Components",
        domain=[("raw_material_production_id", "!=", False)],
        readonly=True,
    )
    finished_move_ids = fields.One2many(
        "stock.move",
        "backflush_id",
        "Finished Goods",
        domain=[("production_id", "!=", False)],
        readonly=True,
    )

    @api.model_create_multi
    def create(self, vals_list):
        for company_id, group in groupby(vals_list, lambda v: v.get("company_id")):
            sequence = self._get_sequence(company_id)
            for vals in group:
                vals.setdefault("name", sequence.next_by_id())
        return super().create(vals_list)

    @api.model
    def _get_sequence(self, company_id):
        """The sequence of a company's postings: its own, else the shared one.

        :raises UserError: where there is none
        """
        domain = [("code", "=", "mrp.backflush")]
        domain += [("company_id", "in", [company_id, False])]
        sequence = self.env["ir.sequence"].search(domain, order="company_id", limit=1)
        if not sequence:
            raise UserError(
                self.env._(
                    "Backflushes have no sequence to be numbered from: create one with "
                    "the code “mrp.backflush” under Settings > Technical > Sequences."
                )
            )
        return sequence

    # pylint: disable=method-required-super
    def write(self, vals):
        raise UserError(
            self.env._(
                "A backflush is the record of stock that has moved and cannot be "
                "changed: %(backflushes)s.",
                backflushes=", ".join(self.mapped("name")),
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "A backflush is the record of stock that has moved and cannot be "
                "deleted: %(backflushes)s.",
                backflushes=", ".join(self.mapped("name")),
            )
        )
