from odoo import models
from odoo.tools import SQL

from ..mrp_backflush_count import UNTRUE


class MrpBackflushCount(models.Model):
    """What lies between two counts of a component at a location."""

    _inherit = "mrp.backflush.count"

    def _follow_interval(self):
        """Work out what postings expected, and others adjusted, since the last one."""
        self._forget_interval()
        self.flush_recordset()
        known = self.filtered("previous_id")
        for count in known:
            count.adjusted_qty = count._get_adjusted()
        if known:
            known._insert_lines()
            known._insert_shares()

    def _forget_interval(self):
        self.line_ids.unlink()
        self.share_ids.unlink()
        self.write({"expected_qty": 0.0, "adjusted_qty": 0.0})

    def _get_adjusted(self):
        """What adjustments other than this count took off the record."""
        self.ensure_one()
        place = self.product_id, self.location_id
        lines = self._find_adjustments(*place, self.previous_id._mark(), self._mark())
        taken = 0.0
        for line in lines.filtered(lambda it: it.move_id not in self.move_ids):
            leaves = line.location_id == self.location_id
            taken += line.quantity_product_uom * (1 if leaves else -1)
        return taken

    def _mark(self):
        return {"posting_mark": self.posting_mark, "move_mark": self.move_mark}

    def _select_expected(self):
        """SQL of what each posting in between expected, by BoM line, at the location.

        A component that was taken from several locations was expected of each in
        proportion to what each gave.
        """
        return SQL(
            """
            SELECT count.id AS count_id, count.company_id, posting.id AS backflush_id,
                   COALESCE(move.bom_line_id, origin.bom_line_id) AS bom_line_id,
                   MIN(COALESCE(own.workcenter_id, called.workcenter_id))
                       AS workcenter_id,
                   SUM(given.part * CASE WHEN source.usage = 'production'
                       THEN -ABS(expected.quantity) ELSE expected.quantity END
                   ) AS quantity
              FROM mrp_backflush_count AS count
              JOIN mrp_backflush_count AS previous ON previous.id = count.previous_id
              JOIN stock_move AS move
                ON move.product_id = count.product_id AND move.backflush_id IS NOT NULL
               AND move.company_id = count.company_id
              JOIN mrp_backflush AS posting ON posting.id = move.backflush_id
               AND (posting.date, posting.id) > (previous.date, previous.posting_mark)
               AND (posting.date, posting.id) <= (count.date, count.posting_mark)
              JOIN stock_location AS source ON source.id = move.location_id
         LEFT JOIN stock_move AS origin ON origin.id = move.origin_returned_move_id
         LEFT JOIN mrp_workorder AS own ON own.id = move.workorder_id
         LEFT JOIN mrp_workorder AS called ON called.id = posting.workorder_id
              JOIN product_product AS product ON product.id = move.product_id
              JOIN product_template AS template
                ON template.id = product.product_tmpl_id
              JOIN uom_uom AS move_uom ON move_uom.id = move.product_uom
              JOIN uom_uom AS own_uom ON own_uom.id = template.uom_id,
           LATERAL (SELECT COALESCE(move.backflush_expected_qty, 0)
                           * move_uom.factor / own_uom.factor AS quantity) AS expected,
           LATERAL (SELECT COALESCE(
                SUM(line.quantity_product_uom) FILTER (WHERE count.location_id
                    IN (line.location_id, line.location_dest_id))
                    / NULLIF(SUM(line.quantity_product_uom), 0),
                (count.location_id IN (move.location_id, move.location_dest_id))
                    ::integer, 0) AS part
                 FROM stock_move_line AS line WHERE line.move_id = move.id) AS given
             WHERE count.id IN %s
               AND (move.raw_material_production_id IS NOT NULL
                    OR move.production_id IS NULL AND source.usage = 'production')
          GROUP BY count.id, posting.id, COALESCE(move.bom_line_id, origin.bom_line_id)
            """,
            tuple(self.ids),
        )

    def _insert_lines(self):
        self.env.cr.execute(
            SQL(
                "INSERT INTO mrp_backflush_count_line"
                " (count_id, company_id, bom_line_id, expected_qty)"
                " SELECT count_id, company_id, bom_line_id, SUM(quantity)"
                " FROM (%s) AS expected GROUP BY count_id, company_id, bom_line_id"
                " HAVING SUM(quantity) <> 0",
                self._select_expected(),
            )
        )
        self.invalidate_recordset(["line_ids"])
        for count in self:
            count.expected_qty = sum(count.line_ids.mapped("expected_qty"))

    def _insert_shares(self):
        """Spread the difference over the postings, in proportion to what they expected.

        Where nothing was expected on the whole there is nothing to spread it over.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "INSERT INTO mrp_backflush_count_share"
                " (count_id, company_id, backflush_id, quantity, expected_qty,"
                "  workcenter_id)"
                " SELECT count_id, company_id, backflush_id, drift * own / whole, own,"
                "  workcenter_id FROM ("
                "  SELECT part.count_id, part.company_id, part.backflush_id,"
                "   MIN(part.workcenter_id) AS workcenter_id,"
                "   SUM(part.quantity) AS own,"
                "   SUM(SUM(part.quantity)) OVER (PARTITION BY part.count_id) AS whole,"
                "   MIN(count.difference_qty + count.adjusted_qty) AS drift"
                "  FROM (%s) AS part"
                "  JOIN mrp_backflush_count AS count ON count.id = part.count_id"
                "  GROUP BY part.count_id, part.company_id, part.backflush_id"
                " ) AS spread WHERE whole > 0 AND own <> 0 AND drift <> 0",
                self._select_expected(),
            )
        )
        self.invalidate_recordset(["share_ids"])

    def _revert(self):
        """Set these counts aside; the next one is compared with the one before them."""
        self.write({"set_aside": "reverted", "cause": False, "explained_qty": 0.0})
        followers = self.search([("previous_id", "in", self.ids)])
        for count in followers - self:
            previous = count.previous_id
            while previous in self or previous.set_aside in UNTRUE:
                previous = previous.previous_id
            count.previous_id = previous
            if not previous and not count.set_aside:
                count.set_aside = "first"
        if followers - self:
            (followers - self)._follow_interval()
            (followers - self)._explain()
