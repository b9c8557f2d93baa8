from collections import namedtuple

from odoo import api, fields, models

# How much of what a posting made was unbuilt before and is unbuilt now, and all that it
# made; in the product's unit.
Portion = namedtuple("Portion", ["before", "quantity", "made"])


class MrpUnbuild(models.Model):
    """An unbuild gives back what the postings took that made what is unbuilt.

    Odoo takes the same share of every part of the order and rounds each of them. Here a
    posting after the other is undone, and what is given back of a component is the
    target of all that is unbuilt of its posting, minus what was given back before.
    """

    _inherit = "mrp.unbuild"

    backflush_id = fields.Many2one(
        "mrp.backflush",
        "Correction",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The correction of a report that took these goods back.",
    )
    lot_producing_ids = fields.Many2many(
        related=None, compute="_compute_lot_producing_ids"
    )

    @api.depends("mo_id.lot_producing_ids", "mo_id.move_finished_ids.lot_ids")
    def _compute_lot_producing_ids(self):
        for unbuild in self:
            order = unbuild.mo_id
            lots = order.lot_producing_ids
            if order.backflush:
                # Each part may have its own lot; the order only names the last one.
                lots |= unbuild._get_backflush_made().lot_ids
            unbuild.lot_producing_ids = lots

    def action_validate(self, *args, **kwargs):
        self._lock_backflush_postings("mrp.unbuild.action_validate")
        return super().action_validate(*args, **kwargs)

    def action_unbuild(self, *args, **kwargs):
        self._lock_backflush_postings(
            "mrp.unbuild.action_unbuild",
            "stock.warn.insufficient.qty.unbuild.action_done",
        )
        self._check_backflush_debts()
        return super().action_unbuild(*args, **kwargs)

    def _generate_consume_moves(self, *args, **kwargs):
        others, moves = self._generate_backflush_moves("move_finished_ids")
        return (
            super(MrpUnbuild, others)._generate_consume_moves(*args, **kwargs) + moves
        )

    def _generate_produce_moves(self, *args, **kwargs):
        others, moves = self._generate_backflush_moves("move_raw_ids")
        return (
            super(MrpUnbuild, others)._generate_produce_moves(*args, **kwargs) + moves
        )
