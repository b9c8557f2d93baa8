"""What is corrected comes back, and the rest is counted."""

from collections import defaultdict

from .checks import SMALL, Checks
from .family import exact


class CorrectionRules(Checks):
    """Of corrections."""

    RULES = (
        "_corrected_counts_what_is_left",
        "_postings_stay_as_they_were",
        "_all_that_is_reversed_comes_back",
    )

    def _corrected_counts_what_is_left(self, event, before, after):
        if event.kind != "correct" or event.refused:
            return
        [order] = event.orders
        [result] = event.results
        row = after.mrp_production[order]
        made = self.oracle.produced({order}, after)
        factor = self.oracle.factors[row.product_uom_id]
        self._expect(
            "an order counts what is left",
            abs(made - exact(result["production"]["qty_produced"]) * factor) < SMALL,
            "order %s: %s in stock, it says %s",
            *(order, float(made), result["production"]["qty_produced"]),
        )
        closing = self.oracle.closing(order, after)
        is_less = exact(row.product_qty) * factor - closing > made
        self._expect(
            "an order with a rest is open",
            not (is_less and row.state in ("done", "cancel")),
            "order %s made %s of %s and is %s",
            *(order, float(made / factor), row.product_qty, row.state),
        )
        # What is entered for the next report stays where what left early came down.
        posting = before.mrp_backflush[event.corrected]
        entered = posting.trigger != "completion" or not is_less
        self._expect(
            "produced is what is left",
            abs((row.qty_producing or 0.0) - float(made / factor)) < SMALL or entered,
            "order %s is producing %s, and made %s",
            *(order, row.qty_producing, float(made / factor)),
        )

    def _postings_stay_as_they_were(self, event, before, after):
        for number, row in before.mrp_backflush.items():
            now = after.mrp_backflush[number]
            same = (row.quantity, row.trigger, row.reference, row.production_id) == (
                *(now.quantity, now.trigger, now.reference, now.production_id),
            )
            self._expect("postings stay as they were", same, "%s, %s", row, now)
        for number, row in before.stock_move.items():
            now = after.stock_move.get(number)
            if row.state == "done" and row.backflush_id:
                same = now and (row.quantity, row.backflush_expected_qty) == (
                    *(now.quantity, now.backflush_expected_qty),
                )
                self._expect("what has moved stays as it was", same, "%s, %s", row, now)

    def _all_that_is_reversed_comes_back(self, event, before, after):
        if event.kind != "correct" or event.refused:
            return
        family = self.oracle.families.get(event.orders[0])
        if not family:
            return
        postings = {
            number: row
            for number, row in after.mrp_backflush.items()
            if row.production_id in family.orders
        }
        if any(
            row.trigger != "reversal" and row.state != "reversed"
            for row in postings.values()
        ):
            return
        net = defaultdict(float)
        for line in after.stock_move_line.values():
            move = after.stock_move.get(line.move_id)
            if line.state != "done" or not move or line.product_id not in self.storable:
                continue
            scrap = after.stock_scrap.get(move.scrap_id)
            if {move.backflush_id, scrap and scrap.backflush_id} & {*postings}:
                for sign, place in ((-1, line.location_id), (1, line.location_dest_id)):
                    key = line.product_id, place, line.lot_id, line.owner_id
                    net[key] += sign * line.quantity_product_uom
        for key, quantity in net.items():
            self._expect(
                "all that is reversed comes back",
                abs(quantity) < SMALL,
                "product %s, place %s, lot %s, owner %s: %s",
                *(*key, quantity),
            )
