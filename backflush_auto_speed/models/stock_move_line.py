from odoo import api, models

from odoo.addons.backflush_auto.context import get_private

from ..companies import find_mixed_companies
from ..pending_quants import PendingQuants, find_pending, write_pending
from ..switches import is_switched_off

# What these addons do on write does not concern the links to consumed lines.
WRITERS = ("stock", "mrp", "stock_account", "mrp_subcontracting", "web")


class StockMoveLine(models.Model):
    """The lines of a posting change each quant once, see ``pending_quants``.

    Stock Odoo takes 4 queries for each line, and writes the quant that many lines share
    for every one of them.
    """

    _name = "stock.move.line"
    _inherit = ["stock.move.line", "mrp.backflush.written"]

    def _action_done(self, *args, **kwargs):
        # Write pending quants first, so that no other move reads outdated stock.
        write_pending(self.env.cr)
        if not self._is_backflush_plain():
            return super()._action_done(*args, **kwargs)
        with PendingQuants(self):
            return super()._action_done(*args, **kwargs)

    def _synchronize_quant(
        self, quantity, location, action="available", in_date=False, **quants_value
    ):
        is_reservation = action == "reserved"
        if is_reservation and self.id in get_private(self.env, "unreserved", ()):
            return 0, in_date
        pending = find_pending(self)
        if not pending:
            return super()._synchronize_quant(
                quantity, location, action=action, in_date=in_date, **quants_value
            )
        if is_reservation:
            bypassed = self.move_id._should_bypass_reservation(location)
        else:
            bypassed = location.should_bypass_reservation()
        # Looked up last: the calls above may have written it.
        entry = self._find_backflush_pending(pending, location, quants_value)
        if not entry:
            res = super()._synchronize_quant(
                quantity, location, action=action, in_date=in_date, **quants_value
            )
        elif not self.product_id.is_storable or self.product_uom_id.is_zero(quantity):
            res = 0, False
        elif is_reservation:
            entry.reserved += 0 if bypassed else quantity
            res = 0, in_date
        else:
            res = entry.move(quantity, in_date, bypassed)
        if not is_reservation and quantity > 0:
            pending.leave(self)  # what a line brings is the last that Odoo does with it
        return res

    def write(self, vals):
        if self._keep_backflush_links(vals):
            return True
        return super().write(vals)

    def _keep_backflush_links(self, vals):
        """Put off what the finished goods of an order were made of.

        Odoo writes it for each order; :meth:`_write_backflush_links` does for all. It
        is written without ``write``, so that this is for nobody who extends that.
        """
        links = get_private(self.env, "consume_links")
        if links is None or set(vals) != {"consume_line_ids"}:
            return False
        way = "Linking finished goods to what they were made of"
        if is_switched_off(way, (self, "write", *WRITERS)):
            return False
        if not all(line.move_id.production_id.backflush for line in self):
            return False
        links.append((self._filter_backflush_untraced(), vals["consume_line_ids"]))
        return True

    @api.model
    def _write_backflush_links(self, links):
        """Write what was put off: two queries less for each order.

        :param links: list of ``(lines, commands)``, emptied here
        """
        if links:
            self._fields["consume_line_ids"].write_batch(links)
            links.clear()

    @api.model
    def _create_backflush_reserved(self, vals_list):
        """Take the quants from the cache: reserving a line searches its quant twice."""
        lots = [vals["lot_id"] for vals in vals_list if vals.get("lot_id")]
        quants_cache = self.env["stock.quant"]._get_quants_by_products_locations(
            self.env["product.product"].browse({v["product_id"] for v in vals_list}),
            self.env["stock.location"].browse({v["location_id"] for v in vals_list}),
            extra_domain=["|", ("lot_id", "in", lots), ("lot_id", "=", False)],
        )
        lines = self.with_context(quants_cache=quants_cache)
        lines = super(StockMoveLine, lines)._create_backflush_reserved(vals_list)
        return lines.with_env(self.env)

    def _check_company(self, *args, **kwargs):
        backflushed = self.filtered(lambda line: line.move_id._filter_backflush_all())
        if backflushed and is_switched_off(
            "Comparing the companies of many lines", (self, "_check_company")
        ):
            backflushed = self.browse()
        lines = self - backflushed + find_mixed_companies(backflushed, *args, **kwargs)
        return super(StockMoveLine, lines)._check_company(*args, **kwargs)

    def _is_backflush_plain(self):
        """Whether postings or corrections move all of these, and none has a package."""
        return (
            self.move_id == self.move_id._filter_backflush_moved()
            and not self.package_id
            and not self.result_package_id
            and not self._is_backflush_sync_overridden()
        )

    def _is_backflush_sync_overridden(self):
        """Whether another addon has a say in how a single line moves its quants."""
        quants = self.env["stock.quant"]
        return is_switched_off(
            "Moving the stock of many lines",
            (self, "_synchronize_quant", "stock"),
            (self, "_free_reservation", "stock"),
            (quants, "_gather", "stock"),
            (quants, "_update_reserved_quantity", "stock"),
        )

    def _get_backflush_quant_place(self, location):
        """What tells the quant of this line at a location from another."""
        self.ensure_one()
        return self.product_id, location, self.lot_id, self.package_id, self.owner_id

    def _find_backflush_pending(self, pending, location, quants_value):
        """The pending quant that this line changes; None where there is none."""
        quants_by_place = self.env.context.get("quants_cache")
        if quants_by_place is None:
            return None
        place = self._get_backflush_quant_place(location)
        own = dict(zip(("lot", "package", "owner"), place[2:], strict=True))
        if own | quants_value != own:
            return None
        return pending.find(place, quants_by_place)
