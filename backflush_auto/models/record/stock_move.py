from odoo import api, models
from odoo.exceptions import UserError

from ...context import get_private
from ..mrp_backflush_rule import QUANTITY_RULE
from .guards import check_recorded, get_changed, get_given

# Only a posting or a split writes these: otherwise the record could be falsified.
RECORDED_FIELDS = {
    "backflush_id",
    "backflush_expected_qty",
    "backflush_deferred",
    "backflush_issued_qty",
    "backflush_undeferred_qty",
}
LINEAGE_FIELDS = {
    "backflush_origin_id",
    "backflush_root_id",
    "backflush_prior_covered_qty",
}
# The fields that determine how a component will be consumed.
RULE_FIELDS = {
    "backflush_method",
    "backflush_ratio",
    "backflush_location_id",
    *QUANTITY_RULE,
}
# The fields that record which stock has moved, and for which order.
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


class StockMove(models.Model):
    """The moves of a backflushed order cannot be changed once they are done.

    Odoo lets people change the quantity of what is done, and even its order; here the
    posting says what was consumed. What Odoo itself keeps on done moves, such as their
    value and what they were made of, goes on.
    """

    _inherit = "stock.move"

    def _filter_backflush_fixed(self):
        """The moves that nobody can change any more."""
        if get_private(self.env, "record"):
            return self.browse()
        done = self._filter_backflush_dealt().sudo()
        fixed = done.filtered(
            lambda move: (
                move.backflush_id
                or move._is_backflush_scrap_recorded()
                or move._filter_backflush()
                or move.production_id.backflush
                and move.location_dest_id.usage != "inventory"
            )
        )
        return fixed.with_env(self.env)

    def _find_backflush_keeping(self, vals):
        """Moves that keep what they have in a field, whatever Odoo writes on them.

        :param vals: about to be written
        :return: name of the field, and the moves
        """
        if unpicked := self._filter_backflush_skip_picking(vals):
            return "picked", unpicked
        return "date", self._filter_backflush_dated(vals)

    def _filter_backflush_dated(self, vals):
        """What has moved, where Odoo is about to say that it did so at another time.

        An order gives its dates to all of its moves, when it is planned and when it is
        closed; those of an earlier posting moved when they did.

        :param vals: about to be written
        """
        if "date" not in vals or get_private(self.env, "dated"):
            return self.browse()
        done = self.filtered(lambda move: move.state == "done").sudo()
        kept = done.filtered(
            lambda move: (
                move.backflush_id
                or (move.raw_material_production_id or move.production_id).backflush
            )
        )
        return kept.with_env(self.env)

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
        """Refuse to change what has moved.

        :param names: of the fields that were to be changed; of the move or its lines
        """
        moves = self.sudo()
        orders = moves.raw_material_production_id | moves.production_id
        records = [*moves.backflush_id.mapped("name"), *orders.mapped("name")]
        raise UserError(
            self.env._(
                "%(products)s: what has moved for %(records)s is recorded and cannot "
                "be changed, added to or deleted. Correct the report of what was not "
                "produced. (%(fields)s)",
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

    # --- What only a posting writes ---

    @api.model
    def _get_backflush_recorded_fields(self):
        """The names of the fields that only a posting, or a split, writes."""
        return {*RECORDED_FIELDS, *LINEAGE_FIELDS, "backflush_added"}

    def _check_backflush_editable(self, vals):
        done = self._filter_backflush_dealt()
        recording = get_private(self.env, "record")
        if done and not recording and RULE_FIELDS.intersection(vals):
            raise UserError(
                self.env._(
                    "%(products)s: the way a component is consumed cannot be changed "
                    "once it is consumed.",
                    products=", ".join(done.product_id.mapped("display_name")),
                )
            )

    @api.model
    def _check_backflush_new(self, vals_list):
        """Refuse new moves with what only a posting writes, or for what is done.

        :param vals_list: about to be created
        """
        recorded = self._get_backflush_recorded_fields()
        # A split names the component that it splits, and a copy what was added.
        given = recorded - {*LINEAGE_FIELDS, "backflush_added"}
        given |= {"backflush_prior_covered_qty"}
        check_recorded(self, given, vals_list)
        check_recorded(self, recorded, [], is_new=True)
        self._check_backflush_lineage(vals_list)
        self._check_backflush_joining(vals_list)
