from odoo import api, models

from odoo.addons.backflush_auto.models.api.mrp_production import checked_call
from odoo.addons.backflush_auto.reporting.payload import Reader

# Orders that a terminal shows at once; the search finds the others.
SHOWN = 60
MOST_SHOWN = 200


class MrpProduction(models.Model):
    """What the terminal reads. It posts by the methods that programs have, too."""

    _inherit = "mrp.production"

    @api.model
    @api.readonly
    @checked_call
    def backflush_terminal_settings(self) -> dict:
        """Read what a terminal needs once.

        :return:
            - ``user_id``: who is logged in
            - ``workcenters``, ``picking_types``: ``[{id, name}]`` to be chosen from
            - ``reasons``: names of scrap reasons, in the language of the call
            - ``digits``: of quantities
        """
        types = self.env["stock.picking.type"].search(
            [
                ("code", "=", "mrp_operation"),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        centers = self.env["mrp.workcenter"]
        if self.env.user.has_group("mrp.group_mrp_routings"):
            centers = centers.search([("company_id", "in", self.env.companies.ids)])
        reasons = self.env["stock.scrap.reason.tag"].search([], limit=MOST_SHOWN)
        return {
            "user_id": self.env.uid,
            "workcenters": [{"id": it.id, "name": it.name} for it in centers],
            "picking_types": [{"id": it.id, "name": it.display_name} for it in types],
            "reasons": reasons.mapped("name"),
            "digits": self.env["decimal.precision"].precision_get("Product Unit"),
        }

    @api.model
    @api.readonly
    @checked_call
    def backflush_terminal_user(self) -> int:
        """Tell who is logged in: a report is not sent under the name of another.

        :return: database id of the user
        """
        return self.env.uid

    @api.model
    @api.readonly
    @checked_call
    def backflush_terminal_orders(
        self,
        workcenter_id: int = 0,
        picking_type_id: int = 0,
        search: str = "",
        limit: int = SHOWN,
    ) -> dict:
        """Read the backflushed orders that are due today, or that a search finds.

        :param workcenter_id: only orders with work to be done there; 0 = anywhere
        :param picking_type_id: only orders of this operation type; 0 = of any
        :param search: part of the name of an order, a product or a finished lot; what
            is due later is found, too
        :param limit: orders that are read, 200 at most
        :return:
            - ``orders``: a list of cards, the most urgent first

              - ``id``, ``name``, ``state``, ``state_name``
              - ``product_id``, ``product``, ``tracking``, ``uom``
              - ``quantity``, ``qty_produced``, ``qty_scrapped``, ``qty_remaining``: in
                the order's unit
              - ``due``: a date and time in UTC, or empty; ``late``
              - ``short``, ``availability``: of components
              - ``components``: those with lots or serial numbers, ``[{product_id,
                product, tracking, move_id}]``
              - ``damageable``: what may be reported as damaged, ``[{product_id,
                product, uom, tracking}]``
              - ``workorders``: ``[{id, name, workcenter_id, workcenter, state,
                state_name, working, last, qty_remaining}]``

            - ``more``: whether there are others
        :raises ValidationError: where a value is wrong
        """
        reader = Reader(self.env)
        station = self._get_backflush_station_domain(
            reader.read_id(workcenter_id, "workcenter_id"),
            reader.read_id(picking_type_id, "picking_type_id"),
        )
        limit = min(max(reader.read_id(limit, "limit"), 1), MOST_SHOWN)
        text = reader.read_text(search, "search")
        chosen = (
            self._get_backflush_search_domain(text)
            if text
            else self._get_backflush_due_domain()
        )
        orders = self.search(
            station & chosen, limit=limit + 1, order="priority desc, date_start, id"
        )
        return {
            "orders": orders[:limit]._get_backflush_cards(),
            "more": len(orders) > limit,
        }

    @api.model
    @api.readonly
    @checked_call
    def backflush_terminal_find(
        self, barcode: str, workcenter_id: int = 0, picking_type_id: int = 0
    ) -> dict:
        """Find the orders that a scanned code means: those of the station first.

        :param barcode: name of an order, barcode or internal reference of a product, or
            name of a lot or serial number
        :param workcenter_id: as in ``backflush_terminal_orders``
        :param picking_type_id: as in ``backflush_terminal_orders``
        :return: ``kind`` (``order``, ``product``, ``lot`` or ``none``) and ``orders``,
            as in ``backflush_terminal_orders``
        :raises ValidationError: where a value is wrong
        """
        reader = Reader(self.env)
        text = reader.read_text(barcode, "barcode")
        station = self._get_backflush_station_domain(
            reader.read_id(workcenter_id, "workcenter_id"),
            reader.read_id(picking_type_id, "picking_type_id"),
        )
        kind, orders = self._find_backflush_scanned(text, station)
        return {"kind": kind, "orders": orders._get_backflush_cards()}

    @api.readonly
    @checked_call
    def backflush_terminal_lot(self, name: str) -> dict:
        """Find out what a scanned lot or serial number is on this order.

        :param name: of the lot
        :return:
            - ``finished``: whether the finished product has this lot already
            - ``components``: those with it, ``[{product_id, product, uom, free}]``;
              ``free`` for this order, in the component's unit
        :raises ValidationError: where the name is no text
        """
        order = self._get_backflush_called()
        return order._find_backflush_lot(Reader(self.env).read_text(name, "name"))

    @api.model
    def _get_backflush_terminal_action(self, name, value):
        """Make the client action of the terminal of one station.

        :param name: ``workcenter_id`` or ``picking_type_id``
        :param value: its database id
        """
        action = self.env["ir.actions.client"]._for_xml_id(
            "backflush_auto_terminal.backflush_terminal_action"
        )
        return {**action, "params": {name: value}}
