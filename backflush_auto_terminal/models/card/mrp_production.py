from datetime import datetime, time, timedelta

import pytz

from odoo import fields, models
from odoo.fields import Domain

OPEN = ("confirmed", "progress", "to_close")
WORKING = ("blocked", "ready", "progress")


class MrpProduction(models.Model):
    """Orders as the terminal shows them."""

    _inherit = "mrp.production"

    def _get_backflush_station_domain(self, workcenter_id, picking_type_id):
        """What can be reported at a station; 0 where it is not limited by it."""
        domain = Domain([("backflush", "=", True), ("state", "in", OPEN)])
        if workcenter_id:
            work = [("workcenter_id", "=", workcenter_id), ("state", "in", WORKING)]
            domain &= Domain("workorder_ids", "any", work)
        if picking_type_id:
            domain &= Domain("picking_type_id", "=", picking_type_id)
        return domain

    def _get_backflush_due_domain(self):
        """What is to be started until the end of the user's day, or has been."""
        zone = self.env.tz
        tomorrow = datetime.now(zone).date() + timedelta(days=1)
        midnight = zone.localize(datetime.combine(tomorrow, time.min))
        end = midnight.astimezone(pytz.utc).replace(tzinfo=None)
        started = Domain("state", "in", ("progress", "to_close"))
        return started | Domain("date_start", "<", end)

    def _get_backflush_search_domain(self, text):
        return Domain.OR(
            Domain(name, "ilike", text)
            for name in ("name", "product_id", "lot_producing_ids.name", "origin")
        )

    def _get_backflush_cards(self):
        """These orders in plain values; see ``backflush_terminal_orders``."""
        now = fields.Datetime.now()
        states = dict(self._fields["state"]._description_selection(self.env))
        return [order._get_backflush_card(states, now) for order in self]

    def _get_backflush_card(self, states, now):
        due = self.date_deadline or self.date_finished
        open_work = self.workorder_ids.filtered(lambda it: it.state in WORKING)
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "state_name": states[self.state],
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "tracking": self.product_id.tracking,
            "uom": self.product_uom_id.name,
            "quantity": self.product_qty,
            "qty_produced": self.qty_produced,
            "qty_scrapped": self.backflush_scrapped_qty,
            "qty_remaining": self._get_backflush_remaining(),
            "due": fields.Datetime.to_string(due) if due else "",
            "late": bool(due and due < now),
            "short": self.components_availability_state in ("unavailable", "late"),
            "availability": self.components_availability or "",
            "components": self._get_backflush_tracked(),
            "damageable": self._get_backflush_damageable(),
            "workorders": [work._get_backflush_card(open_work) for work in open_work],
        }

    def _get_backflush_tracked(self):
        """Components whose lots or serial numbers can be scanned."""
        moves = self.move_raw_ids.filtered(
            lambda move: (
                move.has_tracking != "none" and move.state not in ("done", "cancel")
            )
        )
        return [
            {
                "product_id": move.product_id.id,
                "product": move.product_id.display_name,
                "tracking": move.has_tracking,
                "move_id": move.id,
            }
            for move in moves
        ]

    def _get_backflush_damageable(self):
        """What may be reported as damaged: components that are there, or have left."""
        moves = self.move_raw_ids.filtered(lambda move: move.state != "cancel")
        still_open = moves._filter_backflush_open()
        # Of several lines of one product the unit is that of the one it is taken from.
        units = {
            move.product_id: move.product_uom
            for move in (*reversed(moves - still_open), *reversed(still_open))
        }
        return [
            {
                "product_id": product.id,
                "product": product.display_name,
                "uom": units[product].name,
                "tracking": product.tracking,
            }
            for product in moves.product_id
        ]
