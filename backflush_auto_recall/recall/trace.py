"""What is read of stock to follow lots, in sets of them."""

from collections import defaultdict

from odoo.tools import SQL, groupby

from .certainty import ASSUMED, CERTAIN, POSSIBLE, follow, weaker
from .history import find_segment, find_stays, merge, widen
from .queries import CERTAIN_MOVES, FLOW, IS_KEPT, IS_SURE


class Trace:
    """Follows lots through the manufacturing orders of the environment's companies.

    :param env: environment
    """

    def __init__(self, env):
        self.env = env
        self.companies = tuple(env.companies.ids)
        # {(order id, lot id or None where its product has none): certainty}
        self.orders = {}
        self._events = {}
        for name in ("stock.move.line", "stock.move", "stock.location"):
            env[name].flush_model()

    def find_made_of(self, lots):
        """What was made of lots, and of that in turn.

        :param lots: ``stock.lot`` recordset
        :return: ``{lot id: certainty}``, the lots themselves included
        """
        return follow(lots.ids, self._find_next)

    def find_contents(self, lots):
        """What lots were made of, and that in turn.

        :param lots: ``stock.lot`` recordset
        :return: ``{lot id: certainty}``, the lots themselves included
        """
        return follow(lots.ids, self._find_previous)

    # --- From a component on ---

    def _find_next(self, lots, certainty):
        for order, lot, is_sure in self._read_consumed(lots):
            link = weaker(certainty, CERTAIN if is_sure else ASSUMED)
            yield from self._note(order, lot, link)
        for order, lot in self._read_maybe_consumed(self._find_ranges(lots)):
            yield from self._note(order, lot, POSSIBLE)

    def _note(self, order, lot, certainty):
        """Remember an order, and go on with the lot it made."""
        known = self.orders.get((order, lot), POSSIBLE)
        if (order, lot) not in self.orders or weaker(known, certainty) == known:
            self.orders[order, lot] = certainty
        if lot:
            yield lot, certainty

    def _read_consumed(self, lots):
        return self.env.execute_query(
            SQL(
                """
                SELECT move.raw_material_production_id, made.lot_id,
                       BOOL_OR(%(is_sure)s)
                  FROM stock_move_line AS line
                  JOIN stock_move AS move ON move.id = line.move_id
                  LEFT JOIN stock_move_line_consume_rel AS link
                    ON link.produce_line_id = line.id
                  LEFT JOIN stock_move_line AS made
                    ON made.id = link.consume_line_id AND made.state = 'done'
                 WHERE line.lot_id IN %(lots)s
                   AND line.state = 'done'
                   AND line.company_id IN %(companies)s
                   AND move.raw_material_production_id IS NOT NULL
                   AND %(is_kept)s
                 GROUP BY move.raw_material_production_id, made.lot_id
                """,
                is_sure=IS_SURE,
                is_kept=IS_KEPT,
                lots=tuple(lots),
                companies=self.companies,
            )
        )

    def _find_ranges(self, lots):
        """The places and times in which what was consumed may have been these lots.

        :return: list of ``(product id, location id, after, until)``
        """
        rows = self._read_balances(lots)
        used = self._filter_consumed({row[0] for row in rows})
        stays = {
            key: find_stays(row[3:] for row in balances)
            for key, balances in groupby(rows, key=lambda row: row[:3])
            if key[0] in used
        }
        self._read_events({key[:2] for key in stays})
        ranges = defaultdict(list)
        for (product, place, _lot), found in stays.items():
            events = self._events[product, place]
            ranges[product, place] += [widen(stay, events) for stay in found]
        return [
            (*place, *bounds)
            for place, found in ranges.items()
            for bounds in merge(found)
        ]

    def _filter_consumed(self, products):
        """The products that were ever consumed: the others need not be looked into."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id
                  FROM product_product AS product
                 WHERE product.id IN %s
                   AND EXISTS (
                       SELECT 1
                         FROM stock_move AS move
                        WHERE move.product_id = product.id
                          AND move.raw_material_production_id IS NOT NULL
                          AND move.state = 'done'
                   )
                """,
                tuple(products) or (0,),
            )
        )
        return {product for (product,) in rows}

    def _read_balances(self, lots):
        """How much of lots lay where, from each of their moves on."""
        moved = SQL(
            """
            SELECT lot_id, product_id, location_dest_id AS location_id, date,
                   quantity_product_uom AS quantity, TRUE AS came
              FROM stock_move_line
             WHERE lot_id IN %(lots)s AND state = 'done'
             UNION ALL
            SELECT lot_id, product_id, location_id, date, -quantity_product_uom, FALSE
              FROM stock_move_line
             WHERE lot_id IN %(lots)s AND state = 'done'
            """,
            lots=tuple(lots),
        )
        return self.env.execute_query(
            SQL(
                """
                SELECT flow.product_id, flow.location_id, flow.lot_id, flow.date,
                       ROUND(
                           SUM(SUM(flow.quantity)) OVER (
                               PARTITION BY flow.lot_id, flow.location_id
                               ORDER BY flow.date
                           )::numeric, 6
                       ),
                       BOOL_OR(flow.came)
                  FROM (%(moved)s) AS flow
                  JOIN stock_location AS location ON location.id = flow.location_id
                 WHERE location.usage IN ('internal', 'transit')
                   AND COALESCE(location.company_id, %(company)s) IN %(companies)s
                 GROUP BY flow.product_id, flow.location_id, flow.lot_id, flow.date
                 ORDER BY flow.product_id, flow.location_id, flow.lot_id, flow.date
                """,
                moved=moved,
                company=self.companies[0],
                companies=self.companies,
            )
        )

    def _read_maybe_consumed(self, ranges):
        if not ranges:
            return []
        return self.env.execute_query(
            SQL(
                """
                WITH range (product_id, location_id, after, until) AS (
                    VALUES %(ranges)s
                )
                SELECT DISTINCT move.raw_material_production_id, made.lot_id
                  FROM range
                  JOIN stock_move_line AS line
                    ON line.product_id = range.product_id
                   AND line.location_id = range.location_id
                   AND line.date > COALESCE(range.after, '-infinity')
                   AND line.date <= COALESCE(range.until, 'infinity')
                  JOIN stock_move AS move ON move.id = line.move_id
                  LEFT JOIN stock_move_line_consume_rel AS link
                    ON link.produce_line_id = line.id
                  LEFT JOIN stock_move_line AS made
                    ON made.id = link.consume_line_id AND made.state = 'done'
                 WHERE line.state = 'done'
                   AND line.company_id IN %(companies)s
                   AND move.raw_material_production_id IS NOT NULL
                   AND NOT %(is_sure)s
                   AND %(is_kept)s
                """,
                ranges=_list(ranges, "(%s, %s, %s::timestamp, %s::timestamp)"),
                is_sure=IS_SURE,
                is_kept=IS_KEPT,
                companies=self.companies,
            )
        )

    # --- From a finished lot back ---

    def _find_previous(self, lots, certainty):
        rows = self._read_contents(lots)
        self._read_events({(product, place) for _lot, _sure, product, place, _ in rows})
        segments = set()
        for lot, is_sure, product, place, date in rows:
            if lot:
                yield lot, weaker(certainty, CERTAIN if is_sure else ASSUMED)
            if not is_sure:
                segment = find_segment(date, self._events[product, place])
                segments.add((product, place, *segment))
        for lot in self._read_lots_in(segments):
            yield lot, POSSIBLE

    def _read_contents(self, lots):
        return self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT line.lot_id, %(is_sure)s, line.product_id,
                       line.location_id, line.date
                  FROM stock_move_line AS made
                  JOIN stock_move_line_consume_rel AS link
                    ON link.consume_line_id = made.id
                  JOIN stock_move_line AS line ON line.id = link.produce_line_id
                  JOIN stock_move AS move ON move.id = line.move_id
                  JOIN product_product AS product ON product.id = line.product_id
                  JOIN product_template AS template
                    ON template.id = product.product_tmpl_id
                 WHERE made.lot_id IN %(lots)s
                   AND made.state = 'done'
                   AND line.state = 'done'
                   AND line.company_id IN %(companies)s
                   AND move.raw_material_production_id IS NOT NULL
                   AND template.tracking != 'none'
                   AND %(is_kept)s
                """,
                is_sure=IS_SURE,
                is_kept=IS_KEPT,
                lots=tuple(lots),
                companies=self.companies,
            )
        )

    def _read_lots_in(self, segments):
        """The lots that lay in places at some time.

        :param segments: set of ``(product id, location id, after, until)``
        """
        if not segments:
            return []
        rows = self.env.execute_query(
            SQL(
                """
                WITH reach (number, product_id, location_id, after, until) AS (
                    VALUES %(segments)s
                ), flow AS (%(flow)s)
                SELECT flow.lot_id
                  FROM flow
                  JOIN reach ON reach.number = flow.number
                 WHERE flow.lot_id IS NOT NULL
                   AND flow.company_id IN %(companies)s
                   AND flow.date <= COALESCE(reach.until, 'infinity')
                 GROUP BY flow.lot_id, reach.number
                HAVING ROUND(
                           SUM(flow.quantity) FILTER (
                               WHERE flow.date <= COALESCE(reach.after, '-infinity')
                           )::numeric, 6
                       ) > 0
                    OR BOOL_OR(
                           flow.quantity > 0
                           AND flow.date > COALESCE(reach.after, '-infinity')
                       )
                """,
                segments=_list(
                    _number(segments), "(%s, %s, %s, %s::timestamp, %s::timestamp)"
                ),
                flow=FLOW,
                companies=self.companies,
            )
        )
        return [lot for (lot,) in rows]

    # --- What is certain ---

    def _read_events(self, places):
        """Read when it was certain what lies in places.

        A place was empty, lots were counted there, or one was named.

        :param places: set of ``(product id, location id)``
        """
        new = [place for place in places if place not in self._events]
        self._events |= {place: [] for place in new}
        if not new:
            return
        rows = self.env.execute_query(
            SQL(
                """
                WITH reach (number, product_id, location_id) AS (VALUES %(places)s),
                balance AS (
                    SELECT number, date,
                           SUM(SUM(quantity)) OVER (
                               PARTITION BY number ORDER BY date
                           ) AS quantity
                      FROM (%(flow)s) AS flow
                     GROUP BY number, date
                )
                SELECT number, date
                  FROM balance
                 WHERE ROUND(quantity::numeric, 6) <= 0
                 UNION %(counted)s
                 ORDER BY 1, 2
                """,
                places=_list(_number(new), "(%s, %s, %s)"),
                flow=FLOW,
                counted=CERTAIN_MOVES,
            )
        )
        for number, date in rows:
            self._events[new[number]].append(date)


def _number(keys):
    """Rows that begin with a number of their own."""
    return [(number, *key) for number, key in enumerate(keys)]


def _list(rows, pattern):
    """Rows of a ``VALUES`` list."""
    return SQL(", ").join(SQL(pattern, *row) for row in rows)
