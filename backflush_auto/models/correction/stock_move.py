from collections import defaultdict

from odoo import models


class StockMove(models.Model):
    """What corrections took back of what a posting moved."""

    _inherit = "stock.move"

    def _is_backflush_return(self):
        """Whether a correction brought this component back."""
        self.ensure_one()
        return bool(
            self.backflush_id
            and not self.raw_material_production_id
            and not self.production_id
            and self.location_id.usage == "production"
        )

    def _is_backflush_kept_in_stock(self):
        """Whether stock says how much there is where this move brought it."""
        self.ensure_one()
        places = self.move_line_ids.location_dest_id
        return self.product_id.is_storable and not any(
            place.should_bypass_reservation() for place in places
        )

    def _is_backflush_started(self):
        """Whether some of these parts left stock, and not all of it came back."""
        left = self.filtered(lambda move: move.state == "done" and move.backflush_id)
        return any(posting.state != "reversed" for posting in left.sudo().backflush_id)

    def _get_backflush_returns(self):
        """The moves by which corrections brought these components back."""
        if not any(self.raw_material_production_id.mapped("backflush_corrected")):
            return self.browse()
        return self.returned_move_ids.filtered(
            lambda move: move.state == "done" and move._is_backflush_return()
        )

    def _get_backflush_left_expected(self):
        """What the posting of this component expected, what came back left out.

        :return: quantity in the component's unit
        """
        self.ensure_one()
        returned = sum(self._get_backflush_returns().mapped("backflush_expected_qty"))
        return self.product_uom.round(self.backflush_expected_qty + returned)

    def _get_backflush_left_consumed(self):
        """What this component consumed, what corrections brought back left out.

        :return: quantity in the component's unit
        """
        moved = self._get_backflush_left_moved()
        return self.product_uom.round(moved + self.backflush_deferred_qty)

    def _get_backflush_left_moved(self):
        """What this move has moved, what corrections took back left out.

        :return: quantity in the move's unit
        """
        self.ensure_one()
        orders = self.raw_material_production_id | self.production_id
        if not any(orders.mapped("backflush_corrected")):
            return self.quantity
        returned = self.returned_move_ids.filtered(
            lambda move: move.state == "done" and move.backflush_id
        )
        return self.product_uom.round(self.quantity - sum(returned.mapped("quantity")))

    def _get_backflush_left_lines(self, scrapped=False):
        """What is left of each line of a move that is done.

        Corrections and unbuild orders name the lot and the owner of what they undo;
        what lies in the place where a line has it from, or brought it to, is undone
        first, and of several lines the last.

        :param scrapped: leave out what was scrapped afterwards as well
        :return: list of ``(line, quantity in the product's unit)``, last line first
        """
        self.ensure_one()
        left = [[line, line.quantity_product_uom] for line in self.move_line_ids]
        left.reverse()
        undone = defaultdict(float)
        for line in self._get_backflush_unbuilt_lines():
            # A product is undone from where it is, a component to where it came from.
            place = line.location_id if self.production_id else line.location_dest_id
            undone[line.lot_id, line.owner_id, place] += line.quantity_product_uom
        for line in self.move_line_ids if scrapped else ():
            place = line._get_backflush_own_place()
            undone[line.lot_id, line.owner_id, place] += line.backflush_scrapped_qty
        for is_same_place in (True, False):
            for key, quantity in undone.items():
                for item in left:
                    if item[0]._is_backflush_undone_by(key, is_same_place):
                        taken = min(item[1], quantity)
                        item[1] -= taken
                        quantity -= taken
                undone[key] = quantity
        unit = self.product_id.uom_id
        return [(line, unit.round(rest)) for line, rest in left if rest > 0]

    def _get_backflush_left_lots(self):
        """The lots of these moves, what corrections took back left out.

        What was unbuilt was made all the same, and the order counts it.
        """
        orders = self.production_id | self.raw_material_production_id
        if not any(orders.mapped("backflush_corrected")):
            return self.lot_ids
        lots = self.env["stock.lot"]
        for move in self:
            left = defaultdict(float)
            for line in move.move_line_ids:
                left[line.lot_id] += line.quantity_product_uom
            undone = move._get_backflush_undone().filtered("backflush_id")
            for line in undone.move_line_ids:
                left[line.lot_id] -= line.quantity_product_uom
            unit = move.product_id.uom_id
            lots = lots.union(*(lot for lot in left if unit.compare(left[lot], 0) > 0))
        return lots

    def _get_backflush_yield_rest(self, planned):
        """What is still to come of a by-product; what was unbuilt was made as well.

        :param planned: for the whole order, in the move's unit
        """
        made = self._get_backflush_parts().filtered(lambda move: move.state == "done")
        left = sum(
            move.product_uom._compute_quantity(
                move._get_backflush_left_moved(), self.product_uom, round=False
            )
            for move in made
        )
        return planned - left

    def _reserve_backflush_returned(self, returns):
        """Reserve these components anew, where Odoo reserves them at confirmation.

        What other orders or transfers have brought for a component is still for it.

        :param returns: the moves that brought something back
        """
        for move in self.filtered("move_orig_ids"):
            parts = move._get_backflush_parts()
            move.move_orig_ids |= returns.filtered(
                lambda one, parts=parts: one.origin_returned_move_id in parts
            )
        self._recompute_state()
        self.filtered(lambda move: move._should_assign_at_confirm())._action_assign()

    def _prepare_backflush_return_vals(self, posting, quantity, expected, unbuild):
        """Values of the move that takes back what this one moved.

        :param posting: ``mrp.backflush``, the correction
        :param quantity: in this move's unit
        :param expected: of what comes back, in this move's unit; 0 of a product
        :param unbuild: ``mrp.unbuild`` of the correction, may be empty
        """
        self.ensure_one()
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": quantity,
            "product_uom": self.product_uom.id,
            "procure_method": "make_to_stock",
            "location_id": self.location_dest_id.id,
            "location_dest_id": self.location_id.id,
            "warehouse_id": self.location_id.warehouse_id.id,
            "unbuild_id": unbuild.id,
            "company_id": self.company_id.id,
            "origin": posting.name,
            "origin_returned_move_id": self.id,
            "backflush_id": posting.id,
            "backflush_expected_qty": -expected,
        }
