"""The move lines that orders hold already, brought to what a posting takes of them."""

from collections import defaultdict

from ..context import with_private


class HeldLines:
    """The lines of the components of a posting, and of orders that can do without.

    :param damage: :class:`.Damage` of the posting, which takes its part of the lines
    """

    def __init__(self, env, damage):
        self.env = env
        self.damage = damage
        self.dropped = []
        # (component as it was planned, values of the line) of what is not taken
        self.released = []
        self.sources = defaultdict(list)
        # by line, what others take of it
        self.spared = defaultdict(float)
        self.brought = set()

    def spare(self, allocations):
        """Note what lines give up, before they are brought to what they take.

        :param allocations: list of :class:`.Allocation` of all that is taken
        """
        for take in (take for allocation in allocations for take in allocation.takes):
            if take.spared_by:
                self.spared[take.spared_by] += take.quantity

    def bring(self, allocation, stock):
        """Bring the lines of one component to what they take.

        :param allocation: :class:`.Allocation`
        :param stock: :class:`.Stock`, as the posting leaves it; changed in place
        """
        demand, takes = allocation.demand, allocation.takes
        move = demand.key
        quantities = {take.line_id: take.quantity for take in takes if take.line_id}
        origin = move._get_backflush_origin()
        for line in move.move_line_ids:
            self.brought.add(line.id)
            taken = quantities.get(line.id, 0.0) + self.damage.get_taken(line)
            taken += self.spared[line.id]
            vals = line._prepare_backflush_rest_vals(taken)
            if vals and not (demand.retains and not demand.recorded):
                vals = _leave(line, vals, stock)
            if vals:
                self.released.append((origin, vals))
            if line.id in quantities:
                line._set_backflush_quantity(quantities[line.id])
                if demand.tracked:
                    source = line._get_backflush_lot_source(demand.recorded)
                    self.sources[source].append(line.id)
            else:
                self.dropped.append(line.id)

    def give_up(self, idle):
        """Give up what other orders spare, and the lines that take nothing.

        :param idle: components of orders that close of which nobody said what they
            take: Odoo cancels them, with their lines
        """
        for line in idle.move_line_ids.filtered(lambda it: it.id not in self.brought):
            taken = self.damage.get_taken(line) + self.spared[line.id]
            if vals := line._prepare_backflush_rest_vals(taken):
                self.released.append((line.move_id._get_backflush_origin(), vals))
        lines = self.env["stock.move.line"].browse(self.spared.keys() - self.brought)
        for line in lines:
            left = line._prepare_backflush_claim().quantity - self.spared[line.id]
            line._set_backflush_quantity(left)
        moves = lines.move_id
        lines.filtered(lambda line: line.product_uom_id.is_zero(line.quantity)).unlink()
        moves._recompute_state()
        # in one call: each unlink invalidates the cache
        self.env["stock.move.line"].browse(self.dropped).unlink()

    def record_lot_sources(self):
        """Keep how sure the lots are that the orders held already."""
        lines = with_private(self.env["stock.move.line"].sudo(), record=True)
        for source, ids in self.sources.items():
            lines.browse(ids).backflush_lot_source = source

    def get_released(self, orders):
        """What orders of this posting had reserved and did not take.

        :return: see ``mrp.production._get_backflush_reservations``
        """
        released = defaultdict(list)
        for origin, vals in self.released:
            if origin.raw_material_production_id in orders:
                root = origin._get_backflush_root().id
                released[root].append((vals, vals["quantity"]))
        return released


def _leave(line, vals, stock):
    """What is left of what a line held, where others of the posting could take it.

    :param vals: of a line that holds it
    :return: the same for what is left; nothing where nothing is
    """
    place = line._prepare_backflush_claim().place
    quantity = min(vals["quantity"], stock.free[place])
    if stock.compare(quantity, 0) <= 0:
        return {}
    stock.add(place, -quantity)
    return dict(vals, quantity=quantity)
