from collections import defaultdict

from odoo import models

from ...context import with_private
from ...errors import refuse
from ...posting.offers import is_reservation_extended
from ...reporting.payload import check_quantity
from ...texts import format_quantity


class StockMove(models.Model):
    """What a report from outside says of a component, and is answered about it."""

    _inherit = "stock.move"

    def _get_backflush_results(self):
        """What a posting consumed of these components, in plain values.

        What was taken of one, and what is owed of it, are told together.
        """
        results, known = [], {}
        for move in self._sort_backflush():
            result = move._get_backflush_result()
            origin = (move.origin_returned_move_id or move)._get_backflush_origin()
            is_debt = move.backflush_deferred or move.backflush_undeferred_qty
            if is_debt and origin in known:
                first, total = known[origin]
                move._add_backflush_result(total, result, first.product_uom)
                continue
            results.append(result)
            known[origin] = move, result
        return results

    def _add_backflush_result(self, total, result, unit):
        """Add what is owed of a component to what its answer says.

        :param total: changed in place, in the given unit
        :param result: of this move, in its own unit
        """
        for name in ("expected", "consumed", "variance", "deferred"):
            quantity = self.product_uom._compute_quantity(
                result[name], unit, round=False
            )
            total[name] = unit.round(total[name] + quantity)
        total["lots"] += result["lots"]

    def _get_backflush_result(self):
        """What a posting consumed of this component, in plain values.

        Of what a correction brought back, the quantities are negative.
        """
        self.ensure_one()
        is_back = self._is_backflush_return()
        place = self.location_dest_id if is_back else self.location_id
        return {
            "product_id": self.product_id.id,
            "product": self.product_id.display_name,
            "uom": self.product_uom.name,
            "expected": self.backflush_expected_qty,
            "consumed": self._get_backflush_consumed(),
            "variance": self.backflush_variance_qty,
            "deferred": self.backflush_deferred_qty,
            "location": place.display_name,
            "lots": [
                {
                    "lot_id": line.lot_id.id,
                    "name": line.lot_id.name,
                    "quantity": line.product_uom_id._compute_quantity(
                        line.quantity, self.product_uom
                    )
                    * (-1 if is_back else 1),
                }
                for line in self.move_line_ids.filtered("lot_id")
            ],
        }

    def _get_backflush_consumed(self):
        """What has left for this component, in its unit; negative what came back."""
        self.ensure_one()
        is_done = self.state == "done"
        quantity = self.quantity if is_done else self.backflush_issued_qty
        return -quantity if self._is_backflush_return() else quantity

    # --- What is entered ---

    def _enter_backflush(self, entries):
        """Enter what a report says that this component consumed.

        :param entries: list of
            :class:`.ComponentEntry`; they add up, lot
            by lot
        :return: quantity in the component's unit
        """
        self.ensure_one()
        lots = self._add_up_backflush_lots(entries)
        quantity = self._add_up_backflush_quantity(entries, lots)
        self._check_backflush_precision(lots.values() if lots else [quantity])
        reserved = [
            line._prepare_backflush_rest_vals(0.0) for line in self.move_line_ids
        ]
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
            self.quantity = quantity
            # Odoo has chosen the lots of a quantity that came without.
            with_private(
                self.move_line_ids.filtered("lot_id"), record=True
            ).backflush_lot_source = "assumed"
        self._record_backflush_entry()
        self._keep_backflush_reserved(filter(None, reserved), quantity)
        return quantity

    def _keep_backflush_reserved(self, reserved, entered):
        """Reserve again what exceeds an entry: it is for what remains of the order.

        :param reserved: values of the lines that reserved something before
        :param entered: quantity in the component's unit
        """
        unit = self.product_id.uom_id
        reserved = list(reserved)
        if reserved and not entered:
            # Only being picked distinguishes an entry of zero from no entry.
            nothing = dict(reserved[0], quantity=0.0, picked=True, move_id=self.id)
            self.move_line_ids.create(nothing)
        left = sum(vals["quantity"] for vals in reserved)
        left -= self._get_backflush_product_qty(entered)
        # The entry was taken from the first lines, so restore from the last.
        for vals in reversed(reserved):
            free = self.env["stock.quant"]._get_available_quantity(
                self.product_id,
                self.env["stock.location"].browse(vals["location_id"]),
                lot_id=self.env["stock.lot"].browse(vals["lot_id"] or ()),
                package_id=self.env["stock.package"].browse(vals["package_id"] or ()),
                owner_id=self.env["res.partner"].browse(vals["owner_id"] or ()),
                strict=True,
            )
            quantity = unit.round(min(vals["quantity"], free, left))
            if unit.compare(quantity, 0.0) > 0:
                left -= quantity
                line = dict(vals, quantity=quantity, move_id=self.id)
                self.move_line_ids._create_backflush_reserved([line])

    def _add_up_backflush_quantity(self, entries, lots):
        """The quantity that several entries of a component mean together.

        :param lots: of the entries, ``{stock.lot: quantity}``
        :return: quantity in the component's unit
        :raises UserError: where one of them names lots and another a quantity only:
            nobody knows whether it comes on top
        """
        if lots:
            if any(entry.quantity and not entry.lots for entry in entries):
                raise self._get_backflush_lots_problem(
                    self.env._(
                        "one entry names lots and another a quantity without lots, so "
                        "that they cannot be added up"
                    )
                )
            return sum(lots.values())
        quantity = sum(entry.quantity or 0.0 for entry in entries)
        check_quantity(self.env, quantity, self.product_uom)
        if self.has_tracking == "serial":
            self._check_backflush_whole(quantity)
        return self.product_uom.round(quantity)

    def _add_up_backflush_lots(self, entries):
        """Find the lots that a report names for this component.

        :return: ``{stock.lot: quantity in the component's unit}``
        """
        names = [lot.name for entry in entries for lot in entry.lots]
        if not names:
            return {}
        self._check_backflush_lot_names(entries, names)
        by_name = self._search_backflush_lots(names)
        found = defaultdict(float)
        for entry in entries:
            for name, quantity in self._read_backflush_lots(entry).items():
                found[by_name[name]] += quantity
        return found

    def _check_backflush_lot_names(self, entries, names):
        if self.has_tracking == "none":
            raise self._get_backflush_lots_problem(
                self.env._("it is not tracked by lots or serial numbers")
            )
        # A serial number is one piece, and cannot be added to itself.
        groups = [names]
        if self.has_tracking == "lot":
            groups = [[lot.name for lot in entry.lots] for entry in entries]
        if any(len(set(group)) < len(group) for group in groups):
            raise self._get_backflush_lots_problem(self.env._("a lot is named twice"))

    def _search_backflush_lots(self, names):
        """Find lots of this component by their names.

        :return: ``{name: stock.lot}``
        """
        lots = self.product_id._find_backflush_lots(names, self.company_id)
        missing = sorted(set(names) - set(lots.mapped("name")))
        if missing:
            raise self._get_backflush_lots_problem(
                self.env._("there is no lot %(names)s", names=", ".join(missing))
            )
        return {lot.name: lot for lot in lots}

    def _read_backflush_lots(self, entry):
        """What one entry says of each of its lots.

        :return: ``{name: quantity in the component's unit}``
        """
        found = {
            lot.name: lot.quantity or self._get_backflush_lot_default(entry)
            for lot in entry.lots
        }
        self._check_backflush_serial_quantities(found.values())
        if entry.lots and entry.quantity is not None:
            if self.product_uom.compare(sum(found.values()), entry.quantity):
                raise self._get_backflush_lots_problem(
                    self.env._("the lots do not add up to the quantity")
                )
        return found

    def _check_backflush_serial_quantities(self, quantities):
        for quantity in quantities if self.has_tracking == "serial" else ():
            pieces = self._get_backflush_product_qty(quantity)
            if self.product_id.uom_id.compare(pieces, 1.0):
                raise self._get_backflush_lots_problem(
                    self.env._(
                        "a serial number is one piece, not %(quantity)s %(unit)s",
                        quantity=format_quantity(self.env, quantity),
                        unit=self.product_uom.name,
                    )
                )

    def _check_backflush_whole(self, quantity):
        pieces = self._get_backflush_product_qty(quantity)
        if self.product_id.uom_id.compare(pieces, round(pieces)):
            raise refuse(
                self.env._(
                    "quantity: %(quantity)s %(unit)s of %(product)s: it has serial "
                    "numbers and is consumed in whole pieces.",
                    quantity=format_quantity(self.env, quantity),
                    unit=self.product_uom.name,
                    product=self.product_id.display_name,
                ),
                field="quantity",
            )

    def _get_backflush_lot_default(self, entry):
        """The quantity of a lot of which the report says none."""
        if self.has_tracking == "serial":
            return self.product_id.uom_id._compute_quantity(1.0, self.product_uom)
        if len(entry.lots) == 1 and entry.quantity:
            return entry.quantity
        raise self._get_backflush_lots_problem(self.env._("a lot has no quantity"))

    def _get_backflush_lots_problem(self, reason):
        """The error that refuses the lots named for this component."""
        return self.product_id._get_backflush_lots_problem("lots", reason)

    def _prepare_backflush_lot_vals(self, lot, quantity):
        """Values of the lines that take a quantity of a lot from where it lies.

        :param quantity: in the component's unit
        """
        wanted = self._get_backflush_product_qty(quantity)
        for quant, part in self._find_backflush_lot(lot, wanted):
            if quant.lot_id:
                wanted -= part
                yield self._prepare_move_line_vals(quantity=part, reserved_quant=quant)
        if self.product_id.uom_id.compare(wanted, 0) > 0:
            # The rest is not in stock: the posting reports it like any other shortage.
            yield dict(self._prepare_move_line_vals(quantity=wanted), lot_id=lot.id)

    def _find_backflush_lot(self, lot, wanted):
        """Where a lot lies that this component may take.

        :param wanted: in the product's unit
        :return: list of ``(stock.quant, quantity)``
        """
        quants = self.env["stock.quant"]
        if not is_reservation_extended(self.env):
            return quants._get_reserve_quantity(
                self.product_id, self.location_id, wanted, lot_id=lot
            )
        offers = self._get_backflush_offers()
        places = [place for place in offers if place.lot_id == lot.id]
        found = []
        for key, (place, free) in quants._get_backflush_claimed(places).items():
            part = min(wanted, offers.pop(place, 0.0), free)
            if part > 0:
                found.append((quants.sudo().browse(key), part))
                wanted -= part
        return found
