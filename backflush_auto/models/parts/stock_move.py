from odoo import api, models

from ...context import get_private, with_private


class StockMove(models.Model):
    """The components of an order that stays open after a posting."""

    _inherit = "stock.move"

    def _filter_backflush_staying_open(self):
        """The moves of orders that the posting under way leaves open."""
        order_ids = get_private(self.env, "keep_open", ())
        return self.filtered(
            lambda move: (
                (move.raw_material_production_id or move.production_id).id in order_ids
            )
        )

    def _filter_backflush_main(self):
        """The moves of the product that an order makes, by-products left out."""
        return self.filtered(
            lambda move: (
                move.production_id and move.product_id == move.production_id.product_id
            )
        )

    def _filter_backflush_byproducts(self):
        """The moves of by-products of backflushed orders."""
        return self.filtered(lambda move: move.production_id.backflush) - (
            self._filter_backflush_main()
        )

    def _close_backflush_part(self):
        """Close components recorded as zero, which Odoo would leave open."""
        for move in self.filtered(lambda m: m.state not in ("done", "cancel")):
            keep = with_private(move, keep_ratio=True).with_context(no_procurement=True)
            keep.write({"state": "done", "product_uom_qty": 0.0})

    def _sort_backflush_to_post(self):
        """Components in the sequence of their orders, which what remains of them keeps.

        Odoo posts the components of orders as a set of ids.
        """
        if self != self._filter_backflush():
            return self
        listed = self._sort_backflush()
        return listed.sorted(lambda move: move.raw_material_production_id.id)

    def _filter_backflush_without_rest(self):
        """Of each component one move, where nothing of the component is open."""
        rests = self.raw_material_production_id.move_raw_ids._filter_backflush_open()
        opened = {move._get_backflush_origin() for move in rests}
        lacking = self.browse()
        for move in self:
            if move.backflush_ratio and move._get_backflush_origin() not in opened:
                lacking |= move
                opened.add(move._get_backflush_origin())
        return lacking

    def _open_backflush_rest(self):
        """Give each component a move for what remains, where Odoo's split left none."""
        lacking = self._filter_backflush_without_rest()
        self._open_backflush_rests(dict.fromkeys(lacking, 0.0))

    @api.model
    def _open_backflush_rests(self, quantities):
        """Give components and products a move for what is still to be posted of them.

        :param quantities: ``{move that is posted: quantity}``, in its unit
        """
        vals_list = []
        for move in self.browse().union(*quantities):
            vals = move._prepare_move_split_vals(quantities[move])
            # Odoo takes it from its work order.
            vals["workorder_id"] = move.workorder_id.id
            vals_list += move.copy_data(vals)
        rests = self.create(vals_list)
        rests._action_confirm(merge=False, create_proc=False)

    def _get_backflush_rest(self):
        """The move of this component that is still to be consumed."""
        self.ensure_one()
        return self._get_backflush_parts()._filter_backflush_open()[:1]

    def _get_backflush_parts(self):
        """The moves that together are this component, product or by-product."""
        self.ensure_one()
        if self.production_id:
            return self.production_id.move_finished_ids.filtered(
                lambda move: (
                    move.state != "cancel"
                    and move.product_id == self.product_id
                    and move.byproduct_id == self.byproduct_id
                )
            )
        origin = self._get_backflush_origin()
        return self.raw_material_production_id.move_raw_ids.filtered(
            lambda move: move._get_backflush_origin() == origin
        )
