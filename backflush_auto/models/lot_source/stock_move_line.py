from odoo import fields, models


class StockMoveLine(models.Model):
    """How sure it is that a lot was consumed."""

    _inherit = "stock.move.line"

    backflush_lot_source = fields.Selection(
        [("named", "Named"), ("reserved", "Reserved"), ("assumed", "Assumed")],
        "Lot Source",
        readonly=True,
        copy=False,
        help="How sure it is that this lot was consumed. Named: a person or a program "
        "has named or scanned it. Reserved: it was reserved for the order, and nobody "
        "has confirmed it. Assumed: the posting chose it by the removal strategy.",
    )

    def _get_backflush_lot_source(self, is_recorded):
        """How sure the lot of this line is, once it is consumed.

        :param is_recorded: a person or program has entered what is consumed
        """
        self.ensure_one()
        return self.backflush_lot_source or ("named" if is_recorded else "reserved")

    def _describe_backflush_lot(self):
        """The lot of this line, with how sure it is; nothing where that is unknown."""
        self.ensure_one()
        if not (self.backflush_lot_source and self.lot_id):
            return ""
        field = self._fields["backflush_lot_source"]
        certainties = dict(field._description_selection(self.env))
        return self.env._(
            "%(lot)s (%(certainty)s)",
            lot=self.lot_id.name,
            certainty=certainties[self.backflush_lot_source].lower(),
        )
