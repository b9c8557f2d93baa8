from odoo import models

from ...reporting.locks import lock_postings
from ..mrp_unbuild import Portion


class MrpUnbuild(models.Model):
    """What an unbuild order undoes of the postings of its order."""

    _inherit = "mrp.unbuild"

    def _lock_backflush_postings(self, *entries):
        """Wait for postings of what is taken apart, as they wait for each other.

        :param entries: each ``model.method`` that a request can begin with
        """
        products = self.mo_id.filtered("backflush")._get_backflush_products()
        for unbuild in self.filtered(lambda u: not u.mo_id and u.bom_id.backflush):
            lines = unbuild.bom_id.explode(unbuild.product_id, 1.0)[1]
            products |= unbuild.product_id | unbuild.bom_id.byproduct_ids.product_id
            products = products.union(*(line.product_id for line, _vals in lines))
        lock_postings(self.env, entries, products)

    def _get_backflush_made(self):
        """The moves of the product that the order's postings made."""
        return self.mo_id._get_backflush_main_moves().filtered(
            lambda move: move.state == "done" and move.backflush_id
        )

    def _get_backflush_portions(self):
        """What is unbuilt of each posting of the order: the first one first.

        :return: ``{posting: Portion}``, empty where Odoo's own way is to be taken
        """
        self.ensure_one()
        if not self.mo_id.backflush:
            return {}
        moves = self._get_backflush_made().sorted("id")
        if self.lot_id:
            last = moves.filtered(lambda move: self.lot_id in move.lot_ids)[-1:]
        else:
            last = moves[-1:]
        left = self.product_uom_id._compute_quantity(
            self.product_qty, self.product_id.uom_id, round=False
        )
        portions = {}
        for move in moves if last else ():
            free = self._get_backflush_quantity(move.move_line_ids)
            free -= self._get_backflush_quantity(move._get_backflush_unbuilt_lines())
            # Whatever exceeds what was made is left to the last posting.
            quantity = left if move == last else max(0.0, min(left, free))
            left -= quantity
            portions[move.backflush_id] = Portion(
                sum(move._get_backflush_unbuilt_lines().mapped("quantity_product_uom")),
                quantity,
                sum(move.move_line_ids.mapped("quantity_product_uom")),
            )
        return portions

    def _get_backflush_quantity(self, lines):
        """What these lines moved of the lot that is unbuilt, in the product's unit."""
        if self.lot_id:
            lines = lines.filtered(lambda line: line.lot_id == self.lot_id)
        return sum(lines.mapped("quantity_product_uom"))

    def _generate_backflush_moves(self, name):
        """Undo moves of orders that have postings, posting after posting.

        :param name: of the field of the orders that has the moves
        :return: ``(unbuild orders that are left to Odoo, moves of the others)``
        """
        others, moves = self, self.env["stock.move"]
        for unbuild in self:
            portions = unbuild._get_backflush_portions()
            if not portions:
                continue
            others -= unbuild
            done = unbuild.mo_id[name].filtered(lambda move: move.state == "done")
            for move, factor in unbuild._get_backflush_factors(done, portions):
                is_component = bool(move.raw_material_production_id)
                moves += unbuild._generate_move_from_existing_move(
                    move,
                    factor,
                    move.location_dest_id if is_component else unbuild.location_id,
                    unbuild.location_dest_id if is_component else move.location_id,
                )
        return others, moves

    def _get_backflush_factors(self, moves, portions):
        """How much of each of these moves is undone: of the product, what is unbuilt.

        :return: list of ``(move, share of its quantity)``
        """
        made = moves & self._get_backflush_made()
        return [
            (move, portion.quantity / portion.made)
            for move in made
            if (portion := portions.get(move.backflush_id)) and portion.quantity
        ] + (moves - made)._get_backflush_unbuild_factors(portions)

    def _assign_backflush_lines(self, moves):
        """Give back the very lots that were taken, but those given back before.

        Odoo looks for them among all the lines of a product, from the first one on.

        :param moves: of this unbuild order
        """
        for move in moves:
            origin = move.origin_returned_move_id
            if move.product_id == self.product_id or not origin:
                continue
            move.move_line_ids.unlink()
            for line, quantity in move._get_backflush_unbuild_takes():
                vals = self._prepare_move_line_vals(move, line, quantity)
                vals.update(
                    product_uom_id=move.product_id.uom_id.id,
                    owner_id=line.owner_id.id,
                    picked=True,
                )
                move.move_line_ids.create(vals)._apply_putaway_strategy()
