from odoo import models

from ..refusal import refuse


# Odoo's own methods that we extend stand in a file of their own.
# pylint: disable=consider-merging-classes-inherited
class StockMove(models.Model):
    """What a report from outside says of a component, and is answered about it."""

    _inherit = "stock.move"

    def _get_backflush_result(self):
        """What a posting consumed of this component, in plain values."""
        self.ensure_one()
        consumed = self.quantity if self.state == "done" else 0.0
        return {
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "uom": self.product_uom.name,
            "expected": self.backflush_expected_qty,
            "consumed": consumed,
            "variance": self.backflush_variance_qty,
            "deferred": 0.0,
            "location": self.location_id.display_name,
            "lots": [
                {
                    "lot_id": line.lot_id.id,
                    "name": line.lot_id.name,
                    "quantity": line.product_uom_id._compute_quantity(
                        line.quantity, self.product_uom
                    ),
                }
                for line in self.move_line_ids.filtered("lot_id")
            ],
        }

    def _find_backflush_lots(self, entry):
        """Find the lots that a report names for this component.

        :param entry: :class:`~odoo.addons.backflush_auto.report.ComponentEntry`
        :return: ``{stock.lot: quantity in the component's unit}``
        """
        self.ensure_one()
        if not entry.lots:
            return {}
        if self.has_tracking == "none":
            raise self._refuse_backflush_lots(
                self.env._("it is not tracked by lots or serial numbers")
            )
        names = [lot.name for lot in entry.lots]
        lots = self.env["stock.lot"].search(
            [
                ("product_id", "=", self.product_id.id),
                ("name", "in", names),
                ("company_id", "in", [self.company_id.id, False]),
            ]
        )
        missing = sorted(set(names) - set(lots.mapped("name")))
        if missing or len(set(names)) < len(names):
            raise self._refuse_backflush_lots(
                self.env._("there is no lot %(names)s", names=", ".join(missing))
                if missing
                else self.env._("a lot is named twice")
            )
        by_name = lots.grouped("name")
        found = {
            by_name[lot.name]: lot.quantity or self._get_backflush_lot_default(entry)
            for lot in entry.lots
        }
        if entry.quantity is not None and self.product_uom.compare(
            sum(found.values()), entry.quantity
        ):
            raise self._refuse_backflush_lots(
                self.env._("the lots do not add up to the quantity")
            )
        return found

    def _get_backflush_lot_default(self, entry):
        """The quantity of a lot of which the report says none."""
        if self.has_tracking == "serial":
            return self.product_id.uom_id._compute_quantity(1.0, self.product_uom)
        if len(entry.lots) == 1 and entry.quantity:
            return entry.quantity
        raise self._refuse_backflush_lots(self.env._("a lot has no quantity"))

    def _refuse_backflush_lots(self, reason):
        return refuse(
            self.env._(
                "lots: %(product)s: %(reason)s.",
                product=self.product_id.display_name,
                reason=reason,
            ),
            "lot",
            field="lots",
        )

    def _enter_backflush(self, entry):
        """Enter what a report says that this component consumed.

        :param entry: :class:`~odoo.addons.backflush_auto.report.ComponentEntry`
        """
        self.ensure_one()
        lots = self._find_backflush_lots(entry)
        self.move_line_ids.unlink()
        if lots:
            self.env["stock.move.line"].create(
                [
                    vals
                    for lot, part in lots.items()
                    for vals in self._prepare_backflush_lot_vals(lot, part)
                ]
            )
        else:
            self.quantity = entry.quantity
        self._record_backflush_entry()

    def _prepare_backflush_lot_vals(self, lot, quantity):
        """Values of the lines that take a quantity of a lot from where it lies.

        :param quantity: in the component's unit
        """
        wanted = self._get_backflush_product_qty(quantity)
        found = self.env["stock.quant"]._get_reserve_quantity(
            self.product_id, self.location_id, wanted, lot_id=lot
        )
        for quant, part in found:
            if quant.lot_id:
                wanted -= part
                yield self._prepare_move_line_vals(quantity=part, reserved_quant=quant)
        if self.product_id.uom_id.compare(wanted, 0) > 0:
            # It is not there: the posting says so, as for any other shortage.
            yield dict(self._prepare_move_line_vals(quantity=wanted), lot_id=lot.id)
