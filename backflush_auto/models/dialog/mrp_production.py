from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import float_round

from ...reporting.payload import Reader
from ...texts import format_whole


class MrpProduction(models.Model):
    """The dialog in which a person reports production."""

    _inherit = "mrp.production"

    def action_backflush_report(self):
        """Open the dialog "Report Production" for these orders.

        :raises UserError: where some of them cannot be reported on there
        """
        self._check_backflush_dialog()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "backflush_auto.mrp_backflush_report_action"
        )
        action["context"] = {
            "default_production_ids": [Command.set(self.ids)],
            "dialog_size": "extra-large",
        }
        return action

    def get_backflush_offers(self, product_ids):
        """What a person can do about components that are short. Read-only.

        :param product_ids: ids of the components
        :return: list of ``{"label", "action"}``, the best first
        :raises ValidationError: where the ids are none
        """
        ids = Reader(self.env).read_component_ids(product_ids, "product_ids")
        products = self.env["product.product"].browse(ids).exists()
        offers = [
            self._offer_backflush_covered(),
            self._offer_backflush_receipts(products),
            {
                "label": self.env._("Open Component")
                if len(products) == 1
                else self.env._("Open Components"),
                "action": products._get_records_action(name=self.env._("Components")),
            },
        ]
        return [offer for offer in offers if offer]

    def _offer_backflush_covered(self):
        """Report what stock covers, on one order that can be reported on.

        :return: offer; None where stock covers nothing, or all
        """
        if len(self) != 1 or self._get_backflush_dialog_problems():
            return None
        preview = self._make_backflush_preview({self: self._get_backflush_remaining()})
        most = self._floor_backflush_covered(preview.get_max_quantity())
        unit = self.product_uom_id
        if unit.is_zero(most) or unit.compare(most, preview.get_remaining()) >= 0:
            return None
        action = self.action_backflush_report()
        action["context"].update(default_quantity=most, default_quantity_entered=True)
        return {
            "label": self.env._(
                "Report What Stock Covers (%(quantity)s)",
                quantity=format_whole(self.env, most),
            ),
            "action": action,
        }

    def _floor_backflush_covered(self, quantity):
        """What stock covers, in whole products where whole ones are ordered.

        :param quantity: in the order's unit
        """
        piece = self.env.ref("uom.product_uom_unit", raise_if_not_found=False)
        unit = self.product_uom_id
        is_whole = float(self.product_qty).is_integer()
        if not (piece and is_whole and unit._has_common_reference(piece)):
            return quantity
        return float_round(quantity, precision_rounding=1.0, rounding_method="DOWN")

    def _offer_backflush_receipts(self, products):
        """Receive components that are on their way.

        :return: offer; None where none is
        """
        moves = self.env["stock.move"].search(
            [
                ("product_id", "in", products.ids),
                ("picking_code", "=", "incoming"),
                ("state", "not in", ("draft", "done", "cancel")),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if not moves.picking_id:
            return None
        name = self.env._("Receipts")
        return {
            "label": self.env._("Receive"),
            "action": moves.picking_id._get_records_action(name=name),
        }

    def _check_backflush_dialog(self):
        messages = self._get_backflush_dialog_problems()
        if messages:
            raise UserError("\n".join(messages))

    def _get_backflush_dialog_problems(self):
        """What keeps these orders from being reported on in one dialog.

        :return: list of messages that name the orders
        """
        if not self:
            return [self.env._("Choose the orders to report on.")]
        over, stock, serial = self._split_backflush_dialog()
        problems = [
            (
                over,
                self.env._(
                    "These orders are done or cancelled, and nothing can be reported "
                    "on them: %(orders)s.",
                    orders=", ".join(over.mapped("name")),
                ),
            ),
            (
                stock,
                self.env._(
                    "These orders are not backflushed. Turn on Backflush on the order, "
                    "or produce them with Odoo's own buttons: %(orders)s.",
                    orders=", ".join(stock.mapped("name")),
                ),
            ),
            (
                serial and len(self) > 1,
                self.env._(
                    "The products of these orders have serial numbers. Report them one "
                    "by one: %(orders)s.",
                    orders=", ".join(serial.mapped("name")),
                ),
            ),
            (
                len(self.company_id) > 1,
                self.env._(
                    "These orders belong to several companies. Report those of each "
                    "company by themselves: %(companies)s.",
                    companies=", ".join(self.company_id.mapped("name")),
                ),
            ),
        ]
        return [message for applies, message in problems if applies]

    def _split_backflush_dialog(self):
        """The orders that are over, not backflushed, or of serial-numbered goods."""
        over = self.filtered(lambda order: order.state in ("done", "cancel"))
        stock = (self - over).filtered(lambda order: not order.backflush)
        serial = (self - over - stock).filtered(
            lambda order: order.product_tracking == "serial"
        )
        return over, stock, serial

    def _get_backflush_dialog_quantity(self):
        """What the dialog proposes: what a person has entered on the order, else the
        rest.
        """
        self.ensure_one()
        return self._get_backflush_reported(default_all=True)[self]
