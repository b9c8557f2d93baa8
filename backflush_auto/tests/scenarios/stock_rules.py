"""Stock is what its moves say, whatever was done."""

from collections import defaultdict

from .checks import POSTING, SMALL, Checks
from .family import exact


class StockRules(Checks):
    """Of quants, moves and their lines."""

    RULES = (
        "_stock_is_the_sum_of_moves",
        "_reserved_is_the_sum_of_lines",
        "_nothing_goes_negative",
        "_no_more_is_reserved_than_is_there",
        "_refused_changes_nothing",
        "_unbuilt_comes_back",
    )

    def _stock_is_the_sum_of_moves(self, event, before, after):
        held, moved = after.holdings(), after.moved()
        for key in {*held, *moved, *self.start}:
            if key[0] not in self.storable:
                continue
            is_there = held.get(key, (0, 0))[0]
            since = moved.get(key, 0) - self.moved_before.get(key, 0)
            should = self.start.get(key, (0, 0))[0] + since
            if abs(is_there - should) >= SMALL:
                self._expect(
                    "stock is the sum of moves",
                    False,
                    "%s holds %s, its moves say %s",
                    *(self._name(key), is_there, should),
                )

    def _read_reserved(self, snapshot):
        """What lines hold of each quant, and what their units cannot say of it.

        Odoo keeps hundredths of a dozen, and reserves whole pieces.

        :return: ``{key of the quant: [quantity, slack]}``
        """
        reserved = defaultdict(lambda: [0.0, SMALL])
        for line in snapshot.reserved_lines():
            if line.product_id in self.storable and line.location_id in self.kept:
                key = (
                    *(line.product_id, line.location_id, line.lot_id),
                    *(line.package_id, line.owner_id),
                )
                unit = self._unit(snapshot.stock_move[line.move_id])
                reserved[key][0] += line.quantity_product_uom
                reserved[key][1] += 0.005 * unit if unit > 1 else 0.0
        return reserved

    def _reserved_is_the_sum_of_lines(self, event, before, after):
        reserved = self._read_reserved(after)
        held = after.holdings()
        for key in {*held, *reserved}:
            has = held.get(key, (0, 0))[1]
            if abs(has - reserved[key][0]) >= reserved[key][1]:
                self._expect(
                    "reserved is the sum of lines",
                    False,
                    "%s has reserved %s, the lines %s",
                    *(self._name(key), has, reserved[key][0]),
                )

    def _nothing_goes_negative(self, event, before, after):
        if event.kind not in POSTING or self._is_off(event, before):
            return
        had = before.holdings()
        for key, (quantity, _reserved) in after.holdings().items():
            may = self.world.spec["shortage"] == "negative"
            may = may and key[0] not in self.tracked
            if key[1] in self.inside and quantity < -SMALL and not may:
                self._expect(
                    "nothing goes negative",
                    quantity >= had.get(key, (0, 0))[0] - SMALL,
                    "%s holds %s, before %s",
                    *(self._name(key), quantity, had.get(key)),
                )

    def _no_more_is_reserved_than_is_there(self, event, before, after):
        if event.kind not in POSTING or self._is_off(event, before):
            return
        if self.world.spec["shortage"] == "negative":
            return
        had, lines = before.holdings(), self._read_reserved(after)
        for key, (quantity, reserved) in after.holdings().items():
            was, held = had.get(key, (0, 0))
            slack = lines[key][1]
            if key[1] in self.inside and reserved > quantity + slack:
                self._expect(
                    "no more is reserved than is there",
                    reserved - quantity <= held - was + slack,
                    "%s holds %s, and has reserved %s; before %s and %s",
                    *(self._name(key), quantity, reserved, was, held),
                )

    def _refused_changes_nothing(self, event, before, after):
        if event.refused or event.idle:
            changes = before.changes(after)
            self._expect(
                "what is refused changes nothing", not changes, str(changes[:5])
            )

    def _unbuilt_comes_back(self, event, before, after):
        if event.kind != "unbuild" or event.refused:
            return
        [order] = event.orders
        unbuilds = {n for n, row in after.mrp_unbuild.items() if row.mo_id == order}
        # What a correction took back does not count as produced any more.
        unbuilt = sum(
            exact(after.mrp_unbuild[n].product_qty)
            for n in unbuilds
            if not after.mrp_unbuild[n].backflush_id
        )
        corrections = {
            number
            for number, row in after.mrp_backflush.items()
            if row.trigger == "reversal" and row.production_id == order
        }
        factor = self.oracle.factors[after.mrp_production[order].product_uom_id]
        if unbuilt * factor != self.oracle.produced({order}, after):
            return
        net = defaultdict(float)
        for line in after.stock_move_line.values():
            move = after.stock_move.get(line.move_id)
            if line.state != "done" or not move or line.product_id not in self.storable:
                continue
            mine = move.raw_material_production_id == order
            mine = mine or move.production_id == order
            mine = mine or move.backflush_id in corrections
            if move.scrap_id:
                continue
            if mine or {move.unbuild_id, move.consume_unbuild_id} & unbuilds:
                inside = (line.location_dest_id in self.kept) - (
                    line.location_id in self.kept
                )
                net[line.product_id, line.lot_id] += inside * line.quantity_product_uom
        for key, quantity in net.items():
            self._expect(
                "what is unbuilt comes back",
                abs(quantity) < SMALL,
                "product %s, lot %s: %s",
                *(*key, quantity),
            )
