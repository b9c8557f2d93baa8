from odoo import models
from odoo.fields import Domain


class MrpProduction(models.Model):
    """What a scanned code means."""

    _inherit = "mrp.production"

    def _find_backflush_scanned(self, text, station):
        """Find the orders that a code means.

        :param text: that was scanned
        :param station: domain of what can be reported there
        :return: ``(kind, orders)``
        """
        if not text:
            return "none", self.browse()
        meanings = self._get_backflush_scan_domains(text)
        for allowed in (station, self._get_backflush_station_domain(0, 0)):
            for kind, domain in meanings:
                orders = self.search(
                    allowed & domain, limit=60, order="priority desc, date_start, id"
                )
                if orders:
                    return kind, orders
        return "none", self.browse()

    def _get_backflush_scan_domains(self, text):
        """What a code can mean, the most exact first: ``[(kind, domain)]``."""
        lots = self.env["stock.lot"].search([("name", "=", text)])
        return [
            ("order", Domain("name", "=", text)),
            (
                "product",
                Domain("product_id.barcode", "=", text)
                | Domain("product_id.default_code", "=", text),
            ),
            ("lot", Domain("lot_producing_ids", "in", lots.ids)),
            (
                "lot",
                Domain("product_id", "in", lots.product_id.ids)
                | Domain("move_raw_ids.product_id", "in", lots.product_id.ids),
            ),
        ]

    def _find_backflush_lot(self, name):
        """See ``backflush_terminal_lot``."""
        moves = self.move_raw_ids.filtered(
            lambda move: (
                move.has_tracking != "none" and move.state not in ("done", "cancel")
            )
        )
        lots = self.env["stock.lot"].search(
            [
                ("name", "=", name),
                ("product_id", "in", (moves.product_id | self.product_id).ids),
                ("company_id", "in", (False, self.company_id.id)),
            ]
        )
        found = {}
        for move in moves:
            lot = lots.filtered(lambda it, m=move: it.product_id == m.product_id)[:1]
            if lot and move.product_id.id not in found:
                found[move.product_id.id] = {
                    "product_id": move.product_id.id,
                    "product": move.product_id.display_name,
                    "uom": move.product_uom.name,
                    "free": move._get_backflush_free_of(lot),
                }
        return {
            "finished": self.product_id in lots.product_id,
            "components": list(found.values()),
        }
