from odoo import fields, models

# What an epoch of a line ends with.
RULE_FIELDS = {
    *("product_id", "product_qty", "product_uom_id", "backflush_basis"),
    *("backflush_scrap", "backflush_rounding", "backflush_rounding_method"),
    "backflush_method",
}


class MrpBomLine(models.Model):
    _inherit = "mrp.bom.line"

    backflush_epoch = fields.Datetime(
        "Counted Anew Since",
        readonly=True,
        copy=False,
        help="When the quantity of this line was last changed: counts from before say "
        "nothing about it any more.",
    )

    def write(self, vals):
        changed = self._filter_backflush_changed(vals)
        if not changed:
            return super().write(vals)
        epoch = {"backflush_epoch": fields.Datetime.now()}
        super(MrpBomLine, self - changed).write(vals)
        res = super(MrpBomLine, changed).write({**vals, **epoch})
        changed._forget_backflush_proposals()
        return res

    def _filter_backflush_changed(self, vals):
        """The lines whose rule these values change."""
        names = RULE_FIELDS.intersection(vals)
        return self.filtered(
            lambda line: any(
                line._fields[name].convert_to_write(line[name], line) != vals[name]
                for name in names
            )
        )

    def _forget_backflush_proposals(self):
        """Whoever may write a line ends what was proposed for it as it was."""
        proposals = self.env["mrp.backflush.proposal"].sudo()
        domain = [("bom_line_id", "in", self.ids), ("state", "=", "open")]
        proposals.search(domain).unlink()
