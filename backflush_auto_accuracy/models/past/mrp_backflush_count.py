from odoo import Command, api, models
from odoo.tools import SQL

from ..count.mrp_backflush_count import SESSION


class MrpBackflushCount(models.Model):
    """Counts from before the addon was there."""

    _inherit = "mrp.backflush.count"

    @api.model
    def _record_past(self):
        """Record the inventories that Odoo has of components, as far as they say.

        What stock held before each is worked out backwards from what it holds now.
        Lots and packages may have been counted in part: nothing is concluded from what
        has these.
        """
        recorded = self.browse()
        rows = self.env.execute_query_dict(self._select_past())
        by_place = {}
        for row in rows:
            by_place.setdefault((row["product_id"], row["location_id"]), []).append(row)
        for place in by_place.values():
            recorded |= self._record_past_place(_drop_reverted(place))
        recorded._follow_interval()
        recorded._explain_past()

    def _explain_past(self):
        """Find the causes of these differences, one look at the stock after another."""
        left = self.sorted("date")
        while left:
            session = left.filtered(
                lambda count, begun=left[0].date: count.date <= begun + SESSION
            )
            session._explain()
            left -= session

    @api.model
    def _select_past(self):
        """SQL of the inventories of each component at each location, the oldest first.

        ``later`` is what moved from an inventory on, itself included; ``posted`` the
        last posting before it, ``used`` the last that took the component there.
        """
        for name in ("stock.move", "stock.move.line", "stock.quant", "mrp.backflush"):
            self.env[name].flush_model()
        return SQL(
            """
            WITH counted AS (
                SELECT flow.*,
                       SUM(net) OVER (PARTITION BY product_id, location_id
                           ORDER BY date DESC, id DESC) AS later,
                       MAX(backflush_id) OVER (PARTITION BY product_id, location_id
                           ORDER BY date, id) AS used
                  FROM (%s) AS flow
            )
            SELECT counted.*, COALESCE((
                       SELECT SUM(quant.quantity) FROM stock_quant AS quant
                        WHERE quant.product_id = counted.product_id
                          AND quant.location_id = counted.location_id), 0) AS now,
                   COALESCE((SELECT MAX(posting.id) FROM mrp_backflush AS posting
                        WHERE posting.date <= counted.date), 0) AS posted
              FROM counted WHERE is_inventory
          ORDER BY product_id, location_id, date, id
            """,
            self._select_flow(),
        )

    @api.model
    def _select_flow(self):
        """SQL of the moves of each component at each location that postings took it
        from."""
        return SQL(
            """
            SELECT taken.product_id, taken.location_id, move.id, move.date,
                   move.is_inventory, move.reference, move.inventory_name,
                   move.company_id, move.create_uid, move.backflush_id,
                   SUM(line.quantity_product_uom
                       * ((line.location_dest_id = taken.location_id)::integer
                        - (line.location_id = taken.location_id)::integer)) AS net,
                   BOOL_OR(line.lot_id IS NOT NULL OR line.package_id IS NOT NULL
                       OR line.owner_id IS NOT NULL) AS is_part
              FROM (SELECT DISTINCT line.product_id, line.location_id
                      FROM stock_move_line AS line
                      JOIN stock_move AS move ON move.id = line.move_id
                      JOIN stock_location AS place ON place.id = line.location_id
                     WHERE move.backflush_id IS NOT NULL AND line.state = 'done'
                       AND move.raw_material_production_id IS NOT NULL
                       AND place.usage = 'internal') AS taken
              JOIN stock_move_line AS line ON line.product_id = taken.product_id
               AND taken.location_id IN (line.location_id, line.location_dest_id)
               AND line.state = 'done'
              JOIN stock_move AS move ON move.id = line.move_id
          GROUP BY taken.product_id, taken.location_id, move.id
            """
        )

    @api.model
    def _record_past_place(self, rows):
        """Record the inventories of one component at one location."""
        counts, sessions = self.browse(), []
        for row in rows:
            if sessions and _is_one_session(sessions[-1][-1], row):
                sessions[-1].append(row)
            else:
                sessions.append([row])
        for session in sessions:
            vals = self._prepare_past_vals(session, counts[-1:])
            counts |= self.create(vals)
        return counts

    @api.model
    def _prepare_past_vals(self, rows, previous):
        first, last = rows[0], rows[-1]
        aside = "partial" if any(row["is_part"] for row in rows) else False
        known = previous.filtered(lambda count: count.set_aside != "partial")
        return {
            "product_id": first["product_id"],
            "location_id": first["location_id"],
            "company_id": last["company_id"],
            "user_id": last["create_uid"],
            "date": last["date"],
            "posting_mark": last["posted"],
            "move_mark": last["id"],
            "parts": [],
            "move_ids": [Command.set([row["id"] for row in rows])],
            "recorded_qty": first["now"] - first["later"],
            "counted_qty": last["now"] - last["later"] + last["net"],
            "previous_id": known.id or previous.previous_id.id,
            "set_aside": aside or (False if known or previous.previous_id else "first"),
        }


def _drop_reverted(rows):
    """Leave out the inventories that Odoo took back, and the taking back."""
    dropped = set()
    for number, row in enumerate(rows):
        name = row["inventory_name"] or ""
        for before in reversed(rows[:number]):
            if (
                before["id"] not in dropped
                and before["net"] == -row["net"]
                and name.startswith(f"{before['reference']} [")
            ):
                dropped |= {before["id"], row["id"]}
                break
    return [row for row in rows if row["id"] not in dropped]


def _is_one_session(before, row):
    """Whether nothing was consumed between two inventories of the same look."""
    return row["used"] == before["used"] and row["date"] - before["date"] <= SESSION
