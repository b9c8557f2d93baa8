from odoo import api, models

from .guards import get_changed, get_given

# The fields of a line that record which stock has moved.
LINE_FIELDS = {
    "move_id",
    "product_id",
    "product_uom_id",
    "quantity",
    "state",
    "location_id",
    "location_dest_id",
    "lot_id",
    "lot_name",
    "package_id",
    "result_package_id",
    "owner_id",
    "quant_id",
    "picked",
    "company_id",
    "backflush_lot_source",
}


class StockMoveLine(models.Model):
    """The lines of what has moved for a backflushed order stay as they are."""

    _inherit = "stock.move.line"

    def _filter_backflush_fixed(self):
        """The lines that nobody can change any more."""
        done = self.filtered(lambda line: line.state == "done")
        moves = done.move_id._filter_backflush_fixed()
        return done.filtered(lambda line: line.move_id in moves)

    def _check_backflush_fixed(self, vals):
        """Refuse to change what has moved, or to add to it.

        :param vals: about to be written
        :raises UserError: where they change something
        """
        if LINE_FIELDS.isdisjoint(vals):
            return
        fixed = self._filter_backflush_fixed()
        changed = fixed and get_changed(fixed, LINE_FIELDS, vals)
        if changed:
            fixed.move_id._refuse_backflush_change(changed)
        if self - fixed and "move_id" in vals:
            self._check_backflush_joining([vals])

    def _check_backflush_undone(self):
        """Refuse to move once more what has moved."""
        fixed = self._filter_backflush_fixed()
        if fixed:
            fixed.move_id._refuse_backflush_change({"state"})

    @api.model
    def _check_backflush_joining(self, vals_list):
        """Refuse lines for moves that have moved.

        :param vals_list: of lines
        """
        move_ids = get_given(self, "move_id", vals_list)
        fixed = self.env["stock.move"].browse(move_ids)._filter_backflush_fixed()
        if fixed:
            fixed._refuse_backflush_change({"move_line_ids"})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_backflush_fixed(self):
        fixed = self._filter_backflush_fixed()
        if fixed:
            fixed.move_id._refuse_backflush_change({"move_line_ids"})
