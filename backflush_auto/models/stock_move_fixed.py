from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..context import get_private

# What says which stock has moved, for which order.
MOVE_FIELDS = {
    "product_id",
    "product_uom",
    "product_uom_qty",
    "quantity",
    "state",
    "location_id",
    "location_dest_id",
    "picked",
    "company_id",
    "restrict_partner_id",
    "raw_material_production_id",
    "production_id",
    "bom_line_id",
    "byproduct_id",
    "cost_share",
}
ORDER_FIELDS = {"raw_material_production_id", "production_id"}
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
}


def check_recorded(records, names, vals_list, is_new=False):
    """Refuse what only a posting, or the split of an order, writes.

    :param names: of the fields that they write
    :param vals_list: list of values about to be written
    :param is_new: whether the caller's defaults count as well
    :raises AccessError: where one of these fields is among them
    """
    if get_private(records.env, "record"):
        return
    written = names.intersection(set().union(*vals_list))
    if is_new:
        context = records.env.context
        written |= {name for name in names if f"default_{name}" in context}
    if written:
        raise AccessError(
            records.env._(
                "What a posting has recorded on a component cannot be written: "
                "%(fields)s.",
                fields=", ".join(sorted(written)),
            )
        )


def get_given(records, name, vals_list):
    """The ids that new records get in a many2one field.

    :param vals_list: list of values, which win over the caller's defaults
    """
    default = records.env.context.get(f"default_{name}")
    return {vals.get(name, default) for vals in vals_list} - {None, False}


def get_changed(records, names, vals):
    """The names under which values differ from what some of the records have.

    :param names: of the fields that count
    :param vals: about to be written
    """
    changed = set()
    for name in names.intersection(vals):
        field = records._fields[name]
        for record in records:
            old = field.convert_to_cache(record[name], record, validate=False)
            new = field.convert_to_cache(vals[name], record, validate=False)
            if old != new:
                changed.add(name)
    return changed


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """What has moved for a backflushed order stays as it is.

    Odoo lets people change the quantity of what is done, and even its order; here the
    posting says what was consumed. What Odoo itself keeps on done moves, such as their
    value and what they were made of, goes on.
    """

    _inherit = "stock.move"

    def _filter_backflush_fixed(self):
        """The moves that nobody can change any more."""
        if get_private(self.env, "record"):
            return self.browse()
        done = self.filtered(lambda move: move.state == "done").sudo()
        fixed = done.filtered(
            lambda move: (
                move.backflush_id
                or move._filter_backflush()
                or move.production_id.backflush
                and move.location_dest_id.usage != "inventory"
            )
        )
        return fixed.with_env(self.env)

    def _check_backflush_fixed(self, vals):
        """Refuse to change what has moved.

        :param vals: about to be written
        :raises UserError: where they change something
        """
        if MOVE_FIELDS.isdisjoint(vals):
            return
        fixed = self._filter_backflush_fixed()
        changed = fixed and get_changed(fixed, MOVE_FIELDS, vals)
        if changed:
            fixed._refuse_backflush_change(changed)
        if self - fixed and not ORDER_FIELDS.isdisjoint(vals):
            self._check_backflush_joining([vals])

    def _refuse_backflush_change(self, names=()):
        """Say that what has moved stays as it is.

        :param names: of the fields that were to be changed; of the move or its lines
        """
        moves = self.sudo()
        orders = moves.raw_material_production_id | moves.production_id
        records = [*moves.backflush_id.mapped("name"), *orders.mapped("name")]
        raise UserError(
            self.env._(
                "%(products)s: what has moved for %(records)s is recorded and cannot "
                "be changed, added to or deleted. Unbuild what was not produced. "
                "(%(fields)s)",
                products=", ".join(moves.product_id.mapped("display_name")),
                records=", ".join(records),
                fields=", ".join(sorted(names)),
            )
        )

    @api.model
    def _check_backflush_joining(self, vals_list):
        """Refuse to add components or products to an order that is done.

        What is scrapped is no part of what was produced or consumed.

        :param vals_list: of moves
        """
        if get_private(self.env, "record"):
            return
        places = self.env["stock.location"].sudo()
        kept = [
            vals
            for vals in vals_list
            if places.browse(vals.get("location_dest_id")).usage != "inventory"
        ]
        order_ids = get_given(self, "raw_material_production_id", kept)
        order_ids |= get_given(self, "production_id", kept)
        orders = self.env["mrp.production"].browse(order_ids).sudo()
        closed = orders.filtered(lambda o: o.state == "done" and o.backflush)
        if closed:
            raise UserError(
                self.env._(
                    "Nothing can be added to %(orders)s: what was produced and "
                    "consumed is recorded.",
                    orders=", ".join(closed.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_backflush_fixed(self):
        fixed = self._filter_backflush_fixed()
        if fixed:
            fixed._refuse_backflush_change()


class StockMoveLine(models.Model):
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
