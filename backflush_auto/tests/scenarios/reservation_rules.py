"""What was reserved stays with whom it was reserved for."""

from collections import defaultdict

from .checks import POSTING, SMALL, Checks

# Transfers of the same goods, which Odoo merges.
TIES = ("product_id", "location_id", "location_dest_id")


class ReservationRules(Checks):
    """Of reservations."""

    RULES = (
        "_others_keep_their_reservation",
        "_reservation_is_kept",
        "_own_reservation_suffices",
    )

    def _others_keep_their_reservation(self, event, before, after):
        if event.kind not in POSTING:
            return
        mine = self._get_family_moves(event, before)
        has = after.reserved_by_move()
        for move, quantity in before.reserved_by_move().items():
            if move in mine or self._is_scrapped(event, before.stock_move.get(move)):
                continue
            holds = has.get(move, 0)
            if move not in after.stock_move:
                # Odoo has merged two transfers of the same goods: the other holds all.
                quantity = self._get_reserved_like(before.stock_move[move], before)
                holds = self._get_reserved_like(before.stock_move[move], after)
            self._expect(
                "others keep their reservation",
                holds >= quantity - SMALL,
                "move %s held %s, now %s",
                *(move, quantity, holds),
            )

    def _get_reserved_like(self, row, snapshot):
        """What all moves of the same goods between the same places hold."""
        rows = snapshot.stock_move
        return sum(
            quantity
            for move, quantity in snapshot.reserved_by_move().items()
            if all(getattr(rows[move], name) == getattr(row, name) for name in TIES)
        )

    def _is_scrapped(self, event, row):
        """Whether goods were scrapped that a transfer holds: Odoo frees them."""
        return event.kind == "discard" and row and row.product_id == self.oracle.product

    def _reservation_is_kept(self, event, before, after):
        """What an order held and did not consume, it or those split from it hold."""
        if event.refused or event.idle or event.kind not in ("report", "split"):
            return
        order = event.orders[0]
        new = {
            number
            for number in after.mrp_production
            if number not in before.mrp_production
        }
        closed = after.mrp_production[order].state in ("done", "cancel")
        if event.kind == "report" and closed and not new:
            return
        family = self._get_family_orders(event)
        had, has = (self._reserved_of(family, each) for each in (before, after))
        needs, used = defaultdict(float), defaultdict(float)
        for number, move in after.stock_move.items():
            if move.raw_material_production_id not in family:
                continue
            for key in self._get_keys(move):
                if move.state not in ("done", "cancel"):
                    needs[key] += move.product_uom_qty * self._unit(move)
                elif move.state == "done" and not self._was_done(number, before):
                    used[key] += move.quantity * self._unit(move)
        lost = {
            key
            for key, quantity in had.items()
            if has[key] < min(quantity - used[key], needs[key]) - SMALL
        }
        # Of what others have taken below zero, nothing can be reserved anew.
        owed = {
            key[0]
            for key, (quantity, reserved) in before.holdings().items()
            if reserved > quantity + SMALL
        }
        for product, line in lost:
            is_lost = line and (product, None) in lost and product not in owed
            self._expect(
                "the reservation is kept",
                product in event.released or not is_lost,
                "%s: held %s, consumed %s, needs %s, holds %s",
                self._slot(line),
                *(each[product, line] for each in (had, used, needs, has)),
            )

    def _get_keys(self, move):
        """One line of the recipe may take what another of the same product holds."""
        return (move.product_id, move.bom_line_id), (move.product_id, None)

    def _reserved_of(self, orders, snapshot):
        totals = defaultdict(float)
        for move, quantity in snapshot.reserved_by_move().items():
            row = snapshot.stock_move.get(move)
            if row and row.product_id not in self.storable:
                continue
            if row and row.raw_material_production_id in orders:
                for key in self._get_keys(row):
                    totals[key] += quantity
        return totals

    def _own_reservation_suffices(self, event, before, after):
        """A shortage is real: neither free in stock nor held by the order itself."""
        for error in self._get_shortages(event):
            for values in error:
                product = values["product_id"]
                if product in self.tracked or len(event.orders) != 1:
                    continue
                if self._is_shared_and_spoilt(event, product, before):
                    continue
                free = self._free(event, product, values["location"], before)
                self._expect(
                    "a shortage is real",
                    values["needed"] > free + SMALL,
                    "%s: %s needed, %s are free",
                    *(values["product"], values["needed"], free),
                )

    def _is_shared_and_spoilt(self, event, product, before):
        """Whether what was spoilt stands on several lines of what a backorder shares.

        The backorder has its share of each line before anything is spoilt.
        """
        rows = [
            row
            for row in before.stock_move.values()
            if row.raw_material_production_id in event.orders
            and row.product_id == product
            and row.state not in ("done", "cancel")
        ]
        is_spoilt = event.kind in ("scrap", "fail") and event.remainder == "backorder"
        return is_spoilt and len(rows) > 1

    def _get_shortages(self, event):
        details = getattr(event.refused, "backflush_details", {})
        if getattr(event.refused, "backflush_kind", "") == "shortage":
            yield details.get("components", ())
        for result in event.results:
            if not result.get("ok", True) and result["error"]["type"] == "shortage":
                yield result["error"]["components"]

    def _free(self, event, product, location, before):
        """In stock, less what others reserved."""
        place = self.world.setup["stock.location"].search(
            [("complete_name", "=", location)], limit=1
        )
        below = set(place.search([("id", "child_of", place.id)]).ids)
        mine = {*event.orders}
        free = sum(
            quantity
            for key, (quantity, _reserved) in before.holdings().items()
            if key[0] == product and key[1] in below
        )
        for line in before.reserved_lines():
            if line.product_id != product or line.location_id not in below:
                continue
            move = before.stock_move.get(line.move_id)
            # What a person has entered is not for what leaves before it.
            is_kept = line.picked and event.kind in ("operation", "work")
            if move and move.raw_material_production_id in mine and not is_kept:
                continue
            free -= line.quantity_product_uom
        return free
