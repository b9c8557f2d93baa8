from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

from ..finite import FiniteFloat
from ..texts import format_whole

# Orders that start within so many days are looked at.
DAYS_AHEAD = 7
# More sources than these are not named.
LISTED_SOURCES = 3


class MrpBackflushShort(models.TransientModel):
    """A component that is short for an order of this week, as stock is now."""

    _name = "mrp.backflush.short"
    _description = "Short Component"
    _order = "date_start, id"

    production_id = fields.Many2one(
        "mrp.production", "Manufacturing Order", readonly=True, ondelete="cascade"
    )
    date_start = fields.Datetime("Order Starts", readonly=True)
    product_id = fields.Many2one(
        "product.product", "Component", readonly=True, ondelete="cascade"
    )
    product_uom_id = fields.Many2one("uom.uom", "Unit", readonly=True)
    location_id = fields.Many2one("stock.location", "From", readonly=True)
    needed_qty = FiniteFloat(
        "Needed",
        digits="Product Unit",
        readonly=True,
        help="What the rest of the order consumes.",
    )
    short_qty = FiniteFloat(
        "Short",
        digits="Product Unit",
        readonly=True,
        help="What is missing once the orders that start earlier have taken theirs.",
    )
    cover = fields.Char(
        "What Would Cover It",
        readonly=True,
        help="What is on its way, is being made, or lies elsewhere.",
    )

    @api.model
    def action_open(self):
        """List what is short for the orders that start today and this week.

        :return: action of the list
        """
        lines = self.create(self._prepare_lines())
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_short_action"
        )
        action["domain"] = [("id", "in", lines.ids)]
        return action

    def action_open_order(self):
        """Open the order of this line."""
        return self.production_id._get_records_action()

    def action_open_component(self):
        """Open the component of this line."""
        return self.product_id._get_records_action()

    @api.model
    def _prepare_lines(self):
        vals_list = []
        for orders in self._find_orders().grouped("company_id").values():
            rest = {order: order._get_backflush_remaining() for order in orders}
            preview = orders._make_backflush_preview(rest)
            lacking = {m: sum(parts) for m, parts in preview.get_lacking().items()}
            short = {move: lack for move, lack in lacking.items() if lack > 0}
            covers = self._find_covers(short)
            vals_list += [
                {
                    "production_id": move.raw_material_production_id.id,
                    "date_start": move.raw_material_production_id.date_start,
                    "product_id": move.product_id.id,
                    "product_uom_id": move.product_uom.id,
                    "location_id": move.location_id.id,
                    "needed_qty": preview.expected[move],
                    "short_qty": lack,
                    "cover": covers[move],
                }
                for move, lack in short.items()
            ]
        return sorted(vals_list, key=lambda vals: vals["date_start"])

    @api.model
    def _find_orders(self):
        """The backflushed orders that start soon, or should have, the first first."""
        until = fields.Datetime.now() + timedelta(days=DAYS_AHEAD)
        return self.env["mrp.production"].search(
            [
                ("backflush", "=", True),
                ("state", "in", ("confirmed", "progress", "to_close")),
                ("date_start", "<", until),
                ("company_id", "in", self.env.companies.ids),
            ],
            order="date_start, id",
        )

    @api.model
    def _find_covers(self, short):
        """What would cover each short component: what comes, and what lies elsewhere.

        :param short: ``stock.move`` of components
        :return: ``{move: text}``
        """
        moves = self.env["stock.move"].union(*short)
        warehouses = moves.location_id.warehouse_id.lot_stock_id
        incoming = moves.search(
            [
                ("product_id", "in", moves.product_id.ids),
                ("location_dest_id", "child_of", warehouses.ids),
                ("location_id.usage", "!=", "internal"),
                ("state", "not in", ("draft", "done", "cancel")),
            ],
            order="date, id",
        ).grouped("product_id")
        quants = (
            self.env["stock.quant"]
            .search(
                [
                    ("product_id", "in", moves.product_id.ids),
                    ("location_id.usage", "=", "internal"),
                    ("company_id", "in", moves.company_id.ids),
                ]
            )
            .grouped("product_id")
        )
        none = self.env["stock.quant"]
        return {
            move: "; ".join(
                [
                    *self._describe_incoming(incoming.get(move.product_id, moves[:0])),
                    *self._describe_elsewhere(move, quants.get(move.product_id, none)),
                ][:LISTED_SOURCES]
            )
            for move in moves
        }

    def _describe_incoming(self, moves):
        return [
            self.env._(
                "%(name)s: %(quantity)s on %(date)s",
                name=move.production_id.name or move.picking_id.name or move.origin,
                quantity=format_whole(self.env, move.product_qty),
                date=format_date(self.env, move.date),
            )
            for move in moves
        ]

    def _describe_elsewhere(self, component, quants):
        """What is free in other places than the component is taken from."""
        here = component.location_id.parent_path
        free = {}
        for quant in quants:
            if not quant.location_id.parent_path.startswith(here):
                quantity = quant.quantity - quant.reserved_quantity
                free[quant.location_id] = free.get(quant.location_id, 0.0) + quantity
        return [
            self.env._(
                "%(quantity)s in %(place)s",
                quantity=format_whole(self.env, quantity),
                place=place.display_name,
            )
            for place, quantity in free.items()
            if component.product_id.uom_id.compare(quantity, 0.0) > 0
        ]
