from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.backflush_auto.technical import TechnicalMany2one

from ..recall.certainty import ASSUMED, CERTAIN, CERTAINTIES, POSSIBLE
from ..recall.trace import Trace


class MrpBackflushRecall(models.TransientModel):
    """Where lots went, or what they were made of, at the moment somebody asked."""

    _name = "mrp.backflush.recall"
    _description = "Recall"

    lot_ids = fields.Many2many("stock.lot", string="Lots and Serial Numbers")
    direction = fields.Selection(
        [("forward", "Where it went"), ("backward", "What it was made of")],
        required=True,
    )
    line_ids = fields.One2many("mrp.backflush.recall.line", "recall_id", "Lines")

    @api.model
    def _recall(self, lots, direction):
        """Follow lots, and show where they lead.

        :param lots: ``stock.lot`` recordset
        :param direction: ``forward`` or ``backward``
        :return: action of the list
        :raises UserError: where no lot is named
        """
        if not lots:
            raise UserError(self.env._("Choose a lot or serial number first."))
        lots.check_access("read")
        self.check_access("read")
        # What was found is nobody's to change.
        recall = self.sudo().create({"lot_ids": lots.ids, "direction": direction})
        recall = recall.with_env(self.env)
        recall._find_lines()
        return recall._get_action()

    def _get_action(self):
        names = ", ".join(self.lot_ids.mapped("display_name"))
        if self.direction == "forward":
            title = self.env._("Recall of %(lots)s", lots=names)
        else:
            title = self.env._("Contents of %(lots)s", lots=names)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto_recall.mrp_backflush_recall_line_action"
        )
        return {
            **action,
            "name": title,
            "display_name": title,
            "domain": [("recall_id", "=", self.id)],
            "context": {"recall_id": self.id},
        }

    def action_print(self):
        """Print all that was found."""
        return self.env.ref(
            "backflush_auto_recall.mrp_backflush_recall_report"
        ).report_action(self)

    # --- What is found ---

    def _find_lines(self):
        trace = Trace(self.env)
        if self.direction == "forward":
            found = trace.find_made_of(self.lot_ids)
            values = [
                *self._prepare_lots(found),
                *self._prepare_orders(trace.orders),
                *self._prepare_transfers(found, "customer"),
                *self._prepare_stock(found),
            ]
        else:
            found = trace.find_contents(self.lot_ids)
            values = [
                *self._prepare_lots(found),
                *self._prepare_transfers(found, "supplier"),
                *self._prepare_stock(found),
            ]
        values.sort(key=lambda vals: CERTAINTIES.index(vals["certainty"]))
        self.env["mrp.backflush.recall.line"].sudo().create(
            [{"recall_id": self.id, **vals} for vals in values]
        )

    def _prepare_lots(self, found):
        lots = self.env["stock.lot"].browse(found) - self.lot_ids
        return [
            {
                "kind": "lot",
                "certainty": found[lot.id],
                "lot_id": lot.id,
                "product_id": lot.product_id.id,
                "quantity": lot.product_qty,
            }
            for lot in lots
        ]

    def _prepare_orders(self, found):
        """Orders whose product has no lot, or is not made yet: there the trail ends."""
        certainties = {
            order: certainty for (order, lot), certainty in found.items() if not lot
        }
        orders = self.env["mrp.production"].browse(certainties)
        return [
            {
                "kind": "order",
                "certainty": certainties[order.id],
                "production_id": order.id,
                "product_id": order.product_id.id,
                "quantity": order.product_uom_id._compute_quantity(
                    order.qty_produced, order.product_id.uom_id
                ),
                "date": order.date_finished,
            }
            for order in orders.sorted("id")
        ]

    def _prepare_transfers(self, found, usage):
        """What of the lots went to customers, or came from suppliers, less returns."""
        rows = self._read_transfers(found, usage) if found else []
        kind, sign = ("delivery", 1) if usage == "customer" else ("receipt", -1)
        return [
            {
                "kind": kind,
                "certainty": found[lot],
                "lot_id": lot,
                "product_id": product,
                "picking_id": picking,
                "partner_id": partner,
                "date": date,
                "quantity": sign * quantity,
            }
            for lot, product, picking, partner, date, quantity in rows
        ]

    def _read_transfers(self, found, usage):
        return self.env.execute_query(
            SQL(
                """
                SELECT line.lot_id, line.product_id, line.picking_id,
                       picking.partner_id, MAX(line.date),
                       SUM(
                           CASE WHEN there.usage = %(usage)s THEN 1 ELSE -1 END
                           * line.quantity_product_uom
                       )
                  FROM stock_move_line AS line
                  JOIN stock_location AS here ON here.id = line.location_id
                  JOIN stock_location AS there ON there.id = line.location_dest_id
                  LEFT JOIN stock_picking AS picking ON picking.id = line.picking_id
                 WHERE line.lot_id IN %(lots)s
                   AND line.state = 'done'
                   AND line.company_id IN %(companies)s
                   AND (here.usage = %(usage)s) != (there.usage = %(usage)s)
                 GROUP BY line.lot_id, line.product_id, line.picking_id,
                       picking.partner_id
                 ORDER BY MAX(line.date), line.lot_id
                """,
                usage=usage,
                lots=tuple(found),
                companies=tuple(self.env.companies.ids),
            )
        )

    def _prepare_stock(self, found):
        quants = self.env["stock.quant"].search(
            [
                ("lot_id", "in", list(found)),
                ("location_id.usage", "in", ("internal", "transit")),
                ("quantity", ">", 0),
                ("company_id", "in", self.env.companies.ids),
            ]
        )
        return [
            {
                "kind": "stock",
                "certainty": found[quant.lot_id.id],
                "lot_id": quant.lot_id.id,
                "product_id": quant.product_id.id,
                "location_id": quant.location_id.id,
                "quant_id": quant.id,
                "quantity": quant.quantity,
            }
            for quant in quants
        ]


class MrpBackflushRecallLine(models.TransientModel):
    """One place to which a lot leads."""

    _name = "mrp.backflush.recall.line"
    _description = "Recall Line"
    _order = "id"
    _rec_name = "lot_id"

    recall_id = TechnicalMany2one("mrp.backflush.recall", required=True, index=True)
    kind = fields.Selection(
        [
            ("lot", "Lot or Serial Number"),
            ("order", "Manufacturing Order"),
            ("delivery", "Delivery"),
            ("receipt", "Receipt"),
            ("stock", "Stock on Hand"),
        ],
        required=True,
        help="Lot: contains it, or is contained. Manufacturing order: what it made has "
        "no lot, or is not finished. Delivery, receipt: to and from whom. Stock on "
        "hand: where it is now.",
    )
    certainty = fields.Selection(
        [(CERTAIN, "Certain"), (ASSUMED, "Assumed"), (POSSIBLE, "Possible")],
        required=True,
        help="Certain: at each step a person or a program named the lot. Assumed: at "
        "some step it was chosen by the removal strategy, or reserved, and nobody "
        "confirmed it. Possible: another lot is on record, and nobody confirmed it, "
        "while this one lay in the same place.",
    )
    lot_id = fields.Many2one("stock.lot", "Lot/Serial Number")
    product_id = fields.Many2one("product.product", required=True)
    quantity = fields.Float(
        digits="Product Unit",
        help="Lot: what is on hand of it. Delivery, receipt: less returns.",
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    production_id = fields.Many2one("mrp.production", "Manufacturing Order")
    picking_id = fields.Many2one("stock.picking", "Transfer")
    partner_id = fields.Many2one("res.partner", "Contact")
    location_id = fields.Many2one("stock.location")
    quant_id = TechnicalMany2one("stock.quant", "Quantity")
    date = fields.Datetime()

    def action_block(self):
        """Move the stock of these lines where nobody takes it from.

        :return: action of Odoo's own relocation
        :raises UserError: where none of them is stock
        """
        quants = self.quant_id.exists()
        if not quants:
            raise UserError(
                self.env._("Choose lines of stock on hand: only these can be moved.")
            )
        return quants.action_stock_quant_relocate()

    def action_print(self):
        """Print the whole recall: of these lines, or that of the list.

        :raises UserError: where it is gone, as it is kept for a time only
        """
        recall, shown = self.recall_id[:1], self.env.context.get("recall_id")
        if not recall and type(shown) is int:
            recall = recall.browse(shown).exists()
        if not recall:
            raise UserError(self.env._("Open the recall again: it is not kept."))
        recall.check_access("read")
        return recall.action_print()

    def action_open(self):
        """Open what the line is about.

        :return: action of its form
        """
        self.ensure_one()
        record = {
            "lot": self.lot_id,
            "order": self.production_id,
            "stock": self.lot_id,
        }.get(self.kind, self.picking_id or self.lot_id)
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "res_id": record.id,
            "views": [(False, "form")],
        }
